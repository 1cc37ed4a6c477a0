"""Writing one page: records, editions, holdings, keys, rejects, counters and checkpoint in one transaction.

The number of queries does not depend on the number of records. The same page a second time changes nothing.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from catalog.choices import RunStatus
from catalog.harvesting import copytext as c
from catalog.harvesting.database import copy_lines, empty_temporary, lock_catalogue, new_ids, set_edition
from catalog.harvesting.pages import (
    EDITION_COLUMNS,
    HOLDING_COLUMNS,
    RECORD_COLUMNS,
    Head,
    Page,
    Prepared,
    Reject,
)
from catalog.matching import candidates
from catalog.matching.cluster import Assignment, Incoming, assign
from catalog.models import Run, Source
from catalog.services.editions import editions_rebuild, editions_redirect, mark_dirty
from catalog.services.items import items_apply

# Rejected records that a run lists; of a file that is mostly noise the rest is only counted.
REJECTS_KEPT = 10_000
RAW_KEPT = 4_000_000  # bytes of one, to be tried again
Item = tuple[Head, "Prepared | Reject | None"]  # None: known to be unchanged, so it was never prepared


class RunLost(Exception):
    """Another worker has taken this run further, or somebody ended it."""


class Stored(NamedTuple):
    id: int
    digest: bytes
    edition: int | None
    deleted: bool


@dataclass
class Counts:
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0


@dataclass
class _Plan:
    """What a page comes down to, one entry per identifier."""

    new: list[Prepared] = field(default_factory=list)
    changed: list[tuple[Stored, Prepared]] = field(default_factory=list)
    gone: list[Stored] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    counts: Counts = field(default_factory=Counts)


class PageWriter:
    """Writes the pages of one run, in order."""

    def __init__(self, run: Run, source: Source) -> None:
        self.run, self.source = run, source

    def stored(self, identifiers: Sequence[str]) -> dict[str, Stored]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r.identifier, r.id, r.content_hash, coalesce(e.merged_into_id, r.edition_id), "
                "r.deleted_at IS NOT NULL FROM catalog_sourcerecord r "
                "LEFT JOIN catalog_edition e ON e.id = r.edition_id "
                "WHERE r.source_id = %s AND r.record_type = 'bib' AND r.identifier = ANY(%s)",
                [self.source.pk, list(identifiers)],
            )
            return {row[0]: Stored(row[1], bytes(row[2]), row[3], row[4]) for row in cursor.fetchall()}

    def unknown(self, page: Page, in_flight: set[str]) -> list[int]:
        """Which of the page's records have to be prepared: new ones, changed ones, and those that may change before."""
        stored = self.stored([h.identifier for h in page.heads if h.identifier])
        wanted = []
        for index, head in enumerate(page.heads):
            row = stored.get(head.identifier) if head.identifier not in in_flight else None
            if row is None or row.deleted or row.digest != head.digest:
                wanted.append(index)
        return wanted

    def write(self, page: Page, items: list[Item]) -> Counts:
        """Raises RunLost, and has then changed nothing."""
        now = timezone.now()
        with transaction.atomic(), connection.cursor() as cursor:
            lock_catalogue(cursor)
            self._hold_run(page)
            names = {p.identifier if isinstance(p, Prepared) else h.identifier for h, p in items}
            plan = self._plan(page, items, self.stored(sorted(names)))
            self._write_records(cursor, plan, now)
            self._write_rejects(cursor, plan.rejects)
            if self.source.is_snapshot:
                self._write_seen(cursor, plan.seen)
            self._advance(page, plan, now)
        return plan.counts

    def _hold_run(self, page: Page) -> None:
        run = Run.objects.select_for_update().only("status", "checkpoint").get(pk=self.run.pk)
        if run.status != RunStatus.RUNNING or run.checkpoint.get("position", 0) != page.position - page.read:
            raise RunLost(f"run {run.pk} stands at {run.checkpoint}, not before {page.position}")

    def _plan(self, page: Page, items: list[Item], stored: dict[str, Stored]) -> _Plan:
        plan = _Plan(rejects=list(page.rejects), counts=Counts(read=page.read, rejected=len(page.rejects)))
        plan.warnings.update(page.warnings)
        counts = plan.counts
        last: dict[str, Item] = {}
        for head, prepared in items:
            if isinstance(prepared, Reject):
                plan.rejects.append(prepared)
                counts.rejected += head.size
                continue
            name = prepared.identifier if prepared else head.identifier
            if name in last:  # the file has it twice on this page: the later one counts
                counts.unchanged += last.pop(name)[0].size
            last[name] = (head, prepared)
        for name, (head, item) in last.items():
            prepared, row = item if isinstance(item, Prepared) else None, stored.get(name)
            if prepared and prepared.warnings:
                plan.warnings.update(set(prepared.warnings))
            if prepared is None or (row and not row.deleted and row.digest == prepared.digest):
                counts.unchanged += head.size
            elif prepared.deleted:
                self._plan_delete(plan, row, head.size)
                continue
            elif row is None:
                plan.new.append(prepared)
                counts.created += head.size
            else:
                plan.changed.append((row, prepared))
                counts.created += head.size if row.deleted else 0
                counts.updated += 0 if row.deleted else head.size
            if row:
                plan.seen.append(row.id)
        return plan

    def _plan_delete(self, plan: _Plan, row: Stored | None, size: int) -> None:
        if row and not row.deleted:
            plan.gone.append(row)
            plan.counts.deleted += size
        else:
            plan.counts.unchanged += size

    def _write_records(self, cursor: Any, plan: _Plan, now: datetime) -> None:
        ids = new_ids(cursor, "catalog_sourcerecord", len(plan.new))
        plan.seen += ids
        page = [Incoming(i, p.features, p.keys) for i, p in zip(ids, plan.new, strict=True)]
        page += [Incoming(row.id, p.features, p.keys, row.edition) for row, p in plan.changed]
        prepared = dict(zip(ids, plan.new, strict=True)) | {row.id: p for row, p in plan.changed}
        result = self._assign(cursor, page)
        singles = self._write_new_editions(cursor, result, prepared, now)
        self._copy_new(cursor, ids, prepared, result, now)
        self._update_changed(cursor, [row.id for row, _ in plan.changed], prepared, result, now)
        cleared = [row.id for row, _ in plan.changed] + [row.id for row in plan.gone]
        if cleared:
            cursor.execute("DELETE FROM catalog_matchkey WHERE record_id = ANY(%s)", [cleared])
            cursor.execute("DELETE FROM catalog_holding WHERE record_id = ANY(%s)", [cleared])
        self._copy_parts(cursor, prepared, result, now)
        if plan.gone:
            cursor.execute(
                "UPDATE catalog_sourcerecord SET deleted_at = %s, last_run_id = %s WHERE id = ANY(%s)",
                [now, self.run.pk, [row.id for row in plan.gone]],
            )
        if along := {r: e for r, e in result.editions.items() if r not in prepared}:
            set_edition(cursor, along)
        editions_redirect(cursor, result.merged)
        touched = (set(result.editions.values()) | result.touched) - singles
        touched |= {row.edition for row in plan.gone if row.edition}
        editions_rebuild(cursor, touched, now=now)
        if singles:
            mark_dirty(cursor, sorted(singles))

    def _assign(self, cursor: Any, page: list[Incoming]) -> Assignment:
        if not page:
            return Assignment()
        members, blocks = candidates.load(cursor, page)
        result = assign(page, members, blocks)
        fresh = sorted({e for e in result.editions.values() if e < 0}, reverse=True)
        number = dict(zip(fresh, new_ids(cursor, "catalog_edition", len(fresh)), strict=True))
        result.editions = {r: number.get(e, e) for r, e in result.editions.items()}
        result.merged = {old: number.get(new, new) for old, new in result.merged.items()}
        result.fresh = set(number.values())
        return result

    def _write_new_editions(
        self, cursor: Any, result: Assignment, prepared: dict[int, Prepared], now: datetime
    ) -> set[int]:
        """Rows of new editions, described by their first record. Returns those of one record: they are complete."""
        first: dict[int, int] = {}
        several = set()
        for record, edition in result.editions.items():
            if first.setdefault(edition, record) != record or record not in prepared:
                several.add(edition)
        fresh = sorted(e for e in first if e in result.fresh)
        lines = [
            f"{e}\t1\t1\t{now.isoformat()}\t{now.isoformat()}\t{prepared[first[e]].edition_line}"
            for e in fresh
        ]
        columns = ("id", "record_count", "library_count", "created_at", "changed_at", *EDITION_COLUMNS)
        copy_lines(cursor, "catalog_edition", columns, lines)
        return set(fresh) - several

    def _copy_new(
        self, cursor: Any, ids: list[int], prepared: dict[int, Prepared], result: Assignment, now: datetime
    ) -> None:
        at = now.isoformat()
        lines = [
            f"{i}\t{self.source.pk}\t{result.editions[i]}\t{at}\t{at}\t{self.run.pk}\t0\t{prepared[i].record_line}"
            for i in ids
        ]
        columns = ("id", "source_id", "edition_id", "first_seen_at", "changed_at", "last_run_id", "missed")
        copy_lines(cursor, "catalog_sourcerecord", (*columns, *RECORD_COLUMNS), lines)

    def _update_changed(
        self, cursor: Any, ids: list[int], prepared: dict[int, Prepared], result: Assignment, now: datetime
    ) -> None:
        if not ids:
            return
        definition = (
            "id bigint, edition_id bigint, record_type text, identifier text, raw bytea, raw_format text, "
            "content_hash bytea, draft jsonb, features jsonb"
        )
        empty_temporary(cursor, "record_in", definition)
        lines = [f"{i}\t{result.editions[i]}\t{prepared[i].record_line}" for i in ids]
        copy_lines(cursor, "record_in", ("id", "edition_id", *RECORD_COLUMNS), lines)
        cursor.execute(
            "UPDATE catalog_sourcerecord r SET edition_id = n.edition_id, raw = n.raw, raw_format = n.raw_format, "
            "content_hash = n.content_hash, draft = n.draft, features = n.features, changed_at = %s, "
            "last_run_id = %s, deleted_at = NULL FROM record_in n WHERE r.id = n.id",
            [now, self.run.pk],
        )

    def _copy_parts(
        self, cursor: Any, prepared: dict[int, Prepared], result: Assignment, now: datetime
    ) -> None:
        """Keys and holdings of new and changed records; what changed ones had before is gone already."""
        keys = [f"{key}\t{i}\n" for i, p in prepared.items() for key in p.keys]
        copy_lines(cursor, "catalog_matchkey", ("key", "record_id"), keys)
        at, library = now.isoformat(), self.source.library_id
        holdings = [
            f"{result.editions[i]}\t{library}\t{i}\t{at}\t{line}"
            for i, p in prepared.items()
            for line in p.holding_lines
        ]
        columns = ("edition_id", "library_id", "record_id", "as_of", *HOLDING_COLUMNS)
        copy_lines(cursor, "catalog_holding", columns, holdings)
        items_apply(cursor, prepared)

    def _write_rejects(self, cursor: Any, rejects: list[Reject]) -> None:
        room = max(0, REJECTS_KEPT - self.run.rejected)
        # The sweep must always learn that a file was cut short.
        rejects = rejects[:room] + [r for r in rejects[room:] if r.reason_code == "truncated"]
        columns = ("run_id", "position", '"offset"', "identifier", "reason_code", "reason", "snippet", "raw",
                   "raw_format")  # fmt: skip
        lines = [
            c.line(
                str(self.run.pk), str(r.position), str(r.offset), c.clipped(r.identifier, 200),
                c.clipped(r.reason_code, 40), c.clipped(r.reason, 500), c.binary(r.snippet),
                c.binary(zlib.compress(r.raw)) if 0 < len(r.raw) <= RAW_KEPT else "\\N", r.raw_format,
            )
            for r in rejects
        ]  # fmt: skip
        copy_lines(cursor, "catalog_rejectedrecord", columns, lines)

    def _write_seen(self, cursor: Any, record_ids: list[int]) -> None:
        cursor.execute(
            "INSERT INTO catalog_seenrecord (run_id, record_id) SELECT %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING",
            [self.run.pk, sorted(set(record_ids))],
        )

    def _advance(self, page: Page, plan: _Plan, now: datetime) -> None:
        run, counts = self.run, plan.counts
        for name, value in vars(counts).items():
            setattr(run, name, getattr(run, name) + value)
        run.checkpoint = {**run.checkpoint, "position": page.position, "resume": list(page.resume)}
        run.bytes_done = max(run.bytes_done, page.bytes_done)
        run.heartbeat_at = now
        run.warnings = dict(plan.warnings + Counter(run.warnings))
        run.save(update_fields=[*vars(counts), "checkpoint", "bytes_done", "heartbeat_at", "warnings"])
