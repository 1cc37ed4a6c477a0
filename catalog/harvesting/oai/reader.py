"""One run over an OAI-PMH source: each page of the list is written as a page of records, with its checkpoint.

Called by services/runs.py in place of the reading of a file. A record's identifier is the one in its header, since
001 is missing or shared too often. A killed worker's run goes on behind the last page that was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalog.harvesting.errors import RunFailed
from catalog.harvesting.intake import Intake
from catalog.harvesting.oai.again import fetch_torn
from catalog.harvesting.oai.ahead import Ahead
from catalog.harvesting.oai.batches import BatchWriter
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.compare import Comparison, compare_due
from catalog.harvesting.oai.dates import parse_stamp
from catalog.harvesting.oai.harvest import Checkpoint, Order, following_since, harvest, may_sweep
from catalog.harvesting.oai.http import PATIENT_ATTEMPTS
from catalog.harvesting.oai.modes import choose
from catalog.harvesting.oai.options import OaiOptions
from catalog.harvesting.oai.probing import current_profile, note_told
from catalog.harvesting.oai.quirks import Profile
from catalog.harvesting.oai.types import OaiError, OaiPage
from catalog.harvesting.pipeline import Progress, RunStopped
from catalog.harvesting.polite import Clock
from catalog.harvesting.sweep import forget
from catalog.models import Run

Came = tuple[OaiPage, Checkpoint]
# Small pages that came while others were written are written together.
RECORDS_AT_ONCE = 1000


def harvest_into_catalogue(run: Run, *, progress: Progress | None = None, clock: Clock | None = None) -> None:
    """Harvest from the run's checkpoint on. Raises RunFailed, RunStopped, RunLost."""
    try:
        with Ahead[Came](clock or Clock()) as ahead:
            _Reading(run, progress, ahead).run_through()
    except OaiError as error:
        raise RunFailed(error.code, error.message) from None


class _Reading:
    def __init__(self, run: Run, progress: Progress | None, ahead: Ahead[Came]) -> None:
        self.run, self.source, self.clock = run, run.source, ahead.clock
        self.options = OaiOptions.from_json(self.source.options)
        self.intake = Intake(run, progress)
        self.writer: BatchWriter | None = None
        self.batches: Callable[[Iterator[Came]], Iterator[list[Came]]] = partial(
            ahead.run, idle=self._look_up, enough=_enough
        )

    def run_through(self) -> None:
        profile = current_profile(self.source, resumed="order" in self.run.checkpoint, clock=self.clock)
        needs_prefix = "prefix_with_token" in profile.quirks
        client = OaiClient(
            self.source.url, prefix_with_token=needs_prefix, patience=PATIENT_ATTEMPTS, clock=self.clock
        )
        order = self._order(client, profile)
        end = self._harvest(client, order, profile)
        if end.lossy:
            fetch_torn(self.intake, client, order.prefix)
        # Only a whole list says what is gone: services/runs.py sweeps by this mark.
        everything = may_sweep(replace(order, set_spec=""), end)
        whole = everything and self.source.is_snapshot
        told = end.received - end.deleted if everything else None
        if self.run.checkpoint.get("compare") and not everything:
            whole, told = self._compare(client, order)
            # In this run alone, never saved: what a whole list of identifiers lacks is gone, as from a snapshot.
            self.source.is_snapshot = self.source.is_snapshot or whole
        self.run.checkpoint["whole"] = whole
        if not whole:
            forget([self.run.pk])
        if told is not None:
            note_told(self.source, told)
            self.run.checkpoint["told"] = told

    def _order(self, client: OaiClient, profile: Profile) -> Order:
        """What this run asks for; a resumed one asks for the same. The server's clock decides, not ours."""
        run = self.run
        if "order" not in run.checkpoint:
            now = client.identify().response_date
            way = choose(
                self.options, profile, is_snapshot=self.source.is_snapshot, since=self.source.oai_since
            )
            run.checkpoint = {
                **run.checkpoint,
                "order": [at.isoformat() if at else "" for at in (way.since, now)],
                "dates": way.dates, "portion": way.portion,
                "compare": self.source.record_count > 0 and compare_due(self.source, self.options),
            }  # fmt: skip
            run.save(update_fields=["checkpoint"])
        since, until = (parse_datetime(at) if at else None for at in run.checkpoint["order"])
        return Order(
            profile.prefix, self.source.oai_set, since, until, profile.seconds, run.checkpoint["dates"],
            portion=run.checkpoint.get("portion", ""), earliest=parse_stamp(profile.earliest),
        )  # fmt: skip

    def _harvest(self, client: OaiClient, order: Order, profile: Profile) -> Checkpoint:
        """Write all pages; `oai_since` moves as far as they came, even where the list broke off."""
        with BatchWriter(self.intake) as self.writer:
            try:
                for batch in self.batches(harvest(client, order, checkpoint=self._reached())):
                    self.writer.put([page for page, _ in batch], batch[-1][1])
                    self.intake.check_stop()
                self.writer.flush()
            except OaiError:
                self.writer.flush()
                self._note_since(order, profile)
                raise
            except RunStopped:
                self._note_since(order, profile)
                raise
        self.writer = None
        self._note_since(order, profile)
        return self._reached() or Checkpoint([])

    def _reached(self) -> Checkpoint | None:
        """How far it is written."""
        saved = self.run.checkpoint.get("oai")
        return Checkpoint.from_json(saved) if saved else None

    def _note_since(self, order: Order, profile: Profile) -> None:
        end = self._reached()
        if end is None:
            return
        self.source.oai_since = following_since(
            order, end, local_time_as_z="local_time_as_z" in profile.quirks
        )
        self.source.save(update_fields=["oai_since"])

    def _compare(self, client: OaiClient, order: Order) -> tuple[bool, int | None]:
        comparison = Comparison(self.intake, client, order)
        whole = comparison.carry_out(self.batches)
        if self.run.checkpoint.get("all_again"):
            self.source.oai_since = None
            self.source.save(update_fields=["oai_since"])
        return whole, comparison.listed

    def _look_up(self) -> None:
        """The server is slow: write what waits, hear a stop, and let the dispatcher know that somebody is at it."""
        if self.writer:
            self.writer.flush()
        self.intake.check_stop()
        Run.objects.filter(pk=self.run.pk).update(heartbeat_at=timezone.now())


def _enough(batch: list[Came]) -> bool:
    return sum(len(page.records) for page, _ in batch) >= RECORDS_AT_ONCE
