"""What the engine asks of routing while it asks one library at a time: a plan for the round, and the next of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from catalog.choices import ItemStatus
from catalog.models import Holding
from loans.models import Request
from loans.routing.plans import next_steps, plan_store, seats
from loans.routing.runtime import Ask
from members.choices import LibraryStatus


@dataclass(frozen=True)
class Kept:
    """The stored plan of a round, as far as the request itself refers to it."""

    round: int
    plan: int

    def as_json(self) -> dict[str, Any]:
        return {"round": self.round, "plan": self.plan}


def compile(request: Request) -> Kept:
    """Make and keep the plan of the request's present round, unless it is there."""
    return Kept(round=request.round, plan=plan_store(request).pk)


def next_candidate(request: Request) -> tuple[int, dict[str, Any]] | None:
    """The library to ask next: (position from 1, what the attempt keeps of it). None when nobody is left."""
    move = next_steps([request], in_turn=True)[request.pk]
    if not isinstance(move, Ask):
        return None
    seat = seats(request, move)[0]
    return seat.position, {
        "library": seat.supplier_id, "call_number": seat.call_number, "location": seat.location, **seat.rank,
    }  # fmt: skip


def lendable(edition_id: int) -> QuerySet[Holding]:
    """Copies of an edition that can be lent to another library; the condition of Holding.can_be_lent, in SQL."""
    return (
        Holding.objects.filter(
            edition_id=edition_id, library__status=LibraryStatus.ACTIVE, library__lends=True
        )
        .filter(item_count__gt=0)
        .exclude(status__in=(ItemStatus.REFERENCE, ItemStatus.UNAVAILABLE))
        .select_related("library")
    )
