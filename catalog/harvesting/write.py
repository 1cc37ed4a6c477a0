"""Writing one page: records, editions, holdings, keys, rejects, counters and checkpoint in one transaction.

The number of queries does not depend on the number of records. The same page a second time changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from catalog.choices import RunKind, RunStatus
from catalog.harvesting import gone, holdings_link, rejects
from catalog.harvesting.database import (
    copy_lines,
    empty_temporary,
    lock_catalogue,
    new_ids,
    set_edition,
    spare_disk,
)
from catalog.harvesting.decided import decisions_back, doubts_write
from catalog.harvesting.pages import EDITION_COLUMNS, HOLDING_COLUMNS, RECORD_COLUMNS, Page, Prepared
from catalog.harvesting.plan import Counts as Counts
from catalog.harvesting.plan import Item as Item
from catalog.harvesting.plan import Plan, make_plan
from catalog.harvesting.plan import Stored as Stored
from catalog.matching import candidates
from catalog.matching.cluster import Assignment, Incoming, assign
from catalog.models import Run, Source
from catalog.services.editions import editions_rebuild, editions_redirect, mark_dirty
from catalog.services.items import items_apply

# What these runs read stays where it is, and is read again from the last page that the database still knows.
REPEATABLE = (RunKind.HARVEST, RunKind.RENORMALISE)


class RunLost(Exception):
    """Another worker has taken this run further, or somebody ended it."""


class PageWriter:
    """Writes the pages of one run, in order."""

    def __init__(self, run: Run, source: Source) -> None:
        self.run, self.source = run, source
        self.marks_seen = source.is_snapshot and run.kind in gone.LISTS
        self.gone = gone.GoneList(run)
        self.awaited = rejects.awaited(source, run)

    def stored(self, identifiers: Sequence[str]) -> dict[str, Stored]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r.identifier, r.id, r.content_hash, coalesce(e.merged_into_id, r.edition_id), "
                "r.deleted_at IS NOT NULL, r.missed FROM catalog_sourcerecord r "
                "LEFT JOIN catalog_edition e ON e.id = r.edition_id "
                "WHERE r.source_id = %s AND r.record_type = 'bib' AND r.identifier = ANY(%s)",
                [self.source.pk, list(identifiers)],
            )
            return {row[0]: Stored(row[1], bytes(row[2]), *row[3:]) for row in cursor.fetchall()}

    def unknown(self, page: Page, in_flight: set[str]) -> list[int]:
        """Which of the page's records have to be prepared: new ones, changed ones, and those that may change before."""
        stored = self.stored([h.identifier for h in page.heads if h.identifier])
        wanted = []
        for index, head in enumerate(page.heads):
            row = stored.get(head.identifier) if head.identifier not in in_flight else None
            if row is None or row.deleted or row.digest != head.digest:
                wanted.append(index)
        return wanted

    def write(self, page: Page, items: list[Item], *, force: bool = False) -> Counts:
        """Raises RunLost, and has then changed nothing. `force`: what is prepared is written, known bytes or not."""
        now = timezone.now()
        with transaction.atomic(), connection.cursor() as cursor:
            lock_catalogue(cursor)
            if self.run.kind in REPEATABLE:
                spare_disk(cursor)
            self._hold_run(page)
            names = {p.identifier if isinstance(p, Prepared) else h.identifier for h, p in items}
            names.update(reject.identifier for reject in page.rejects)
            plan = self._plan(page, items, self.stored(sorted(names)), force)
            self._write_records(cursor, plan, now)
            self._link_holdings(cursor, plan, now)
            rejects.write(cursor, self.run, plan.rejects)
            if plan.mended:
                rejects.resolve(cursor, self.source, plan.mended, now)
            self._write_met(cursor, plan)
            self._advance(page, plan, now)
        return plan.counts

    def _hold_run(self, page: Page) -> None:
        run = Run.objects.select_for_update().only("status", "checkpoint").get(pk=self.run.pk)
        if run.status != RunStatus.RUNNING or run.checkpoint.get("position", 0) != page.position - page.read:
            raise RunLost(f"run {run.pk} stands at {run.checkpoint}, not before {page.position}")

    def _plan(self, page: Page, items: list[Item], stored: dict[str, Stored], force: bool) -> Plan:
        return make_plan(page, items, stored, force=force, awaited=self.awaited)

    def _write_records(self, cursor: Any, plan: Plan, now: datetime) -> None:
        ids = new_ids(cursor, "catalog_sourcerecord", len(plan.new))
        plan.seen += ids
        page = [Incoming(i, p.features, p.keys) for i, p in zip(ids, plan.new, strict=True)]
        page += [Incoming(row.id, p.features, p.keys, row.edition) for row, p in plan.changed]
        prepared = dict(zip(ids, plan.new, strict=True)) | {row.id: p for row, p in plan.changed}
        decisions_back(cursor, self.source.pk, {i: p.identifier for i, p in zip(ids, plan.new, strict=True)})
        result = self._assign(cursor, page)
        doubts_write(cursor, result.doubts, [row.id for row, _ in plan.changed], now)
        singles = self._write_new_editions(cursor, result, prepared, now)
        self._copy_new(cursor, ids, prepared, result, now)
        self._update_changed(cursor, [row.id for row, _ in plan.changed], prepared, result, now)
        if cleared := [row.id for row, _ in plan.changed]:
            cursor.execute("DELETE FROM catalog_matchkey WHERE record_id = ANY(%s)", [cleared])
            cursor.execute("DELETE FROM catalog_holding WHERE record_id = ANY(%s)", [cleared])
        self._copy_parts(cursor, prepared, result, now)
        if along := {r: e for r, e in result.editions.items() if r not in prepared}:
            set_edition(cursor, along)
        editions_redirect(cursor, result.merged)
        touched = (set(result.editions.values()) | result.touched) - singles
        editions_rebuild(cursor, touched, now=now)
        if singles:
            mark_dirty(cursor, sorted(singles))

    def _link_holdings(self, cursor: Any, plan: Plan, now: datetime) -> None:
        """Holdings records that name their title are none of the rejects."""
        written = [p.identifier for p in plan.new] + [p.identifier for _row, p in plan.changed]
        linked = holdings_link.link(cursor, self.run, plan.rejects, written, now)
        plan.counts.rejected -= len(plan.rejects) - len(linked.rejects)
        plan.counts.created += linked.created
        plan.counts.updated += linked.updated
        plan.counts.unchanged += linked.unchanged
        if linked.waiting:
            plan.warnings["holdings_waiting"] += linked.waiting
        plan.rejects = linked.rejects

    def _assign(self, cursor: Any, page: list[Incoming]) -> Assignment:
        if not page:
            return Assignment()
        result = assign(page, *candidates.load(cursor, page))
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
            "last_run_id = %s, deleted_at = NULL, deleted_why = '', missed = 0 FROM record_in n WHERE r.id = n.id",
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

    def _write_met(self, cursor: Any, plan: Plan) -> None:
        """Who was met, who is back, and who was announced as gone; no row of an unchanged record is written."""
        if self.marks_seen:
            cursor.execute(
                "INSERT INTO catalog_seenrecord (run_id, record_id) SELECT %s, unnest(%s::bigint[]) "
                "ON CONFLICT DO NOTHING",
                [self.run.pk, sorted(set(plan.seen))],
            )
        if plan.found:
            cursor.execute("UPDATE catalog_sourcerecord SET missed = 0 WHERE id = ANY(%s)", [plan.found])
        self.gone.collect(cursor, plan.gone)
        self.gone.release(cursor, plan.seen)

    def _advance(self, page: Page, plan: Plan, now: datetime) -> None:
        run, counts = self.run, plan.counts
        for name, value in vars(counts).items():
            setattr(run, name, getattr(run, name) + value)
        run.checkpoint = {**run.checkpoint, "position": page.position, "resume": list(page.resume)}
        if plan.bad:
            run.checkpoint["bad"] = run.checkpoint.get("bad", 0) + plan.bad
        run.bytes_done = max(run.bytes_done, page.bytes_done)
        run.heartbeat_at = now
        run.warnings = dict(plan.warnings + Counter(run.warnings))
        run.save(update_fields=[*vars(counts), "checkpoint", "bytes_done", "heartbeat_at", "warnings"])
