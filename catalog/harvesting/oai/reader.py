"""One run over an OAI-PMH source: each page of the list is written as a page of records, with its checkpoint.

Called by services/runs.py in place of the reading of a file. A record's identifier is the one in its header, since
001 is missing or shared too often. A killed worker's run goes on behind the last page that was written.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalog.harvesting.errors import RunFailed
from catalog.harvesting.intake import Intake, Lost, Sent
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.harvest import Checkpoint, Order, following_since, harvest, may_sweep
from catalog.harvesting.oai.http import Clock
from catalog.harvesting.oai.probe import probe
from catalog.harvesting.oai.quirks import Profile
from catalog.harvesting.oai.types import MESSAGES, OaiError, OaiPage
from catalog.harvesting.pipeline import Progress
from catalog.harvesting.sweep import forget
from catalog.models import Run, Source

PROBED_EVERY = timedelta(days=7)


def harvest_into_catalogue(run: Run, *, progress: Progress | None = None, clock: Clock | None = None) -> None:
    """Harvest from the run's checkpoint on. Raises RunFailed, RunStopped, RunLost."""
    try:
        _Reading(run, progress, clock or Clock()).run_through()
    except OaiError as error:
        raise RunFailed(error.code, error.message) from None


def source_probe(source: Source, *, clock: Clock | None = None) -> Profile:
    """Find out what the source can do, and keep it. Raises nothing: what went wrong is part of the profile.

    A server that is down today is not a worse one: a good profile stays until there is another.
    """
    client = OaiClient(source.url, clock=clock)
    profile = probe(client, prefix=source.oai_prefix, set_spec=source.oai_set)
    if not profile.error or not _usable(source):
        source.oai_profile, source.oai_probed_at = profile.as_json(), timezone.now()
        source.save(update_fields=["oai_profile", "oai_probed_at"])
    return profile


def _usable(source: Source) -> bool:
    """An empty list tells nothing about what a filled one will do."""
    profile = source.oai_profile
    return bool(profile) and not profile.get("error") and "no_records" not in profile.get("quirks", ())


class _Reading:
    def __init__(self, run: Run, progress: Progress | None, clock: Clock) -> None:
        self.run, self.source, self.clock = run, run.source, clock
        self.intake = Intake(run, progress)

    def run_through(self) -> None:
        run = self.run
        profile = self._profile()
        client = OaiClient(
            self.source.url, prefix_with_token="prefix_with_token" in profile.quirks, clock=self.clock
        )
        order = self._order(client, profile)
        saved = run.checkpoint.get("oai")
        end = Checkpoint.from_json(saved) if saved else None
        for page, reached in harvest(client, order, checkpoint=end):
            end = reached
            self._write(page, reached)
            self.intake.check_stop()
        end = end or Checkpoint([])
        # Only a whole list says what is gone: services/runs.py sweeps by this mark.
        run.checkpoint["whole"] = may_sweep(replace(order, set_spec=""), end)
        if not run.checkpoint["whole"]:
            forget([run.pk])
        self.source.oai_since = following_since(
            order, end, local_time_as_z="local_time_as_z" in profile.quirks
        )
        self.source.save(update_fields=["oai_since"])

    def _profile(self) -> Profile:
        probed = self.source.oai_probed_at
        fresh = _usable(self.source) and probed and timezone.now() - probed < PROBED_EVERY
        if self.source.oai_profile and (self.run.checkpoint or fresh):
            return Profile.from_json(self.source.oai_profile)
        profile = source_probe(self.source, clock=self.clock)
        if profile.error:
            raise OaiError(profile.error, message=profile.message)
        return profile

    def _order(self, client: OaiClient, profile: Profile) -> Order:
        """What this run asks for; a resumed one asks for the same. The server's clock decides, not ours."""
        run = self.run
        if "order" not in run.checkpoint:
            now = client.identify().response_date
            dates = profile.dates_work and not self.source.is_snapshot
            since = self.source.oai_since if dates else None
            run.checkpoint = {
                "order": [at.isoformat() if at else "" for at in (since, now)], "dates": dates,
            }  # fmt: skip
            run.save(update_fields=["checkpoint"])
        since, until = (parse_datetime(at) if at else None for at in run.checkpoint["order"])
        return Order(
            profile.prefix, self.source.oai_set, since, until, profile.seconds, run.checkpoint["dates"]
        )

    def _write(self, got: OaiPage, checkpoint: Checkpoint) -> None:
        """The page and the place behind it, in one transaction."""
        lost = [Lost(r.identifier, r.reason_code, MESSAGES[r.reason_code], r.snippet) for r in got.rejects]
        if got.quarantined and not lost:
            lost = [Lost("", "unreadable", MESSAGES["unreadable"], got.body)]
        self.intake.write(
            [Sent(r.identifier, r.payload, deleted=r.deleted) for r in got.records],
            lost=lost,
            checkpoint={"oai": checkpoint.as_json()},
            warnings=got.warnings,
        )
