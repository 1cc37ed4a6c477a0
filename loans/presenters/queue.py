"""Rows of the work lists: state, title, partner, deadline and one primary action, the same shape for every queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from loans.choices import AttemptStatus
from loans.models import Request, SupplyAttempt
from loans.workflow.describe import allowed_steps, primary_actions
from loans.workflow.states import attempt_state_of, state_of
from loans.workflow.vocabulary import Form, Step
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Button:
    """A step as a button: `direct` ones are posted at once, the others lead to a page that asks something."""

    action: str
    label: str
    url: str
    direct: bool
    danger: bool = False
    primary: bool = False


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


def button_of(step: Step, request: Request, *, primary: bool = False) -> Button:
    return Button(
        action=step.action, label=str(step.label), direct=step.form is Form.NONE, danger=step.danger, primary=primary,
        url=reverse("loans:request_action", args=[request.number, step.action]),
    )  # fmt: skip


def request_rows(
    requests: Iterable[Request], actor: Actor, unread: Mapping[int, int], *, of_network: bool = False
) -> list[QueueRow]:
    """Rows of the requesting library's queue; the coordinator's names the library instead of the reader."""
    rows = []
    for request in requests:
        tried: list[SupplyAttempt] = request.all_attempts  # type: ignore[attr-defined]
        attempt = next((one for one in tried if one.is_live), None)
        lender = attempt or next((one for one in tried if one.status == AttemptStatus.COMPLETED), None)
        state = state_of(request.status)
        rows.append(
            QueueRow(
                number=request.number,
                url=reverse("loans:request", args=[request.number]),
                title=request.title,
                author=str(request.citation.get("author", "")),
                partner=lender.supplier.name if lender else "",
                asker=request.requesting_library.name if of_network else str(request.patron),
                state=state.label,
                tone=state.tone,
                deadline=request.deadline_at,
                version=request.version,
                button=_primary(request, attempt, actor),
                unread=unread.get(request.pk, 0),
            )
        )
    return rows


def attempt_rows(
    attempts: Iterable[SupplyAttempt], actor: Actor, unread: Mapping[int, int]
) -> list[QueueRow]:
    """Rows of the supplying library's queue. The reader is not part of them."""
    rows = []
    for attempt in attempts:
        request, state = attempt.request, attempt_state_of(attempt.status)
        rows.append(
            QueueRow(
                number=request.number,
                url=reverse("loans:request", args=[request.number]),
                title=request.title,
                author=str(request.citation.get("author", "")),
                partner=request.requesting_library.name,
                asker="",
                state=state.label,
                tone=state.tone,
                deadline=attempt.deadline_at,
                version=request.version,
                button=_primary(request, attempt, actor) if attempt.is_live else None,
                unread=unread.get(request.pk, 0),
                shelf=" · ".join(filter(None, (attempt.location, attempt.call_number))),
            )
        )
    return rows


def _primary(request: Request, attempt: SupplyAttempt | None, actor: Actor) -> Button | None:
    """The one expected action of the row, if it is this actor's to take."""
    expected = primary_actions(request, attempt)
    for step in allowed_steps(request, attempt, actor):
        if step.action in expected:
            return button_of(step, request, primary=True)
    return None
