"""A request as its reader sees it: one plain sentence, what happens next, and the way as a timeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from loans import texts
from loans.choices import FlagKind, Level, RequestStatus, Service
from loans.models import Request, RequestEvent, SupplyAttempt
from loans.presenters.patron_steps import PatronStep, buttons, flag_sentence, open_kinds, readers_steps
from loans.selectors.patron import reader_unread
from loans.services.addressing import Ends, ends_seen
from loans.workflow.states import STATES, good_path, state_of
from loans.workflow.steps import patron_note_of
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
    by: str = ""  # who acts next, and by when
    cancel_url: str = ""
    message_url: str = ""
    unread: int = 0
    steps: tuple[PatronStep, ...] = ()
    timeline: tuple[Knot, ...] = ()
    supplier: str = ""

    @property
    def is_lost(self) -> bool:
        return FlagKind.LOST in open_kinds(self.request)

    @property
    def is_overdue(self) -> bool:
        """The reader has the book, and the day for bringing it back has passed."""
        due = self.request.due_on
        if self.is_lost:
            return False
        return self.request.status == RequestStatus.LENT and due is not None and due < timezone.localdate()

    @property
    def author(self) -> str:
        return str(self.request.citation.get("author", ""))

    @property
    def year(self) -> str:
        return str(self.request.citation.get("year") or "")


def patron_card(request: Request, actor: Actor | None = None) -> PatronView:
    """One line of "my requests", for `actor` with the steps. The request comes from selectors.requests_of_patron."""
    state = state_of(request.status)
    attempt = _attempt(request)
    ends = ends_seen(request, attempt, request.requesting_library_id)
    told = texts.values(request, attempt, reason=request.outcome_reason, note=request.outcome_note, ends=ends)
    beside = flag_sentence(request, told)
    lost = FlagKind.LOST in open_kinds(request)
    return PatronView(
        request=request, state=state, sentence=beside if lost else texts.fill(state.patron, told),
        following="" if lost else " ".join(filter(None, (beside, _following(request, state, told)))),
        by="" if lost else _by(request, ends),
        url=reverse("loans:my_request", args=[request.number]), supplier=ends.supplier.name if ends.supplier else "",
        steps=buttons(request, readers_steps(request, _live(request), actor), card=True)
        if actor is not None
        else (),
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
    own = readers_steps(request, _live(request), actor)
    return replace(
        card,
        timeline=tuple(_timeline(request, events)),
        cancel_url=reverse("loans:my_request_cancel", args=[request.number])
        if any(step.action == "cancel" for step in own)
        else "",
        message_url=reverse("loans:my_request_message", args=[request.number]),
        unread=reader_unread(request),
        steps=buttons(request, own),
    )


def _by(request: Request, ends: Ends) -> str:
    """Whose turn it is, and until when; "" where it is over."""
    who = {
        Side.PATRON: _("you"), Side.REQUESTING: request.requesting_library.name,
        Side.SUPPLYING: ends.supplier.name if ends.supplier is not None else "",
        Side.PORTAL: _("the portal"),
    }  # fmt: skip
    side = next((side for side in who if side.value == request.owner_side), None)
    name = who.get(side, "") if side is not None and request.is_open else ""
    if not name:
        return ""
    if side is Side.PORTAL or request.deadline_at is None or request.deadline_at <= timezone.now():
        return _("Next: %(who)s.") % {"who": name}
    by = texts.day(request.deadline_at, request.requesting_library.time_zone)
    return _("Next: %(who)s, by %(day)s.") % {"who": name, "day": by}


def patron_facts(request: Request) -> list[tuple[str, Any]]:
    """What was asked for, as label and value; empty values are left out by the page."""
    citation = request.citation
    return [
        (_("Author"), citation.get("author")),
        (_("Publisher"), ", ".join(str(v) for v in (citation.get("publisher"), citation.get("year")) if v)),
        *_part(request),
        (_("You collect it at"), _place(request)),
        (_("How fast?"), request.get_level_display() if request.level != Level.NORMAL else ""),
        (_("Asked on"), texts.day(request.created_at, request.requesting_library.time_zone)),
        (_("Needed by"), texts.day(request.needed_by)),
        (_("Note for the librarian"), request.patron_note),
    ]


def _part(request: Request) -> list[tuple[str, Any]]:
    """The part of a larger work that a copy is made of."""
    part = request.part
    return [
        (_("Journal or newspaper"), part.get("container")), (_("Chapter"), part.get("chapter")),
        (_("Volume"), part.get("volume")), (_("Issue"), part.get("issue")), (_("Pages"), part.get("pages")),
    ]  # fmt: skip


def _place(request: Request) -> str:
    """Nothing to collect where a file is sent."""
    if request.service == Service.COPY:
        return ""
    library = request.requesting_library
    point = request.pickup_point.name if request.pickup_point is not None else ""
    return ", ".join(filter(None, (point, library.name, library.city)))


def _timeline(request: Request, events: list[RequestEvent]) -> list[Knot]:
    knots = [knot for event in events if (knot := _past(request, event))]
    if knots and request.is_open:
        last = knots.pop()
        knots.append(Knot(last.text, "now", last.at, last.note))
    attempt = _attempt(request)
    told = texts.values(request, attempt, ends=ends_seen(request, attempt, request.requesting_library_id))
    return knots + [Knot(texts.fill(state.milestone, told), "next") for state in _milestones(request)]


def _past(request: Request, event: RequestEvent) -> Knot | None:
    if event.undone_by is not None:
        return None
    sentence = patron_note_of(event.action, request.service)
    if not sentence:
        return None
    ends = ends_seen(request, event.attempt, request.requesting_library_id)
    told = texts.values(request, event.attempt, reason=event.data.get("reason", ""), ends=ends)
    note = event.data.get("note", "") if event.action in ("refuse", "withdraw", "close_unfilled") else ""
    return Knot(texts.fill(sentence, told), "past", event.at, note)


def _milestones(request: Request) -> list[State]:
    """What still lies ahead when all goes well; nothing for a request that is off the good path."""
    path = good_path(request.service)
    if request.status not in path or not request.is_open or FlagKind.LOST in open_kinds(request):
        return []
    ahead = path[[str(code.value) for code in path].index(request.status) + 1 :]
    return [STATES[code] for code in ahead if STATES[code].milestone]


def _live(request: Request) -> SupplyAttempt | None:
    live: list[SupplyAttempt] = request.live_attempts  # type: ignore[attr-defined]
    return live[0] if live else None


def _attempt(request: Request) -> SupplyAttempt | None:
    """The supplier that the sentences name: who has the request, else who had it last."""
    tried: list[SupplyAttempt] = request.all_attempts  # type: ignore[attr-defined]
    return _live(request) or (tried[-1] if tried else None)
