"""The server's identifiers against ours, for servers with dates but without deletions. Called by reader.py.

Headers alone are listed. What is stored and was listed is marked as met, and the run's end takes out the rest by the
rules of a whole list (services/runs.py); what is listed and not stored is fetched one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone

from catalog.choices import RunStatus
from catalog.harvesting.gone import GoneList
from catalog.harvesting.intake import Intake, Sent
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.harvest import Checkpoint, Order, harvest, may_sweep
from catalog.harvesting.oai.options import OaiOptions
from catalog.harvesting.oai.types import OaiError, OaiPage
from catalog.models import RejectedRecord, Run, Source

log = structlog.get_logger(__name__)
MOST_FETCHED = 1000  # more unknown ones than that come with the next harvest, which then asks for everything
AT_ONCE = 20
FAILED = "identifiers_incomplete"  # warnings of the run
UNFETCHED = "unknown_not_fetched"
Came = tuple[OaiPage, Checkpoint]
Batches = Callable[[Iterator[Came]], Iterator[list[Came]]]  # how pages are waited for


def compare_due(source: Source, options: OaiOptions) -> bool:
    """Whether the last comparison that came to its end is too long ago."""
    if not options.compare_days:
        return False
    since = timezone.now() - timedelta(days=options.compare_days)
    ended = Run.objects.filter(source=source, status__in=(RunStatus.DONE, RunStatus.PARTIAL))
    return not ended.filter(checkpoint__compared=True, finished_at__gt=since).exists()


class Comparison:
    """Of one run. Its place in the list is kept in the run's checkpoint, so a killed worker's run goes on there."""

    def __init__(self, intake: Intake, client: OaiClient, order: Order) -> None:
        self.intake, self.client, self.run = intake, client, intake.run
        self.order = Order(order.prefix, order.set_spec, dates=False, headers=True)
        self.listed: int | None = None  # living records of the server, after a complete list

    def carry_out(self, batches: Batches) -> bool:
        """Whether the list came whole, so that what was not met is gone."""
        try:
            end = self._list(batches)
        except OaiError as error:
            # The records themselves have come: only this part is tried again with the next run.
            log.warning("identifiers_incomplete", run=self.run.pk, code=error.code)
            self.intake.write([], warnings=[FAILED])
            return False
        if not may_sweep(Order("", headers=True), end):
            self.intake.write([], warnings=[FAILED])
            return False
        self.listed = end.received - end.deleted
        self._fetch_unknown()
        self.run.checkpoint["compared"] = True
        return True

    def _list(self, batches: Batches) -> Checkpoint:
        saved = self.run.checkpoint.get("headers")
        end = Checkpoint.from_json(saved) if saved else None
        for batch in batches(harvest(self.client, self.order, checkpoint=end)):
            end = batch[-1][1]
            names = [r.identifier[:200] for page, _ in batch for r in page.records if not r.deleted]
            known = _mark_met(self.run, names)
            unknown = _never_sent(self.run, [name for name in dict.fromkeys(names) if name not in known])
            unknown = [*self.run.checkpoint.get("unknown", []), *unknown][: MOST_FETCHED + 1]
            # A worker killed in between marks these pages once more.
            self.intake.write([], checkpoint={"headers": end.as_json(), "unknown": unknown})
            self.intake.check_stop()
        return end or Checkpoint([])

    def _fetch_unknown(self) -> None:
        """One by one, as long as they are few and the server gives them."""
        while unknown := self.run.checkpoint.get("unknown", []):
            part, rest = unknown[:AT_ONCE], unknown[AT_ONCE:]
            try:
                if len(unknown) > MOST_FETCHED:
                    raise OaiError("too_many_pages")
                records = [self._fetch(name) for name in part]
            except OaiError as error:
                log.warning("unknown_not_fetched", run=self.run.pk, code=error.code)
                self.intake.write([], checkpoint={"unknown": [], "all_again": True}, warnings=[UNFETCHED])
                return
            # In this order: a record that is stored and not marked would be taken out.
            self.intake.write([r for r in records if r])
            _mark_met(self.run, part)
            self.intake.write([], checkpoint={"unknown": rest})
            self.intake.check_stop()

    def _fetch(self, name: str) -> Sent | None:
        try:
            record = self.client.get_record(name, self.order.prefix)
        except OaiError as error:
            if error.code in ("idDoesNotExist", "cannotDisseminateFormat"):
                return None
            raise
        return Sent(record.identifier, record.payload) if record and not record.deleted else None


def _mark_met(run: Run, names: Sequence[str]) -> set[str]:
    """Note that these were met, as write.py does for records; returns those that are stored."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH met AS (SELECT id, identifier FROM catalog_sourcerecord WHERE source_id = %s "
            "AND record_type = 'bib' AND deleted_at IS NULL AND identifier = ANY(%s)), marked AS "
            "(INSERT INTO catalog_seenrecord (run_id, record_id) SELECT %s, id FROM met ON CONFLICT DO NOTHING) "
            "SELECT id, identifier FROM met",
            [run.source_id, list(names), run.pk],
        )
        rows = cursor.fetchall()
        cursor.execute(
            "UPDATE catalog_sourcerecord SET missed = 0 WHERE id = ANY(%s) AND missed > 0",
            [[r[0] for r in rows]],
        )
        # What waits for a word since it was missing, or announced as deleted, is there after all.
        GoneList(run).release(cursor, [row[0] for row in rows])
        # Holdings records that came apart are in the same list.
        cursor.execute(
            "UPDATE catalog_holdingsrecord SET last_run_id = %s WHERE source_id = %s AND identifier = ANY(%s) "
            "RETURNING identifier",
            [run.pk, run.source_id, list(names)],
        )
        return {row[1] for row in rows} | {row[0] for row in cursor.fetchall()}


def _never_sent(run: Run, names: Sequence[str]) -> list[str]:
    """Without those that came and could not be taken: fetched once more, they would be as they were."""
    if not names:
        return []
    rejected = RejectedRecord.objects.filter(run__source=run.source_id, identifier__in=names)
    known = set(rejected.values_list("identifier", flat=True))
    return [name for name in names if name not in known]
