"""Matching the whole catalogue from scratch beside what is in use, and how the two differ.

Called by `manage.py rematch`. Features and keys are made anew from the stored drafts, records are placed in the order
of their numbers, a page at a time: what was placed stays, so an interrupted rematch goes on where it stood. Nothing
that readers see changes before services/rematch_switch.py.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import RematchStatus
from catalog.harvesting import copytext as c
from catalog.harvesting.database import copy_lines, lock_catalogue, spare_disk
from catalog.matching import candidates, shadow
from catalog.matching.again import Ready, Row, prepare
from catalog.matching.cluster import Assignment, assign
from catalog.matching.score import weights
from catalog.models import Rematch
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

PAGE = 1_000
AHEAD = 4  # pages that are prepared while one is placed
MARGIN = timedelta(minutes=2)  # a page of a harvest may be committed so much later than it was stamped
EXAMPLES = 20
LOCK = 0x6A656A02
OPEN = (RematchStatus.BUILDING, RematchStatus.BUILT, RematchStatus.SWITCHING)
Progress = Callable[[Rematch, int], None]


@contextmanager
def alone() -> Iterator[None]:
    """One rematch at a time. Raises RuleViolation where another works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise RuleViolation("busy", _("Another rematch is at work."))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def rematch_build(
    *, actor: Actor, fresh: bool = False, workers: int = 2, progress: Progress | None = None
) -> Rematch:
    """Place every live record beside, or go on with it; the difference is in its figures. Raises RuleViolation.

    `fresh`: from the beginning. One that was made with other rules is given up anyway.
    """
    with alone():
        rematch = _open(actor, fresh)
        if rematch.status == RematchStatus.SWITCHING:
            return rematch
        _place_all(rematch, workers, progress)
        with transaction.atomic(), connection.cursor() as cursor:
            catch_up(cursor, rematch)
            rematch.figures = _difference(cursor)
            rematch.status = RematchStatus.BUILT
            rematch.save(update_fields=["figures", "status"])
        return rematch


def _open(actor: Actor, fresh: bool) -> Rematch:
    rules = weights().version
    left = Rematch.objects.filter(status__in=OPEN).first()
    if left and left.status == RematchStatus.SWITCHING:
        return left
    if left and left.rules == rules and not fresh:
        return left
    with transaction.atomic(), connection.cursor() as cursor:
        if left:
            left.status, left.finished_at = RematchStatus.DROPPED, timezone.now()
            left.save(update_fields=["status", "finished_at"])
        cursor.execute("TRUNCATE catalog_shadowrecord, catalog_shadowkey")
        rematch = Rematch.objects.create(rules=rules, started_at=timezone.now())
        audit.record("catalog.rematch.started", actor=actor, target=rematch)
    return rematch


def _place_all(rematch: Rematch, workers: int, progress: Progress | None) -> None:
    for page in _prepared(rematch.position, workers):
        with transaction.atomic(), connection.cursor() as cursor:
            spare_disk(cursor)
            _place(cursor, rematch, page)
            rematch.position = page[-1][0].record_id
            rematch.save(update_fields=["position", "clusters"])
        if progress:
            progress(rematch, len(page))


def _prepared(after: int, workers: int) -> Iterator[list[Ready]]:
    """Pages in order; other processes make them ready ahead, this one where `workers` is 0."""
    if not workers:
        yield from map(prepare, _pages(after))
        return
    waiting: deque[Future[list[Ready]]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for rows in _pages(after):
            waiting.append(pool.submit(prepare, rows))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _pages(after: int) -> Iterator[list[Row]]:
    while rows := _rows(shadow.NEXT, [after, PAGE]):
        yield rows
        after = rows[-1][0]


def _rows(query: str, values: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[Row] = cursor.fetchall()
        return rows


def _place(cursor: Any, rematch: Rematch, page: list[Ready]) -> None:
    records = [incoming for incoming, _ in page]
    result = assign(records, *candidates.load(cursor, records, shadow.BESIDE))
    _number(rematch, result)
    doubts: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for doubt in result.doubts:
        doubts[doubt.record].append((doubt.other, doubt.score, doubt.why))
    lines = []
    for incoming, told in page:
        number, noted = incoming.record_id, doubts.get(incoming.record_id)
        columns = (c.text(told) if told else None, c.text(c.as_json(noted)) if noted else None)
        lines.append(f"{number}\t{result.editions[number]}\t" + "\t".join(map(c.nullable, columns)) + "\n")
    copy_lines(cursor, "catalog_shadowrecord", ("record_id", "cluster", "features", "doubts"), lines)
    keys = [f"{key}\t{incoming.record_id}\n" for incoming in records for key in incoming.keys]
    copy_lines(cursor, "catalog_shadowkey", ("key", "record_id"), keys)
    placed = {incoming.record_id for incoming in records}
    if along := {r: cluster for r, cluster in result.editions.items() if r not in placed}:
        cursor.execute(
            "UPDATE catalog_shadowrecord s SET cluster = v.cluster "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS v(record, cluster) WHERE s.record_id = v.record",
            [list(along), list(along.values())],
        )


def _number(rematch: Rematch, result: Assignment) -> None:
    """New clusters get numbers; a rematch counts them itself."""
    number: dict[int, int] = {}
    for cluster in sorted({e for e in result.editions.values() if e < 0}, reverse=True):
        rematch.clusters += 1
        number[cluster] = rematch.clusters
    result.editions = {r: number.get(e, e) for r, e in result.editions.items()}


def catch_up(cursor: Any, rematch: Rematch) -> None:
    """Place anew what harvests changed meanwhile. Holds the catalogue to the end of the transaction."""
    lock_catalogue(cursor)
    since: datetime = rematch.caught_up_at or rematch.started_at
    cursor.execute(shadow.LATE, [since - MARGIN])
    late = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(late), PAGE):
        numbers = late[start : start + PAGE]
        for table in ("catalog_shadowrecord", "catalog_shadowkey"):
            cursor.execute(f"DELETE FROM {table} WHERE record_id = ANY(%s)", [numbers])  # noqa: S608
        if rows := _rows(shadow.AGAIN, [numbers]):
            _place(cursor, rematch, prepare(rows))
    while rows := _rows(shadow.NEXT, [rematch.position, PAGE]):
        _place(cursor, rematch, prepare(rows))
        rematch.position = rows[-1][0]
    rematch.caught_up_at = timezone.now()
    rematch.save(update_fields=["position", "clusters", "caught_up_at"])


def _difference(cursor: Any) -> dict[str, Any]:
    """What would change: counts, and examples of editions that become one and that come apart."""
    cursor.execute(shadow.COMPARE)
    cursor.execute(shadow.FIGURES)
    names = ("records", "editions_in_use", "editions_beside", "joined", "parted", "moved")
    figures: dict[str, Any] = dict(zip(names, map(int, cursor.fetchone()), strict=True))
    cursor.execute(shadow.JOINED, [EXAMPLES])
    figures["examples_joined"] = [list(row) for row in cursor.fetchall()]
    cursor.execute(shadow.PARTED, [EXAMPLES])
    figures["examples_parted"] = [list(row) for row in cursor.fetchall()]
    return figures
