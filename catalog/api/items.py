"""The body of a request with copies, as a batch."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as day_time
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from catalog.api.bodies import read_json
from catalog.api.places import place_of
from catalog.api.problems import Refusal, too_large
from catalog.formats.item_status import status_of
from catalog.services.items import ItemTold
from catalog.services.push_items import ItemBatch

MAX_ITEMS = 5000
LENGTHS = {"item_id": 100, "local_id": 200, "location": 200, "call_number": 200}
EARLIEST = 1970


class _Wrong(Exception):
    """Of one copy: the name of the field."""


def items_of(body: bytes) -> ItemBatch:
    """Raises Refusal for a body that can't be read as a whole; single bad copies are refused in the batch."""
    told = read_json(body)
    if not isinstance(told, dict) or not all(isinstance(told.get(k, []), list) for k in ("items", "deleted")):
        raise Refusal(400, "json_wrong", _("The body has to be an object with “items” and “deleted”."))
    entries, deleted = told.get("items", []), told.get("deleted", [])
    if len(entries) + len(deleted) > MAX_ITEMS:
        text = _("At most %(items)s copies in one request. Send more, smaller batches.")
        raise too_large(text % {"items": MAX_ITEMS})
    batch, now = ItemBatch(place_of(told, body)), timezone.now()
    for entry in entries:
        try:
            _add(batch, entry, told.get("as_of"), now)
        except _Wrong as wrong:
            name = entry.get("item_id") if isinstance(entry, dict) else None
            batch.refused.append(
                _refusal(name if isinstance(name, str) and name.isprintable() else "", str(wrong))
            )
    batch.deleted = [name for name in deleted if isinstance(name, str) and name.isprintable()]
    return batch


def _refusal(name: str, field: str) -> dict[str, Any]:
    reason = _("“%(field)s” is missing, too long or not readable.") % {"field": field}
    return {
        "item_id": name[:100],
        "result": "rejected",
        "code": "field_wrong",
        "field": field,
        "reason": reason,
    }


def _add(batch: ItemBatch, entry: Any, as_of: Any, now: datetime) -> None:
    if not isinstance(entry, dict):
        raise _Wrong("item_id")
    texts = {name: _text(entry.get(name, ""), name, length) for name, length in LENGTHS.items()}
    if not texts["item_id"]:
        raise _Wrong("item_id")
    word = _text(entry.get("status", ""), "status", 100)
    due_at = _moment(entry.get("due_at") or entry.get("due_date"), "due_at", end=True)
    told_at = _moment(entry.get("as_of") or as_of, "as_of") or now
    status = status_of(word)
    note = "status_unknown" if status is None else ""
    if told_at > now:
        # A clock that is fast, or local time said to be UTC: news can't be newer than now.
        note, told_at = "as_of_future" if told_at > now + timedelta(minutes=5) else note, now
    if note:
        batch.notes[texts["item_id"]] = note
    batch.told.append(ItemTold(**texts, status=status or "unknown", due_at=due_at, as_of=told_at))


def _text(value: Any, name: str, length: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value.strip()) > length or not value.strip().isprintable():
        raise _Wrong(name)
    return value.strip()


def _moment(value: Any, name: str, *, end: bool = False) -> datetime | None:
    """ISO 8601. Without a zone it is the portal's; a date alone is the day's beginning, or its end."""
    if value in (None, ""):
        return None
    try:
        moment = parse_datetime(value)
        if moment is None and (day := parse_date(value)):
            moment = datetime.combine(day, day_time(23, 59, 59) if end else day_time())
    except (TypeError, ValueError):
        moment = None
    if moment is None or not EARLIEST <= moment.year < 9000:
        raise _Wrong(name)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
