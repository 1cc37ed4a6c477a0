"""The staff's page of one request: actions, item, reader, suppliers tried, history, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from loans import texts
from loans.choices import OFFERED_ATTEMPTS, AttemptStatus, RequestStatus, Service
from loans.coordination.rules import sentence_of_event
from loans.models import Message, Request, RequestEvent, SupplyAttempt
from loans.presenters.buttons import Button
from loans.presenters.expected import buttons_of, claims_among, possible
from loans.routing.ranking import explain
from loans.selectors.requests import passes_desk_of, sees_reader, sees_requesting_side
from loans.services.addressing import Ends, ends_seen, heard_by, neighbours, plan_hidden
from loans.workflow.backwards import undoable
from loans.workflow.describe import allowed_steps
from loans.workflow.flags import FLAGS
from loans.workflow.raising import open_flags
from loans.workflow.states import attempt_state_of, state_of
from loans.workflow.steps import done_of, goes_on
from loans.workflow.vocabulary import Side
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class AttemptLine:
    attempt: SupplyAttempt
    name: str
    state: str
    tone: str
    why: str  # the reason for its rank
    answer: str  # why it said no, with its note


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    text: str
    who: str
    note: str


@dataclass(frozen=True)
class RequestPage:
    request: Request
    title_tag: tuple[str, str]  # tone, label
    deadline: datetime | None
    item: list[tuple[str, Any]]
    loan: list[tuple[str, Any]]
    patron: list[tuple[str, Any]]  # empty for the supplying library
    actions: list[Button]
    attempts: list[AttemptLine]
    history: list[HistoryLine]
    messages: list[Message] = field(default_factory=list)
    writes_about: SupplyAttempt | None = None  # the attempt a new message would be about
    writes_to: str = ""
    at_desk: bool = False  # it passes the desk of a guided network that the actor's library leads
    is_requesting: bool = True
    shows_plan: bool = True  # an opaque hub keeps the order of libraries to itself
    flags: list[tuple[str, str, datetime | None]] = field(default_factory=list)  # tone, label, by when
    undo_until: datetime | None = None  # the last step can be taken back till then


def request_page(request: Request, messages: list[Message], actor: Actor) -> RequestPage:
    """The request comes from selectors.request_seen_by, which has already left out what the actor may not see."""
    shown: list[SupplyAttempt] = request.shown_attempts  # type: ignore[attr-defined]
    events: list[RequestEvent] = request.shown_events  # type: ignore[attr-defined]
    live = next((attempt for attempt in shown if attempt.is_live), None)
    requesting = sees_requesting_side(actor, request)
    part = live or _offer_to(shown, actor)
    last = live or (shown[-1] if shown else None)
    steps = possible(allowed_steps(request, part, actor), request, claims_among([request]))
    heard = heard_by(request, last, actor.library_id)
    way = neighbours(request, last, actor.library_id)
    about = last if way else None
    return RequestPage(
        request=request,
        title_tag=_tag(request, last, requesting=requesting),
        deadline=_deadline(request, last, requesting=requesting),
        item=_item(request),
        loan=_loan(request, _lender(shown, requesting=requesting), actor.library_id),
        patron=_patron(request) if sees_reader(actor, request) else [],
        actions=buttons_of(request, part, steps),
        attempts=[
            _attempt_line(attempt, ends_seen(request, attempt, actor.library_id), heard) for attempt in shown
        ],
        history=[
            _history_line(request, event, actor, requesting=sees_reader(actor, request), heard=heard)
            for event in events
        ],
        messages=messages,
        writes_about=about,
        writes_to=way[0].name if way else "",
        at_desk=passes_desk_of(actor, request),
        shows_plan=not plan_hidden(request, actor.library_id),
        is_requesting=requesting,
        flags=[
            (FLAGS[flag.kind].tone, FLAGS[flag.kind].label, flag.deadline_at) for flag in open_flags(request)
        ],
        undo_until=request.undo_until if undoable(request, actor) else None,
    )


def _offer_to(shown: list[SupplyAttempt], actor: Actor) -> SupplyAttempt | None:
    """Where a request is shown to several libraries, the part of the one that looks."""
    offers = (one for one in shown if one.status in OFFERED_ATTEMPTS and one.supplier_id == actor.library_id)
    return next(offers, None)


def _deadline(request: Request, last: SupplyAttempt | None, *, requesting: bool) -> datetime | None:
    if not request.is_open:
        return None
    if requesting:
        return request.deadline_at
    return last.deadline_at if last and last.closed_at is None else None


def _tag(request: Request, last: SupplyAttempt | None, *, requesting: bool) -> tuple[str, str]:
    """The supplying library sees its own part, the others the request."""
    if requesting or last is None:
        state = state_of(request.status)
        return state.tone, state.label
    part = attempt_state_of(last.status)
    return part.tone, part.label


def _item(request: Request) -> list[tuple[str, Any]]:
    citation = request.citation
    return [
        (_("Title"), request.title),
        (_("Author"), citation.get("author")),
        (_("Publisher"), ", ".join(str(v) for v in (citation.get("publisher"), citation.get("year")) if v)),
        (_("ISBN"), ", ".join(citation.get("isbn") or [])),
        *((label, request.part.get(name)) for name, label in _part_labels()),
        (_("Needed by"), texts.day(request.needed_by)),
    ]


def _part_labels() -> list[tuple[str, str]]:
    """What of a larger work is to be copied."""
    return [
        ("container", _("Journal")), ("chapter", _("Chapter")), ("part_author", _("Author of the chapter")),
        ("volume", _("Volume")), ("issue", _("Issue")), ("pages", _("Pages")),
    ]  # fmt: skip


def _lender(shown: list[SupplyAttempt], *, requesting: bool) -> SupplyAttempt | None:
    """Who lends or lent it; the supplying library also sees what it was asked for in vain."""
    lending = [attempt for attempt in shown if attempt.is_live or attempt.status == AttemptStatus.COMPLETED]
    told = lending or ([] if requesting else shown)
    return told[-1] if told else None


def _loan(request: Request, attempt: SupplyAttempt | None, viewer: int | None) -> list[tuple[str, Any]]:
    ends = ends_seen(request, attempt, viewer)
    home = ends.borrower
    rows: list[tuple[str, Any]] = [(_("For the library"), f"{home.name} ({home.city})")]
    if attempt is not None and ends.supplier is not None:
        rows += [
            (_lender_label(request.service), f"{ends.supplier} ({ends.supplier.city})"),
            (_("Shelf"), " · ".join(filter(None, (attempt.location, attempt.call_number)))),
            (_("Barcode"), attempt.barcode),
            (_("Tracking number"), attempt.tracking),
            (_("Tracking number, way back"), attempt.return_tracking),
            (_("Due back at the lending library"), texts.day(attempt.due_on)),
        ]
    if request.outcome_reason:
        rows.append((_("Reason"), texts.reason_in_words(request.outcome_reason, request.outcome_note)))
    return rows


def _lender_label(service: str) -> str:
    return _("Library that makes the copy") if service == Service.COPY else _("Lending library")


def _patron(request: Request) -> list[tuple[str, Any]]:
    return [
        (_("Reader"), request.reader or _("forgotten in the meantime")),
        (_("Without an account, to be reached by"), request.reader_contact),
        (_("E-mail"), request.patron.email if request.patron else ""),
        (_("Telephone"), request.patron.phone if request.patron else ""),
        (_("Reader's note"), request.patron_note),
        (_("Due for the reader"), texts.day(request.due_on)),
    ]


def _attempt_line(attempt: SupplyAttempt, ends: Ends, heard: set[int] | None) -> AttemptLine:
    """In a guided network the other end's words come by way of the coordinator, as messages."""
    state = attempt_state_of(attempt.status)
    note = attempt.note if heard is None or attempt.supplier_id in heard else ""
    answer = texts.reason_in_words(attempt.reason_unfilled, note) if attempt.reason_unfilled else note
    return AttemptLine(
        attempt=attempt, name=ends.name_of(attempt.supplier), state=state.label, tone=state.tone,
        why="" if ends.hides else explain(attempt.rank), answer=answer,
    )  # fmt: skip


