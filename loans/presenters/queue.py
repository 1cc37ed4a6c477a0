"""Rows of the work lists: state, title, partner, deadline and one primary action, the same shape for every queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from loans import texts
from loans.choices import OFFERED_ATTEMPTS, AttemptStatus, Level, Service
from loans.models import Request, SupplyAttempt
from loans.presenters.buttons import Button, button_of
from loans.presenters.expected import Claims, buttons_of, claims_among, next_step, possible
from loans.services.addressing import Ends, Home, ends_seen, homes_of
from loans.workflow.describe import allowed_steps
from loans.workflow.flags import FLAGS
from loans.workflow.states import attempt_state_of, state_of
from loans.workflow.vocabulary import Form, Step
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class QueueRow:
    number: str
    url: str
    title: str
    author: str
    partner: str
    asker: str  # the reader, or for the coordinator the reader's library; "" where neither is shown
    state: str
    tone: str
    deadline: datetime | None
    version: int
    button: Button | None
    unread: int
    shelf: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)  # tone and label: speed, copy, flags, stuck
    steps: tuple[Step, ...] = ()  # what the actor may do with it now
    others: list[Button] = field(default_factory=list)  # further steps, where the list is the desk
    proposed: list[tuple[str, str]] = field(default_factory=list)  # whom the plan would ask, and why
    remark: str = ""
    handler: str = ""  # who at the own library looks after it

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(step.action for step in self.steps)


@dataclass(frozen=True)
class ScanCard:
    """A request as the scanning page shows it: the row, what tells the copy apart, the next steps in order."""

    row: QueueRow
    facts: list[tuple[str, Any]]
    buttons: list[Button]


def request_rows(
    requests: Iterable[Request], actor: Actor, unread: Mapping[int, int], *, of_network: bool = False
) -> list[QueueRow]:
    """Rows of the requesting library's queue; the coordinator's names the library instead of the reader."""
    found = list(requests)
    claims, home = claims_among(found), homes_of(found, (one for row in found for one in row.all_attempts))  # type: ignore[attr-defined]
    return [_request_row(request, actor, unread, claims, home, of_network=of_network) for request in found]


def _request_row(
    request: Request, actor: Actor, unread: Mapping[int, int], claims: Claims, home: Home, *, of_network: bool
) -> QueueRow:
    tried: list[SupplyAttempt] = request.all_attempts  # type: ignore[attr-defined]
    attempt = next((one for one in tried if one.is_live), None)
    lender = attempt or next((one for one in tried if one.status == AttemptStatus.COMPLETED), None)
    ends = ends_seen(request, lender, actor.library_id, home)
    asker = request.requesting_library.name if of_network else request.reader or _("(anonymised)")
    return _row(
        request, attempt, actor, unread, claims, state=state_of(request.status), asker=asker,
        deadline=request.deadline_at, partner=ends.supplier.name if ends.supplier else "",
    )  # fmt: skip


def attempt_rows(
    attempts: Iterable[SupplyAttempt], actor: Actor, unread: Mapping[int, int]
) -> list[QueueRow]:
    """Rows of the supplying library's queue. The reader is not part of them."""
    found = list(attempts)
    claims = claims_among(attempt.request for attempt in found)
    home = homes_of((attempt.request for attempt in found), found)
    return [
        _row(
            attempt.request, attempt, actor, unread, claims, state=attempt_state_of(attempt.status), asker="",
            deadline=_suppliers_deadline(attempt),
            partner=ends_seen(attempt.request, attempt, actor.library_id, home).borrower.name,
            shelf=" · ".join(filter(None, (attempt.location, attempt.call_number))), acts=_acts(attempt),
        )
        for attempt in found
    ]  # fmt: skip


def _acts(attempt: SupplyAttempt) -> bool:
    return attempt.is_live or attempt.status in OFFERED_ATTEMPTS


