"""Trying a model: whom a request would visit, in which order, why, and when it would move on. Nothing is written.

The plan is made by loans.routing as for a real request; a draft is tried with its own rules and places laid over what
the database says of today. Called by views; preview.py lays drafts over snapshots with the same function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.models import Edition
from catalog.selectors import edition_current
from loans.choices import RequestStatus
from loans.modelling.drawing import Step
from loans.modelling.model import Model
from loans.models import Request, SupplyAttempt
from loans.routing import reading, snapshot
from loans.routing.compiler import compile
from loans.routing.explain import ExplainedCandidate, ExplainedStage, explain, explain_left, explain_notes
from loans.routing.model import CLAIM, PAR, RING, Facts, Snapshot
from loans.routing.store import as_json
from loans.workflow.deadlines import deadline_for
from members.calendars import calendars_of, calendars_remembered
from members.models import Library


@dataclass(frozen=True)
class Visit:
    """One library of the plan: when it would be asked if all before it stayed silent, and until when it has time."""

    told: ExplainedCandidate
    stage: ExplainedStage
    asked_at: datetime | None
    until: datetime | None
    together: bool  # with others, at the same moment


@dataclass(frozen=True)
class Trial:
    visits: list[Visit]
    stages: list[ExplainedStage]
    left: list[tuple[str, str]]
    notes: list[str]
    steps: list[Step]


def try_model(
    model: Model, *, library: Library, edition: Edition, service: str, level: str, now: datetime | None = None
) -> Trial:
    """As if this library asked at this moment."""
    plan = plan_in(model, library=library, edition=edition, service=service, level=level, now=now)
    stages = explain(plan)
    with calendars_remembered():
        calendars_of({row.library_id for stage in stages for row in stage.candidates})
        visits = _visits(model, plan, stages, library, level, now or timezone.now())
    return Trial(visits, stages, explain_left(plan), explain_notes(plan), steps_of(plan))


def plan_in(
    model: Model, *, library: Library, edition: Edition, service: str, level: str, now: datetime | None = None
) -> dict[str, Any]:
    """The plan in the form that loans.routing.explain reads; under live rules the same as its dry run."""
    current = edition_current(edition.pk)
    facts = Facts(number="", requester=library.pk, service=service, level=level, format=current.format)
    twin = model.twin
    wish = snapshot.Wish(library, twin, current.pk, service, facts, now=now or timezone.now())
    cursor = reading.cursors_of([twin.pk]).get(twin.pk, 0)
    taken = laid_over(snapshot.take(wish), model, library.pk, cursor)
    return as_json(
        compile(snapshot.policy_of(twin), facts, taken, seed=f"{library.short_code}:{current.pk}"), taken
    )


def laid_over(taken: Snapshot, model: Model, asker: int, cursor: int) -> Snapshot:
    """What the database says, with the model's places. `cursor`: how many requests entered the ring before."""
    ring = tuple(model.ring)
    own = model.places.get(str(asker), {}).get("cell", "")
    turns = bool(ring) and model.settings["topology"] == "ring" and model.settings["ring_turns"]
    rows = []
    for row in taken.suppliers:
        place = model.places.get(str(row.library_id))
        if place is not None:
            alike, active = bool(own) and place["cell"] == own, model.takes_part(row.library_id)
            if (alike, active) != (row.same_cell, row.active):
                row = replace(row, same_cell=alike, active=active)
        rows.append(row)
    return replace(
        taken,
        suppliers=tuple(rows),
        ring=ring,
        cursor=ring[cursor % len(ring)] if turns else None,
        parents=model.parents,
    )


def steps_of(plan: Mapping[str, Any]) -> list[Step]:
    """The numbered way for the picture."""
    found: list[Step] = []
    before: int | None = None
    for stage in plan["stages"]:
        for row in stage["candidates"]:
            after = before if stage["mode"] == RING else None
            found.append(Step(len(found) + 1, row["library"], tuple(stage["via"]), after))
            before = row["library"]
        before = None
    return found


def _visits(
    model: Model,
    plan: Mapping[str, Any],
    stages: list[ExplainedStage],
    library: Library,
    level: str,
    now: datetime,
) -> list[Visit]:
    """Each in its own working hours; a stage begins when the one before it has had its time."""
    found: list[Visit] = []
    at: datetime | None = now
    for told, stage in zip(plan["stages"], stages, strict=True):
        width = told["width"] if told["mode"] in (CLAIM, PAR) else 1
        for first in range(0, len(stage.candidates), max(1, width)):
            group = stage.candidates[first : first + max(1, width)]
            ends = [_until(model, row.library_id, library, level, at, shown=len(group) > 1) for row in group]
            found += [
                Visit(row, stage, at, end, len(group) > 1) for row, end in zip(group, ends, strict=True)
            ]
            known = [end for end in ends if end is not None]
            at = max(known) if known else None
    return found


def _until(
    model: Model, supplier: int, library: Library, level: str, at: datetime | None, *, shown: bool
) -> datetime | None:
    """By the very clock of real requests, with a request and an attempt that are never kept."""
    if at is None:
        return None
    status = RequestStatus.OFFERED if shown else RequestStatus.ASKED
    request = Request(status=status, level=level, network=model.twin, requesting_library=library)
    return deadline_for(request, SupplyAttempt(request=request, supplier_id=supplier), now=at)
