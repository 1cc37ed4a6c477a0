"""What waits for somebody, as one line each room contributes. Used by the first pages of coordinators and of staff."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Decision:
    """How much waits, since when or until when, and where it is done."""

    label: str
    count: int
    url: str
    since: datetime | None = None
    until: date | None = None
    late: bool = False


Room = Callable[[Actor], Decision | None]


def decisions(actor: Actor, rooms: Iterable[Room]) -> list[Decision]:
    """What waits, the oldest first; what has no age comes last."""
    found = [one for read in rooms if (one := read(actor)) is not None and one.count]
    return sorted(found, key=lambda one: (one.since is None, one.since or timezone.now()))


def counted(label: str, rows: QuerySet[Any], field: str, url: str) -> Decision:
    """How many rows, and the smallest value of a field of moments."""
    found = rows.order_by().aggregate(n=Count("pk"), since=Min(field))
    return Decision(label, found["n"], url, found["since"])
