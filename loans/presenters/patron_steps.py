"""The steps that are a reader's to take, in the words of a reader: buttons, what follows, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from loans import texts
from loans.choices import FlagKind, LoanCondition, RequestStatus
from loans.models import Request, SupplyAttempt
from loans.services.addressing import ends_seen
from loans.workflow.describe import allowed_steps
from loans.workflow.vocabulary import Form, Side, Step
from members.presenters_policies import money
from network_portal.core.actor import Actor

# Steps with a way of their own: cancelling asks first, a copy opens by its link.
ELSEWHERE = ("cancel", "download")
WITH_THE_READER = ("renew_ask", "report_lost")  # only who holds the book can want these
ON_THE_PAGE = ("report_lost", "cancel_ask")  # rarely wanted: not on the list of requests
# What librarians call otherwise.
LABELS: dict[str, Any] = {
    "renew_ask": _("Keep it longer"), "report_lost": _("I have lost it"), "cancel_ask": _("Cancel request"),
    "fix": _("Answer your library"),
}  # fmt: skip
# What happens then, where the step itself does not say it.
FOLLOWS: dict[str, Any] = {
    "renew_ask": _("%(supplier)s is asked. Until you hear, the book is due on %(due)s."),
    "report_lost": _(
        "Your library and the one that lent it are told. It may ask for what the book is worth."
    ),
    "approve_cost": _("The request then goes on. The price cannot grow afterwards."),
    "accept_condition_cost": _("%(supplier)s then gets it ready. The price cannot grow afterwards."),
}
# What is open beside the state; the first that fits is told.
BESIDE: dict[str, Any] = {
    FlagKind.LOST: _("You reported it lost. Your library tells you what comes next."),
    FlagKind.CANCEL_ASKED: _("You asked to cancel it; %(supplier)s has not answered yet."),
    FlagKind.RECALLED: _("%(supplier)s asks for it back by %(due)s."),
    FlagKind.COST_ASKED: _("Your answer about the price is waited for."),
    FlagKind.RENEW_ASKED: _("You asked to keep it longer; %(supplier)s has not answered yet."),
}
MONEY = ("approve_cost", "decline_cost", "accept_condition_cost", "decline_condition_cost")


@dataclass(frozen=True)
class PatronStep:
    """A button of the reader's page."""

    action: str
    label: str
    url: str
    danger: bool = False


def is_readers(step: Step) -> bool:
    """A step that a reader may take: nothing to fill in than "yes", a few words, or the description put right."""
    simple = step.form in (Form.NONE, Form.CONFIRM, Form.NOTE) or step.action == "fix"
    return Side.PATRON in step.sides and simple


def readers_steps(request: Request, attempt: SupplyAttempt | None, actor: Actor) -> list[Step]:
    """As the reader, also where whoever reads is a librarian of the own library: their own steps stand elsewhere."""
    steps = allowed_steps(request, attempt, actor)
    has_it = request.status == RequestStatus.LENT
    return [step for step in steps if is_readers(step) and (has_it or step.action not in WITH_THE_READER)]


def buttons(request: Request, steps: list[Step], *, card: bool = False) -> tuple[PatronStep, ...]:
    """For the request's page; with `card`, what stands on the list of requests."""
    left_out = ELSEWHERE + ON_THE_PAGE if card else ELSEWHERE
    return tuple(
        PatronStep(
            step.action, label_of(step), reverse("loans:my_request_step", args=[request.number, step.action]),
            step.danger or step.action == "report_lost",
        )
        for step in steps if step.action not in left_out
    )  # fmt: skip


def open_kinds(request: Request) -> set[str]:
    """Of the flags that selectors.requests_of_patron brought along."""
    return {flag.kind for flag in getattr(request, "open_flags", ())}


def flag_sentence(request: Request, told: dict[str, str]) -> str:
    kinds = open_kinds(request)
    sentence = next((words for kind, words in BESIDE.items() if kind in kinds), "")
    return texts.fill(sentence, told) if sentence else ""


def label_of(step: Step) -> str:
    return str(LABELS.get(step.action, step.label))


def follows(step: Step, request: Request, attempt: SupplyAttempt | None) -> str:
    """What happens when the reader says yes."""
    sentence = FOLLOWS.get(step.action) or step.confirm
    ends = ends_seen(request, attempt, request.requesting_library_id)
    return texts.fill(sentence, texts.values(request, attempt, ends=ends)) if sentence else ""


def cost_facts(request: Request, attempt: SupplyAttempt | None) -> list[tuple[str, Any]]:
    """What it costs and on what terms: the supplier's conditions while they are weighed, else the library's quote."""
    if request.status == RequestStatus.CONDITIONAL and attempt is not None:
        terms = ", ".join(_condition(code) for code in attempt.conditions)
        return [
            (
                _t("Lending library"),
                ends_seen(request, attempt, request.requesting_library_id).name_of(attempt.supplier),
            ),
            *_price(attempt.condition_amount, attempt.condition_currency),
            (_t("On the condition"), terms),
        ]
    return _price(request.quoted_amount, request.currency)


def _price(amount: Any, currency: str) -> list[tuple[str, Any]]:
    return [(_t("It costs"), money(amount, currency))] if amount is not None else []


def _condition(code: str) -> str:
    return str(LoanCondition(code).label) if code in LoanCondition.values else code
