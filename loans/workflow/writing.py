"""How the engine's rows reach the database: at once, or collected and written together for many requests.

`moving` writes through it. The clock collects (loans.workflow.batch), so that ten thousand requests take a handful of
statements per thousand, by the very code that moves a single one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model

from loans.models import Request, RequestEvent, SupplyAttempt
from network_portal.core import audit, bulk
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry


@dataclass
class Collected:
    """What the steps of one request would have written. The rows are those that the batch loaded, or new."""

    attempts: list[SupplyAttempt] = field(default_factory=list)
    events: list[RequestEvent] = field(default_factory=list)
    audits: list[AuditEntry] = field(default_factory=list)


_collected: ContextVar[Collected | None] = ContextVar("collected_rows", default=None)


@contextmanager
def collecting() -> Iterator[Collected]:
    """Within this block nothing is written; `flush` does it for many blocks together."""
    kept = Collected()
    token = _collected.set(kept)
    try:
        yield kept
    finally:
        _collected.reset(token)


Row = TypeVar("Row", bound=Model)


def remembered(row: Row) -> Row:
    """Keep with the row what it was when it was read."""
    row.as_read = bulk.values_of(row)  # type: ignore[attr-defined]
    return row


def save_changed(row: Model) -> None:
    """Write the columns that are no longer as they were read; everything of a row nobody remembered."""
    as_read: dict[str, Any] | None = getattr(row, "as_read", None)
    if as_read is None or row.pk is None:
        row.save()
        return
    now = bulk.values_of(row)
    changed = [name for name, value in now.items() if value != as_read[name]]
    if changed:
        stamped = [f.attname for f in row._meta.concrete_fields if getattr(f, "auto_now", False)]
        row.save(update_fields={*changed, *stamped})
        remembered(row)


def save_request(request: Request) -> None:
    if _collected.get() is None:
        save_changed(request)


def save_attempt(attempt: SupplyAttempt) -> None:
    kept = _collected.get()
    if kept is None:
        save_changed(attempt)
    elif attempt not in kept.attempts:
        kept.attempts.append(attempt)


def add_event(event: RequestEvent) -> None:
    kept = _collected.get()
    if kept is None:
        event.save(force_insert=True)
    else:
        kept.events.append(event)


def add_audit(code: str, *, actor: Actor, target: Request, data: dict[str, Any]) -> None:
    kept = _collected.get()
    if kept is None:
        audit.record(code, actor=actor, target=target, data=data)
    else:
        kept.audits.append(audit.entry(code, actor=actor, target=target, data=data))


def flush(
    requests: list[Request], collected: list[Collected], before: dict[tuple[str, int], dict[str, Any]]
) -> None:
    """Write everything: old attempts first, since a request may have one live attempt only."""
    attempts = [attempt for one in collected for attempt in one.attempts]
    old = [attempt for attempt in attempts if attempt.pk is not None]
    bulk.update_changed(old, [before["attempt", attempt.pk] for attempt in old])
    bulk.update_changed(requests, [before["request", request.pk] for request in requests])
    SupplyAttempt.objects.bulk_create([attempt for attempt in attempts if attempt.pk is None])
    RequestEvent.objects.bulk_create([event for one in collected for event in one.events])
    AuditEntry.objects.bulk_create([entry for one in collected for entry in one.audits])
