"""The roll-up: figures counted beforehand by a task, with the same questions, and read back in one row.

In a small network (fewer than COUNTED_LIVE attempts) nothing is kept: counting is quick, and always as of now.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from loans.figures.hiding import hiding_mark
from loans.figures.model import (
    Answers,
    Cost,
    Ends,
    Figures,
    Month,
    Overdue,
    Partner,
    Period,
    Reason,
    Scope,
    Turnaround,
    Wanted,
    last_days,
)
from loans.figures.query import cache_key, count
from loans.figures.query import figures as live
from loans.models import KeptFigures
from network_portal.core.sending import task_send

COUNTED_LIVE = 50_000
FRESH = timedelta(hours=1)
BUDGET = 900.0  # seconds; whatever an hourly round leaves out is counted when somebody looks at it
REMEMBERED = timedelta(days=7)  # periods that nobody asked for so long are let go


class BeingCounted(Exception):
    """These figures are not there yet; a task has been asked to count them."""


def figures(scope: Scope, period: Period) -> Figures:
    """All figures of a library or of the network, as of `made_at`. Raises BeingCounted for a large network's, once.

    Page, CSV and API all come here, so that they tell the same numbers.
    """
    if not is_large():
        return live(scope, period)
    row = _rows(scope, period).first()
    if row is not None and scope.library_id is not None and row.data.get("hiding") != hiding_mark():
        row = None  # it may name partners whom a hub hides by now
    if row is None and scope.library_id is not None:
        return _read(keep(scope, period))  # a library's are quick, also among a million requests
    if row is None:
        _ask(scope, period)
        row = _rows(scope, period).first()  # where tasks are done at once, it is there now
        if row is None:
            raise BeingCounted
    elif row.made_at < timezone.now() - FRESH and period.last >= timezone.localdate() - timedelta(days=1):
        _ask(scope, period)
    today = timezone.localdate()
    if row.asked_on != today:
        KeptFigures.objects.filter(pk=row.pk).update(asked_on=today)
    return _read(row)


def count_again(scope: Scope, period: Period) -> bool:
    """Is it counted by the next look already? In a large network a task does it."""
    if not is_large():
        cache.delete(cache_key(period))
        return True
    _ask(scope, period)
    return False


def is_large() -> bool:
    """By the server's own estimate, which costs nothing to ask for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'loans_supplyattempt'::regclass")
        estimate: float = cursor.fetchone()[0]
    return estimate >= COUNTED_LIVE


def keep(scope: Scope, period: Period) -> KeptFigures:
    """Count and keep; whoever reads meanwhile sees what was kept before."""
    started = time.perf_counter()
    found = count(scope, period)
    data = as_json(found) | {"hiding": hiding_mark()}
    values = {
        "made_at": found.made_at, "seconds": time.perf_counter() - started, "data": data,
        "asked_on": timezone.localdate(),
    }  # fmt: skip
    key: dict[str, Any] = {"library_id": scope.library_id, "first": period.first, "last": period.last}
    defaults = {name: value for name, value in values.items() if name != "asked_on"}
    row, _new = KeptFigures.objects.update_or_create(**key, defaults=defaults, create_defaults=values)
    return row


def refresh() -> int:
    """Count anew what people look at: the network's standard period, and what was asked for lately. How many."""
    if not is_large():
        return 0
    today = timezone.localdate()
    KeptFigures.objects.filter(asked_on__lt=today - REMEMBERED).delete()
    # What ended before yesterday no longer changes, but for a late answer; a click counts it anew.
    stale = KeptFigures.objects.filter(
        last__gte=today - timedelta(days=1), made_at__lt=timezone.now() - FRESH / 2
    )
    asked = [(row.library_id, _moved_on(row, today)) for row in stale.order_by("library_id", "made_at")]
    network_first = sorted(dict.fromkeys([(None, last_days()), *asked]), key=lambda one: one[0] or 0)
    started = time.perf_counter()
    done = 0
    for library_id, period in network_first:
        if time.perf_counter() - started > BUDGET:
            break
        keep(Scope(library_id), period)
        done += 1
    return done


def _moved_on(row: KeptFigures, today: date) -> Period:
    """ "The last twelve months" of yesterday are those of today now."""
    shift = today - row.last if row.last == today - timedelta(days=1) else timedelta(0)
    return Period(row.first + shift, row.last + shift)


def _rows(scope: Scope, period: Period) -> QuerySet[KeptFigures]:
    rows = KeptFigures.objects.filter(first=period.first, last=period.last)
    return rows.filter(library=None) if scope.library_id is None else rows.filter(library_id=scope.library_id)


def _ask(scope: Scope, period: Period) -> None:
    values = (scope.library_id, period.first.isoformat(), period.last.isoformat())
    transaction.on_commit(partial(task_send, "loans.tasks_figures.count_figures", *values, retry=True))


def as_json(found: Figures) -> dict[str, Any]:
    """Days and amounts as text; numbers as they are."""
    encoder = DjangoJSONEncoder()

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return encoder.default(value) if isinstance(value, date | datetime | Decimal) else value

    written: dict[str, Any] = plain(asdict(found))
    return written


def _read(row: KeptFigures) -> Figures:
    data = row.data
    return Figures(
        scope=Scope(row.library_id), period=Period(row.first, row.last),
        made_at=parse_datetime(data["made_at"]) or row.made_at,
        ends={service: Ends(**ends) for service, ends in data["ends"].items()}, answers=Answers(**data["answers"]),
        months=tuple(Month(**{**one, "month": date.fromisoformat(one["month"])}) for one in data["months"]),
        turnaround=tuple(Turnaround(**one) for one in data["turnaround"]),
        reasons=tuple(Reason(**one) for one in data["reasons"]),
        partners=tuple(Partner(**one) for one in data["partners"]),
        wanted=tuple(Wanted(**one) for one in data["wanted"]), overdue=Overdue(**data["overdue"]),
        costs=tuple(
            Cost(one["currency"], one["kind"], Decimal(one["earned"]), Decimal(one["paid"])) for one in data["costs"]
        ),
    )  # fmt: skip
