"""Copies that a library's agent sends, batch by batch. Called by the API."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.choices import PushPart
from catalog.models import PushSession, Source
from catalog.services.items import ItemTold, items_complete, items_store
from catalog.services.push import Result, source_may_receive
from catalog.services.push_sessions import Place, alone, answer_again, finish, session_of, step


@dataclass
class ItemBatch:
    """`refused`: copies that could not be read, as results. `notes`: what was put right, by item_id."""

    place: Place
    told: list[ItemTold] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    refused: list[Result] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)


def items_push(*, source: Source, batch: ItemBatch) -> dict[str, Any]:
    """Store the batch and say what became of each copy. The same batch again changes nothing.

    Raises RuleViolation (source_off, library_off), Conflict (session_over), Busy.
    """
    source_may_receive(source)
    with alone(source):
        place, began = batch.place, timezone.now()
        session = session_of(source, PushPart.ITEMS, place)
        if (again := answer_again(session, place)) is not None:
            return again
        came_whole = step(session, place)
        stored = items_store(source=source, told=batch.told, deleted=batch.deleted)
        results = [_result(name, result, stored.waiting, batch) for name, result in stored.results.items()]
        results += batch.refused
        answer: dict[str, Any] = {
            "session": place.session, "seq": place.seq, "ended": place.ends,
            "counts": dict(Counter(result["result"] for result in results)), "waiting": len(stored.waiting),
            "results": results,
        }  # fmt: skip
        if place.complete:
            answer["complete"] = _complete(
                source, session, came_whole, session.started_at if session else began
            )
        return finish(session, place, answer)


def _result(item_id: str, result: str, waiting: set[str], batch: ItemBatch) -> Result:
    told: Result = {"item_id": item_id, "result": result}
    if item_id in waiting:
        told["waiting"] = True
    if note := batch.notes.get(item_id):
        told["note"] = note
    return told


def _complete(
    source: Source, session: PushSession | None, came_whole: bool, began: datetime
) -> dict[str, Any]:
    if not came_whole:
        return {"accepted": False, "reason": "batches_missing", "taken_out": 0, "held": 0}
    done = items_complete(source=source, began=began, before=_list_before(source, session))
    return {"accepted": True, "reason": "", "taken_out": done.taken_out, "held": done.held}


def _list_before(source: Source, session: PushSession | None) -> datetime | None:
    """When the complete list before this one began."""
    lists = PushSession.objects.filter(
        source=source, part=PushPart.ITEMS, ended_at__isnull=False, last_answer__complete__accepted=True
    )
    before = lists.exclude(pk=session.pk if session else 0).order_by("-started_at").first()
    return before.started_at if before else None