def _history_line(
    request: Request, event: RequestEvent, actor: Actor, *, requesting: bool, heard: set[int] | None = None
) -> HistoryLine:
    unheard = heard is not None and event.library_id is not None and event.library_id not in heard
    sentence, ends = (
        done_of(event.action, request.service),
        ends_seen(request, event.attempt, actor.library_id),
    )
    told = texts.values(request, event.attempt, reason=event.data.get("reason", ""), ends=ends)
    by_reader = event.side == Side.PATRON.value and (event.action != "submit" or not requesting)
    who = _("the reader") if by_reader and not requesting else event.actor_name
    library = ends.name_of(event.library) if event.library and not by_reader else ""
    if ends.hub is not None and (unheard or event.library_id == ends.hides):
        who, library = "", ends.hub.name  # what is done beyond it comes from the coordinator one knows
    return HistoryLine(
        at=event.at, text=texts.fill(sentence, told), who=", ".join(filter(None, (who, library))),
        note=sentence_of_event(event.data) or ("" if unheard else str(event.data.get("note", ""))),
    )  # fmt: skip


def done_sentence(
    request: Request, action: str, attempt: SupplyAttempt | None, actor: Actor, reason: str = ""
) -> str:
    """What the person is told after a step: "BDG-2026-000001: Approved", and where it stands now if it went on."""
    told = texts.values(request, attempt, reason=reason, ends=ends_seen(request, attempt, actor.library_id))
    sentence = f"{request.number}: {texts.fill(done_of(action, request.service), told)}."
    if goes_on(action) and request.status != RequestStatus.APPROVED:
        sentence += " " + _("Now: %(state)s.") % {"state": state_of(request.status).label}
    return sentence


__all__ = ["RequestPage", "done_sentence", "request_page"]
