"""A request as its reader sees it: one plain sentence, what happens next, and the way as a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from loans import texts
from loans.choices import RequestStatus
from loans.models import Request, RequestEvent, SupplyAttempt
from loans.workflow.describe import allowed_steps
from loans.workflow.states import GOOD_PATH, STATES, state_of
from loans.workflow.steps import ACTIONS, SUBMIT_PATRON_NOTE
from loans.workflow.vocabulary import Side, State
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Knot:
    """One line of the timeline."""

    text: str
    state: str  # past, now, next
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class PatronView:
    request: Request
    state: State
    sentence: str
    following: str
    url: str
    cancel_url: str = ""
    timeline: tuple[Knot, ...] = ()
    supplier: str = ""

    @property
    def is_overdue(self) -> bool:
        """The reader has the book, and the day for bringing it back has passed."""
        due = self.request.due_on
        return self.request.status == RequestStatus.LENT and due is not None and due < timezone.localdate()

    @property
    def author(self) -> str:
        return str(self.request.citation.get("author", ""))

    @property
    def year(self) -> str:
        return str(self.request.citation.get("year") or "")


def patron_card(request: Request) -> PatronView:
    """One line of "my requests". The request comes from selectors.requests_of_patron."""
    state = state_of(request.status)
    attempt = _attempt(request)
    told = texts.values(request, attempt, reason=request.outcome_reason, note=request.outcome_note)
    return PatronView(
        request=request, state=state, sentence=texts.fill(state.patron, told),
        following=_following(request, state, told),
        url=reverse("loans:my_request", args=[request.number]), supplier=attempt.supplier.name if attempt else "",
    )  # fmt: skip


def _following(request: Request, state: State, told: dict[str, str]) -> str:
    """What happens next; when the deadline has passed, no promise is repeated that was not kept."""
    if not state.patron_next:
        return ""
    if request.deadline_at is None or request.deadline_at > timezone.now():
        return texts.fill(state.patron_next, told)
    late = state.patron_late or _("This takes longer than usual. You need not do anything.")
    return texts.fill(late, told)


def patron_page(request: Request, events: list[RequestEvent], actor: Actor) -> PatronView:
    """The whole page: the card, the timeline, and whether it can still be cancelled."""
    card = patron_card(request)
    steps = allowed_steps(request, _live(request), actor)
    can_cancel = any(step.action == "cancel" and step.side is Side.PATRON for step in steps)
    return PatronView(
        request=request, state=card.state, sentence=card.sentence, following=card.following, url=card.url,
        supplier=card.supplier, timeline=tuple(_timeline(request, events)),
        cancel_url=reverse("loans:my_request_cancel", args=[request.number]) if can_cancel else "",
    )  # fmt: skip


def patron_facts(request: Request) -> list[tuple[str, Any]]:
    """What was asked for, as label and value; empty values are left out by the page."""
    citation = request.citation
    return [
        (_("Author"), citation.get("author")),
        (_("Publisher"), ", ".join(str(v) for v in (citation.get("publisher"), citation.get("year")) if v)),
        (_("You collect it at"), f"{request.requesting_library.name}, {request.requesting_library.city}"),
        (_("Asked on"), texts.day(request.created_at, request.requesting_library.time_zone)),
        (_("Needed by"), texts.day(request.needed_by)),
        (_("Note for the librarian"), request.patron_note),
    ]


def _timeline(request: Request, events: list[RequestEvent]) -> list[Knot]:
    knots = [knot for event in events if (knot := _past(request, event))]
    if knots and request.is_open:
        last = knots.pop()
        knots.append(Knot(last.text, "now", last.at, last.note))
    told = texts.values(request, _attempt(request))
    return knots + [Knot(texts.fill(state.milestone, told), "next") for state in _milestones(request)]


def _past(request: Request, event: RequestEvent) -> Knot | None:
    sentence: Any = SUBMIT_PATRON_NOTE if event.action == "submit" else ACTIONS[event.action].patron_note
    if not sentence:
        return None
    told = texts.values(request, event.attempt, reason=event.data.get("reason", ""))
    note = event.data.get("note", "") if event.action in ("refuse", "withdraw", "close_unfilled") else ""
    return Knot(texts.fill(sentence, told), "past", event.at, note)


def _milestones(request: Request) -> list[State]:
    """What still lies ahead when all goes well; nothing for a request that is off the good path."""
    if request.status not in GOOD_PATH or not request.is_open:
        return []
    ahead = GOOD_PATH[[str(code.value) for code in GOOD_PATH].index(request.status) + 1 :]
    return [STATES[code] for code in ahead if STATES[code].milestone]


def _live(request: Request) -> SupplyAttempt | None:
    live: list[SupplyAttempt] = request.live_attempts  # type: ignore[attr-defined]
    return live[0] if live else None


def _attempt(request: Request) -> SupplyAttempt | None:
    """The supplier that the sentences name: who has the request, else who had it last."""
    tried: list[SupplyAttempt] = request.all_attempts  # type: ignore[attr-defined]
    return _live(request) or (tried[-1] if tried else None)
