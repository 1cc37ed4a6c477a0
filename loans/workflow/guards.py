"""The rules that may forbid a step: forms filled in, flags, dates, rounds. Each raises RuleViolation with its code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import FlagKind, Service
from loans.netsettings import RECALL_DAYS
from loans.workflow import hooks
from loans.workflow.effects import DESCRIBED, PART, claims_of
from loans.workflow.renewing import renew_decide
from loans.workflow.taking import Taking
from loans.workflow.vocabulary import Form
from members.models import LibraryPolicy
from network_portal.core.errors import RuleViolation

# After so many rounds without success a librarian has to close the request, so that every request ends.
MAX_ROUNDS = 5


def guard(taking: Taking) -> None:
    """Raise RuleViolation when the form is incomplete or a rule forbids the step."""
    if not hooks.is_ready(taking.step):
        raise RuleViolation("not_ready", _("This cannot be done here yet."))
    for look in hooks.BEFORE:
        look(taking)
    _form(taking)
    _flags(taking)
    if taking.step.guard:
        hooks.GUARDS[taking.step.guard](taking)


def _form(taking: Taking) -> None:
    form, step = taking.step.form, taking.step
    if form is Form.REASON and step.reasons is not None:
        if taking.reason not in step.reasons.values:
            raise RuleViolation("reason_missing", _("Please choose a reason."))
        if taking.reason == "other" and not taking.note:
            raise RuleViolation("note_missing", _("Please write the reason in a few words."))
    if form in (Form.SHIP, Form.DUE):
        if taking.actor.is_system and form is Form.DUE:
            return
        due_on = taking.params.get("due_on")
        if not isinstance(due_on, date) or due_on <= timezone.localdate():
            raise RuleViolation("due_date_missing", _("Please give a due date that lies ahead."))
    if form is Form.NOTE and not taking.note:
        raise RuleViolation("note_missing", _("Please write the reason in a few words."))
    if form is Form.AMOUNT and (taking.params.get("amount") is None or taking.params["amount"] < 0):
        raise RuleViolation("amount_missing", _("Please give the amount."))
    if form is Form.CONDITIONS and not (taking.params.get("conditions") or taking.params.get("amount")):
        raise RuleViolation("conditions_missing", _("Please name at least one condition."))


def _flags(taking: Taking) -> None:
    step, opened = taking.step, {flag.kind for flag in taking.flags}
    if step.needs and not opened & {str(kind.value) for kind in step.needs}:
        raise RuleViolation("flag_missing", _("This is no longer open. Nothing was changed."))
    for kind in step.unless:
        if kind.value not in opened:
            continue
        if kind is FlagKind.CANCEL_ASKED and step.action != "cancel_ask":
            raise RuleViolation(
                "cancel_asked",
                _("The other side has asked to cancel. Please answer that first: yes, or too late."),
            )
        if kind is FlagKind.DAMAGED:
            raise RuleViolation(
                "damage_open", _("Damage is still to be settled. Please settle the cost first.")
            )
        raise RuleViolation(
            f"{kind.value}_open",
            _("This cannot be done while this is open: %(flag)s.") % {"flag": kind.label},
        )


def _rounds(taking: Taking) -> None:
    if taking.request.round >= MAX_ROUNDS:
        raise RuleViolation(
            "too_many_rounds",
            _("All libraries were asked %(count)s times already. Please close the request.")
            % {"count": MAX_ROUNDS},
        )


def _changed(taking: Taking) -> None:
    """Asking again without a change would bring the same answer."""
    _rounds(taking)
    request = taking.request
    for name in (*DESCRIBED, *PART):
        typed = str(taking.params.get(name) or "").strip()
        known = request.part.get(name) if name in PART else request.citation.get(name)
        known = request.title if name == "title" else known
        known = ", ".join(known) if isinstance(known, list) else known
        if typed and typed != str(known or ""):
            return
    raise RuleViolation("nothing_changed", _("Please change something first, or ask the next library."))


def _convertible(taking: Taking) -> None:
    if taking.request.converted_from:
        raise RuleViolation("converted_before", _("Loan and copy were exchanged once already."))
    if taking.request.service == Service.COPY and taking.request.edition_id is None:
        raise RuleViolation("no_record", _("A loan needs a title of the catalogue."))


def _costs(taking: Taking) -> None:
    if not taking.supplier.condition_amount:
        raise RuleViolation("costs_nothing", _("The library does not ask for money."))


def _today(taking: Taking) -> date:
    return timezone.localdate(timezone=ZoneInfo(taking.request.requesting_library.time_zone))


def _not_shorter(taking: Taking) -> None:
    due = taking.supplier.due_on
    if taking.request.status == "lent" and due is not None and taking.params["due_on"] < due:
        raise RuleViolation(
            "shorter", _("The reader has the book until then. To get it sooner, ask for it back.")
        )


def _later(taking: Taking) -> None:
    due = taking.supplier.due_on
    if due is not None and taking.params["due_on"] <= due:
        raise RuleViolation("not_later", _("Please give a later day than the present one."))


def _recall(taking: Taking) -> None:
    policy = LibraryPolicy.objects.filter(library=taking.supplier.supplier, service=Service.LOAN).first()
    least = _today(taking) + timedelta(days=policy.recall_min_days if policy else RECALL_DAYS.now())
    due, wanted = taking.supplier.due_on, taking.params["due_on"]
    if due is not None and wanted > due:
        raise RuleViolation("recall_longer", _("Asking for it back cannot make the loan longer."))
    if wanted < min(least, due or least):
        raise RuleViolation(
            "recall_too_soon", _("Please leave the reader time until %(day)s.") % {"day": least.isoformat()}
        )


def _renewable(taking: Taking) -> None:
    answer = renew_decide(taking.supplier, taking.request)
    if not answer.allowed:
        raise RuleViolation(answer.code, answer.why)


def _renewable_by_rule(taking: Taking) -> None:
    answer = renew_decide(taking.supplier, taking.request)
    if not answer.allowed or not answer.by_rule:
        raise RuleViolation(answer.code or "asked_of_library", answer.why)
    taking.params["due_on"] = answer.new_due


def _overdue(taking: Taking) -> None:
    due, today = taking.request.due_on, taking.params.get("today") or _today(taking)
    if due is None or due >= today:
        raise RuleViolation("not_overdue", _("The day has not passed yet."))


def _one_claim(taking: Taking) -> None:
    if claims_of(taking.request).exists():
        raise RuleViolation("claimed_already", _("The cost has been asked for already."))


def _claimed(taking: Taking) -> None:
    if not claims_of(taking.request).exists():
        raise RuleViolation("nothing_claimed", _("No cost has been asked for."))


def _settled(taking: Taking) -> None:
    if claims_of(taking.request).exists():
        raise RuleViolation("not_settled", _("Please settle the cost first."))


GUARDS: dict[str, Callable[[Taking], None]] = {
    "rounds": _rounds, "changed": _changed, "convertible": _convertible, "costs": _costs,
    "not_shorter": _not_shorter, "later": _later, "recall": _recall, "renewable": _renewable,
    "renewable_by_rule": _renewable_by_rule, "overdue": _overdue, "one_claim": _one_claim, "claimed": _claimed,
    "settled": _settled,
}  # fmt: skip
