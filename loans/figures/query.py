"""From the questions of loans.figures.sql to Figures. Nine statements, whatever the size of the tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from loans.figures import sql
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
)
from members.models import Library

Row = tuple[Any, ...]
STAGES = ("begin", "answer", "send", "travel", "whole")
KEPT_SECONDS = 300  # the network's figures are asked for again and again; a library's are quick


def figures(scope: Scope, period: Period) -> Figures:
    """All figures of a library or of the network, in a period. The network's may be five minutes old."""
    if scope.library_id is not None:
        return count(scope, period)
    key = cache_key(period)
    kept: Figures | None = cache.get(key)
    if kept is None:
        kept = count(scope, period)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def cache_key(period: Period) -> str:
    return f"figures:{period.first}:{period.last}"


def count(scope: Scope, period: Period) -> Figures:
    """Asked of the tables, now."""
    values = {
        "library": scope.library_id, "start": period.start, "end": period.end, "zone": settings.TIME_ZONE,
        "first": period.first, "last": period.last, "today": timezone.localdate(),
    }  # fmt: skip
    answers, reasons = _answers(_rows(sql.ANSWERS, values))
    return Figures(
        scope=scope,
        period=period,
        made_at=timezone.now(),
        ends=_ends(_rows(sql.ENDS, values)),
        answers=answers,
        months=_months(_rows(sql.MONTHS, values), period),
        turnaround=_turnaround(_rows(sql.TURNAROUND, values)),
        reasons=reasons,
        partners=_partners(_rows(sql.PAIRS, values), scope.library_id),
        wanted=tuple(Wanted(*row) for row in _rows(sql.WANTED, values)),
        overdue=Overdue(*_rows(sql.OVERDUE, values)[0]),
        costs=tuple(Cost(*row) for row in _rows(sql.COSTS, values)),
    )


def _rows(statement: str, values: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _ends(rows: Iterable[Row]) -> dict[str, Ends]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for service, outcome, count, first in rows:
        for key in (service, ""):
            counts[key][outcome] += count
            counts[key]["first"] += first
    counts[""] += Counter()  # there also when nothing was found
    return {key: Ends(**counter) for key, counter in counts.items()}


def _answers(rows: Iterable[Row]) -> tuple[Answers, tuple[Reason, ...]]:
    answers: Counter[str] = Counter()
    said: Counter[str] = Counter()
    heard: Counter[str] = Counter()
    for side, answer, reason, count in rows:
        if side == "said":
            answers[answer] += count
        if answer != "yes":
            (said if side == "said" else heard)[reason or "other"] += count
    codes = sorted(said.keys() | heard.keys(), key=lambda code: (-said[code] - heard[code], code))
    return Answers(**answers), tuple(Reason(code, said[code], heard[code]) for code in codes)


def _months(rows: Iterable[Row], period: Period) -> tuple[Month, ...]:
    counts: defaultdict[date, dict[str, int]] = defaultdict(dict)
    for kind, month, count in rows:
        counts[month][kind] = count
    return tuple(Month(month, **counts[month]) for month in period.months)


def _turnaround(rows: Iterable[Row]) -> tuple[Turnaround, ...]:
    order = {stage: place for place, stage in enumerate(STAGES)}
    levels = {"": 0, "normal": 1, "rush": 2, "express": 3}
    found = [
        Turnaround(stage, service, level, count, float(median), float(mean), float(ninth))
        for stage, service, level, count, median, mean, ninth in rows
    ]
    return tuple(sorted(found, key=lambda t: (t.service != "loan", order[t.stage], levels.get(t.level, 9))))


def _partners(rows: Iterable[Row], library_id: int | None) -> tuple[Partner, ...]:
    """For a library, each partner; for the network, each library's own exchange. Most active first."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for supplier, requester, service, count in rows:
        what = "copies" if service == "copy" else "loans"
        if library_id is None:
            counts[supplier][f"supplied_{what}"] += count
            counts[requester][f"received_{what}"] += count
        elif supplier == library_id:
            counts[requester][f"supplied_{what}"] += count
        else:
            counts[supplier][f"received_{what}"] += count
    names = Library.objects.in_bulk(counts)
    found = [Partner(pk, names[pk].name, names[pk].short_code, **counter) for pk, counter in counts.items()]
    return tuple(sorted(found, key=lambda p: (-p.supplied - p.received, p.name)))
