"""One run over an OAI-PMH source: each page of the list is written as a page of records, with its checkpoint.

Called by services/runs.py in place of the reading of a file. A record's identifier is the one in its header, since
001 is missing or shared too often. A killed worker's run goes on behind the last page that was written.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalog.formats.errors import REASONS, BadRecord
from catalog.formats.reader import parse_payload
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.oai_harvest import Checkpoint, Order, following_since, harvest, may_sweep
from catalog.harvesting.oai_http import Clock
from catalog.harvesting.oai_pmh import OaiClient
from catalog.harvesting.oai_probe import probe
from catalog.harvesting.oai_quirks import Profile
from catalog.harvesting.oai_types import MESSAGES, OaiError, OaiPage, OaiRecord
from catalog.harvesting.pages import Group, Head, Page, Prepared, Reject, prepare
from catalog.harvesting.pipeline import Progress, RunStopped
from catalog.harvesting.sweep import forget
from catalog.harvesting.write import Item, PageWriter
from catalog.models import Run, Source

PROBED_EVERY = timedelta(days=7)
FORMATS = {"dc": "oai_dc", "mods": "mods"}  # by the root element; anything else is tried as MARCXML
ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
SNIPPET = 300
HOLDINGS = frozenset("uvxy")  # leader/06


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
        self.run, self.source, self.progress, self.clock = run, run.source, progress, clock
        self.writer = PageWriter(run, run.source)

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
            if Run.objects.filter(pk=run.pk, stop_asked=True).exists():
                raise RunStopped
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
        done = self.run.checkpoint.get("position", 0)
        found = [self._record(record, done + n) for n, record in enumerate(got.records, 1)]
        heads = [entry for entry in found if not isinstance(entry, Reject)]
        rejects = [entry for entry in found if isinstance(entry, Reject)]
        rejects += self._lost(got, done + len(found))
        read = len(heads) + len(rejects)
        page = Page([head for head, _ in heads], rejects, read, done + read, ("", 0, 0), 0)
        wanted = set(self.writer.unknown(page, set()))
        items: list[Item] = []
        for index, (head, group) in enumerate(heads):
            if group is None:
                items.append((head, Prepared(head.identifier, head.digest, True, 1)))
            else:
                items.append((head, prepare(group, head, head.identifier) if index in wanted else None))
        self.run.checkpoint = {**self.run.checkpoint, "oai": checkpoint.as_json()}
        counts = self.writer.write(page, items)
        if self.progress:
            self.progress(self.run, counts)

    def _record(self, record: OaiRecord, position: int) -> tuple[Head, Group | None] | Reject:
        """None for a deleted record."""
        name = record.identifier[:200]
        if record.deleted:
            return Head(name, b""), None
        root = ROOT.search(record.payload)
        kind = FORMATS.get(root.group(1).decode("ascii", "replace") if root else "", "marcxml")
        try:
            raw = parse_payload(record.payload, kind, fallback_encoding=self.source.fallback_encoding)
        except BadRecord as refusal:
            return Reject(position, 0, name, refusal.code, refusal.message, record.payload[:SNIPPET])
        raw.position = position
        if raw.leader[6:7] in HOLDINGS:
            code = "holdings_unlinked"
            return Reject(position, 0, name, code, REASONS[code], record.payload[:SNIPPET])
        return Head(name, blake2b(record.payload, digest_size=16).digest()), Group(raw)

    def _lost(self, got: OaiPage, position: int) -> list[Reject]:
        lost = [(r.identifier, r.reason_code, r.snippet) for r in got.rejects]
        if got.quarantined and not lost:
            lost = [("", "unreadable", got.body)]
        return [
            Reject(position + n, 0, name[:200], code, MESSAGES[code], snippet[:SNIPPET])
            for n, (name, code, snippet) in enumerate(lost, 1)
        ]