def _suppliers_deadline(attempt: SupplyAttempt) -> datetime | None:
    """What the library is asked by a flag (a longer loan, say) may be due before its part's own deadline."""
    asked = attempt.request.owner_library_id == attempt.supplier_id and attempt.is_live
    return attempt.request.deadline_at if asked else attempt.deadline_at


def _row(
    request: Request, attempt: SupplyAttempt | None, actor: Actor, unread: Mapping[int, int], claims: Claims,
    *, state: Any, asker: str, deadline: datetime | None, partner: str, shelf: str = "", acts: bool = True,
) -> QueueRow:  # fmt: skip
    steps = possible(allowed_steps(request, attempt, actor), request, claims) if acts else ()
    return QueueRow(
        number=request.number, url=reverse("loans:request", args=[request.number]), title=request.title,
        author=str(request.citation.get("author", "")), partner=partner, asker=asker, state=state.label,
        tone=state.tone, deadline=deadline, version=request.version, unread=unread.get(request.pk, 0), shelf=shelf,
        button=_primary(request, attempt, steps), marks=_marks(request), steps=steps,
    )  # fmt: skip


def _primary(request: Request, attempt: SupplyAttempt | None, steps: tuple[Step, ...]) -> Button | None:
    """The one expected action of the row, if it is this actor's to take."""
    step = next_step(request, attempt, steps)
    return button_of(step, request, primary=True) if step is not None else None


def _marks(request: Request) -> list[tuple[str, str]]:
    """What sets a row apart, in words: haste, a copy instead of a loan, what is open beside its state."""
    marks = []
    if request.level != Level.NORMAL:
        marks.append(("attention", str(Level(request.level).label)))
    if request.service == Service.COPY:
        marks.append(("plain", str(Service.COPY.label)))
    marks += [
        (FLAGS[flag.kind].tone, str(flag.get_kind_display())) for flag in getattr(request, "open_flags", ())
    ]
    if request.stuck_since:
        marks.append(("stop", _("Stuck")))
    return marks


# What is decided by looking at one request.
ONE_BY_ONE = (Form.LIBRARY, Form.NETWORK, Form.DESK)


def bulk_choices(rows: Iterable[QueueRow]) -> list[tuple[str, str]]:
    """Steps that at least one row allows, for the list under the table; in the order of the rows."""
    found: dict[str, str] = {}
    for row in rows:
        for step in row.steps:
            if step.form not in ONE_BY_ONE:
                found.setdefault(step.action, str(step.label))
    return list(found.items())


def scan_card(request: Request, actor: Actor) -> ScanCard:
    """The request a scan led to, as the side of it sees it that the actor's library is on."""
    tried: list[SupplyAttempt] = request.all_attempts  # type: ignore[attr-defined]
    supplying = actor.library_id != request.requesting_library_id
    shown = [one for one in tried if one.supplier_id == actor.library_id] if supplying else tried
    attempt = next((one for one in shown if one.is_live), None) or (shown[-1] if shown else None)
    if supplying and attempt is not None:
        row = attempt_rows([attempt], actor, {})[0]
    else:
        row = request_rows([request], actor, {}, of_network=supplying)[0]
    facts = _facts(request, attempt, row, ends_seen(request, attempt, actor.library_id))
    return ScanCard(row=row, facts=facts, buttons=buttons_of(request, attempt, row.steps))


def _facts(
    request: Request, attempt: SupplyAttempt | None, row: QueueRow, ends: Ends
) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        (_("Author"), row.author),
        (_("For the library"), ends.borrower.name),
        (_("Mark"), ", ".join(label for _tone, label in row.marks)),
    ]
    if attempt is not None and ends.supplier is not None:
        rows += [
            (_("Lending library"), ends.supplier.name),
            (_("Shelf"), " · ".join(filter(None, (attempt.location, attempt.call_number)))),
            (_("Barcode"), attempt.barcode),
            (_("Due back at the lending library"), texts.day(attempt.due_on)),
        ]
    return rows
