"""Rows of the page of what is late: what waits, with whom, since when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from loans.choices import FlagKind
from loans.models import Request, SupplyAttempt
from loans.selectors.stuck import due_flags
from loans.services.addressing import Ends, Home, ends_seen, homes_of
from loans.workflow.rights import may
from loans.workflow.states import attempt_state_of, state_of
from loans.workflow.steps import STEP_BY
from loans.workflow.vocabulary import Step
from network_portal.core.actor import Actor
from network_portal.core.lists import moment
from network_portal.core.portions import in_portions

# What answers a question that is open beside the state, and what the other side can do about a silence.
ANSWERS = {
    "renew_asked": ("renew_yes",), "cancel_asked": ("cancel_yes",), "cost_asked": ("reject_conditions",),
    "lost": ("claim_cost", "found"), "damaged": ("settle_cost",), "cost_disputed": ("settle_cost",),
}  # fmt: skip
OTHERWISE = ("pass_on", "not_arrived", "next_supplier", "withdraw", "report_lost")
# In the order of the tabs.
SIDES = ("requesting", "supplying", "patron", "coordinator", "portal")


@dataclass(frozen=True)
class StuckRow:
    number: str
    url: str
    title: str
    asker: str  # the reader's library
    owner: str
    since: datetime
    deadline: datetime | None
    why: str
    tone: str
    told: bool  # has whoever must act been written to
    action: str  # what unblocks it, where the reader of the page may do that
    action_url: str
    mail: str  # of the library that has to act, where only a word helps


def stuck_rows(requests: Iterable[Request], actor: Actor) -> list[StuckRow]:
    """The reader's name is in none of them: the page is for both sides and the coordinator."""
    shown = list(requests)
    home = homes_of(shown, (part for row in shown for part in getattr(row, "all_attempts", ())))
    flags = due_flags([request.pk for request in shown])
    rows = []
    for request in shown:
        flag = flags.get(request.pk, "")
        step, ends = unblocking(request, flag, actor), _ends(request, actor, home)
        row = StuckRow(
            number=request.number,
            url=reverse("loans:request", args=[request.number]),
            title=request.title,
            asker=ends.borrower.name,
            owner=owner_name(request, ends),
            since=request.waiting_since,
            deadline=request.deadline_at,
            why=_why(request, flag),
            tone=state_of(request.status).tone,
            told=request.stuck_since is not None,
            action=str(step.label) if step else "",
            action_url=reverse("loans:request_action", args=[request.number, step.action]) if step else "",
            mail=_mail(request, actor, ends),
        )
        rows.append(row)
    return rows


def stuck_header() -> list[str]:
    return [
        _("Waits for"), _("Number"), _("Title"), _("Borrowing library"), _("With whom"), _("Waits since"),
        _("Deadline"), _("Reminded"),
    ]  # fmt: skip


def stuck_cells(requests: QuerySet[Request], actor: Actor) -> Iterator[list[object]]:
    """The page's rows as a file, in portions."""
    for portion in in_portions(requests):
        for row in stuck_rows(portion, actor):
            told = _("yes") if row.told else _("no")
            yield [
                row.why, row.number, row.title, row.asker, row.owner, moment(row.since), moment(row.deadline), told
            ]  # fmt: skip


def unblocking(request: Request, flag: str, actor: Actor) -> Step | None:
    """The first step that the actor may take to get it moving; None where only a word to the owner helps."""
    attempts: list[SupplyAttempt] = getattr(request, "all_attempts", [])
    attempt = next((one for one in reversed(attempts) if one.is_live), None)
    state = state_of(request.status)
    wanted = [*ANSWERS.get(flag, ()), state.primary_action]
    if attempt is not None:
        wanted.append(attempt_state_of(attempt.status).primary_action)
    for action in (*wanted, *OTHERWISE):
        step = STEP_BY.get((request.status, action, request.service))
        fits = step is not None and (
            not step.attempt_in or attempt is None or attempt.status in step.attempt_in
        )
        if step is not None and fits and may(step, request, attempt, actor):
            return step
    return None


def _ends(request: Request, actor: Actor, home: Home) -> Ends:
    attempts: list[SupplyAttempt] = getattr(request, "all_attempts", [])
    live = next((one for one in reversed(attempts) if one.is_live), None)
    return ends_seen(request, live, actor.library_id, home)


def owner_name(request: Request, ends: Ends) -> str:
    """With whom it is, in words."""
    if request.owner_side == "patron":
        return _("the reader of %(library)s") % {"library": ends.borrower.name}
    if request.owner_library is None:
        return _("the portal")
    if request.owner_side == "coordinator":
        return _("the coordinator at %(library)s") % {"library": request.owner_library.name}
    return ends.name_of(request.owner_library)


def side_labels() -> dict[str, str]:
    return {
        "requesting": _("Borrowing library"),
        "supplying": _("Lending library"),
        "patron": _("Reader"),
        "coordinator": _("Coordinator"),
        "portal": _("Portal"),
    }


def _mail(request: Request, actor: Actor, ends: Ends) -> str:
    """Where to write to; readers are written to by their own library, and a hidden end by its coordinator."""
    library = request.owner_library
    foreign = library is not None and library.pk not in (actor.library_id, ends.hides)
    return library.email if library is not None and foreign else ""


def _why(request: Request, flag: str) -> str:
    state = state_of(request.status).label
    return f"{state} – {FlagKind(flag).label}" if flag else state
