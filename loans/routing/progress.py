"""How far requests are with their plans, read for many at once in a fixed number of queries, for services.routing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from loans.choices import AskMode, AttemptStatus, Service
from loans.models import Request, RoutingPlan, SupplyAttempt
from loans.routing.model import SEQ
from loans.routing.runtime import Progress
from members.calendars import Calendar, calendars_of, working_hours_between
from members.choices import LibraryStatus
from members.models import Library

NOT_LENT: Mapping[str, frozenset[str]] = {
    Service.LOAN.value: frozenset((ItemStatus.REFERENCE.value, ItemStatus.UNAVAILABLE.value)),
    Service.COPY.value: frozenset((ItemStatus.UNAVAILABLE.value,)),
}


def progress_of(
    requests: Mapping[int, Request], plans: Mapping[int, RoutingPlan], now: datetime
) -> dict[int, Progress]:
    """Per request: who was tried in this round, who still can be, who is willing, and whether it may go out."""
    attempts = _attempts(requests)
    able = _able(requests, plans)
    timed = {pk for pk, plan in plans.items() if any(_is_timed(stage) for stage in plan.stages)}
    calendars = calendars_of({requests[pk].requesting_library_id for pk in timed}) if timed else {}
    found: dict[int, Progress] = {}
    for pk, request in requests.items():
        rows = attempts[pk]
        found[pk] = Progress(
            tried=frozenset(row.supplier_id for row in rows),
            able=able[pk],
            named=frozenset(row.supplier_id for row in rows if row.mode == AskMode.ASSIGNED),
            volunteers=frozenset(r.supplier_id for r in rows if r.status == AttemptStatus.VOLUNTEERED),
            hours_in_stage=_hours(rows, now, calendars[request.requesting_library_id]) if pk in timed else {},
            released=request.released_round >= request.round,
        )
    return found


def _is_timed(stage: Mapping[str, Any]) -> bool:
    """A region of a tree, which a request leaves after some hours."""
    return stage["hold_hours"] is not None and stage["mode"] == SEQ


def _hours(attempts: list[SupplyAttempt], now: datetime, calendar: Calendar) -> dict[int, float]:
    """The asking library's working hours since somebody was first asked, per stage."""
    first: dict[int, float] = {}
    for attempt in attempts:
        asked = attempt.asked_at or attempt.offered_at
        if asked is not None:
            passed = float(working_hours_between(calendar, asked, now))
            first[attempt.stage] = max(passed, first.get(attempt.stage, 0.0))
    return first


def _attempts(requests: Mapping[int, Request]) -> dict[int, list[SupplyAttempt]]:
    found: dict[int, list[SupplyAttempt]] = defaultdict(list)
    rows = SupplyAttempt.objects.filter(request_id__in=requests)
    for attempt in rows.only(
        "request", "round", "supplier", "mode", "status", "stage", "asked_at", "offered_at"
    ):
        if attempt.round == requests[attempt.request_id].round:
            found[attempt.request_id].append(attempt)
    return found


def _able(requests: Mapping[int, Request], plans: Mapping[int, RoutingPlan]) -> dict[int, frozenset[int]]:
    """Who of each plan still takes part and has the title; a neighbour's coordinator only has to take part."""
    planned: dict[int, set[int]] = {}
    speakers: dict[int, set[int]] = {}
    for pk, plan in plans.items():
        rows = [row for stage in plan.stages for row in stage["candidates"]]
        planned[pk] = {row["library"] for row in rows if not row["facts"]["stands_for"]}
        speakers[pk] = {row["library"] for row in rows if row["facts"]["stands_for"]}
    holders = _holders(requests)
    named = set().union(*planned.values(), *speakers.values())
    lending = Library.objects.filter(pk__in=named, status=LibraryStatus.ACTIVE, lends=True)
    active = set(lending.values_list("pk", flat=True))
    return {
        pk: frozenset(((planned[pk] & holders[request.edition_id, request.service]) | speakers[pk]) & active)
        for pk, request in requests.items()
    }


def _holders(requests: Mapping[int, Request]) -> dict[tuple[int | None, str], set[int]]:
    """The libraries with a copy for the service, by the title as it was asked for (before any merge)."""
    current = currents({r.edition_id for r in requests.values() if r.edition_id is not None})
    asked_as: dict[int, list[int]] = defaultdict(list)
    for asked, target in current.items():
        asked_as[target].append(asked)
    found: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    rows = Holding.objects.filter(edition_id__in=asked_as, item_count__gt=0)
    for edition_id, library_id, status in rows.values_list("edition_id", "library_id", "status"):
        for service, barred in NOT_LENT.items():
            if status not in barred:
                for asked in asked_as[edition_id]:
                    found[asked, service].add(library_id)
    return found


def currents(edition_ids: Iterable[int]) -> dict[int, int]:
    """Each title's present id; merges are followed. One query where nothing was merged."""
    now = {pk: pk for pk in edition_ids}
    while True:
        merged = Edition.objects.filter(pk__in=set(now.values()), merged_into__isnull=False)
        moved = dict(merged.values_list("pk", "merged_into_id"))
        if not moved:
            return now
        now = {asked: moved.get(target) or target for asked, target in now.items()}
