"""From a request to the libraries that are asked, in order. The engine calls `compile` and `next_candidate` only.

Now: one stage, one library after the other. A plan is a list of stages, so that other topologies fit without a change
to what is stored or shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from catalog.choices import ItemStatus
from catalog.models import Holding
from catalog.selectors import edition_current
from loans.choices import AttemptStatus, UnfilledReason
from loans.models import Request, SupplyAttempt
from loans.routing.ranking import AVAILABILITY, Candidate, Factors, rank, score
from loans.workflow.states import LIVE_ATTEMPT
from members.choices import LibraryStatus
from members.distance import distance_km

SEQUENCE = "sequence"


@dataclass(frozen=True)
class Stage:
    candidates: tuple[Candidate, ...]
    mode: str = SEQUENCE

    def as_json(self) -> dict[str, Any]:
        return {"mode": self.mode, "candidates": [candidate.as_json() for candidate in self.candidates]}


@dataclass(frozen=True)
class Plan:
    round: int
    stages: tuple[Stage, ...]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(candidate for stage in self.stages for candidate in stage.candidates)

    def as_json(self) -> dict[str, Any]:
        return {"round": self.round, "stages": [stage.as_json() for stage in self.stages]}


def compile(request: Request) -> Plan:
    """The libraries to ask in the request's present round, best first. Two queries, however many libraries."""
    rows = list(lendable_holdings(request).exclude(library_id__in=_not_again(request)))
    load = _open_supplies({row.library_id for row in rows})
    home = request.requesting_library
    best: dict[int, Holding] = {}
    for row in rows:
        kept = best.get(row.library_id)
        if kept is None or _weight(row) > _weight(kept):
            best[row.library_id] = row
    candidates = []
    for library_id, row in best.items():
        factors = Factors(
            availability=row.status,
            km=distance_km((home.latitude, home.longitude), (row.library.latitude, row.library.longitude)),
            open_requests=load.get(library_id, 0),
        )
        candidates.append(
            Candidate(
                library_id=library_id,
                library_name=row.library.name,
                factors=factors,
                score=score(factors),
                call_number=row.call_number,
                location=row.location,
            )
        )
    return Plan(round=request.round, stages=(Stage(rank(candidates, seed=request.number)),))


def next_candidate(request: Request) -> tuple[int, dict[str, Any]] | None:
    """The first of the stored plan not yet asked in this round that still can lend: (position from 1, candidate)."""
    stages = request.plan.get("stages", [])
    planned = [candidate for stage in stages for candidate in stage["candidates"]]
    asked = set(request.attempts.filter(round=request.round).values_list("supplier_id", flat=True))
    able = set(lendable_holdings(request).values_list("library_id", flat=True))
    for position, candidate in enumerate(planned, start=1):
        if candidate["library"] not in asked and candidate["library"] in able:
            return position, candidate
    return None


def lendable_holdings(request: Request) -> QuerySet[Holding]:
    """Copies of the title that another library may lend: an active member that lends, not for use on the spot."""
    if request.edition_id is None:
        return Holding.objects.none()
    return lendable(edition_current(request.edition_id).pk).exclude(library_id=request.requesting_library_id)


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


def _weight(row: Holding) -> tuple[int, int]:
    return AVAILABILITY.get(ItemStatus(row.status), 0), -row.pk


def _not_again(request: Request) -> list[int]:
    """Libraries asked before that would say the same again; where the copy was out, or in silence, ask once more."""
    passing = [reason.value for reason in UnfilledReason if reason.may_change]
    tried = request.attempts.filter(Q(round=request.round) | Q(status=AttemptStatus.REFUSED))
    again = ~Q(round=request.round) & Q(reason_unfilled__in=passing)
    return list(tried.exclude(again).values_list("supplier_id", flat=True))


def _open_supplies(library_ids: set[int]) -> dict[int, int]:
    """How many requests each library is serving right now."""
    live = SupplyAttempt.objects.filter(supplier_id__in=library_ids, status__in=LIVE_ATTEMPT)
    return dict(live.values_list("supplier_id").annotate(n=Count("pk")))
