"""One run over an SRU source: each page of the result is written as a page of records, with its checkpoint.

Called by services/runs.py through harvesting/readers.py. A killed worker's run goes on behind the last page written.
"""

from __future__ import annotations

from django.utils import timezone

from catalog.harvesting.errors import RunFailed
from catalog.harvesting.intake import Intake, Lost, Sent
from catalog.harvesting.pipeline import Progress
from catalog.harvesting.polite import Clock
from catalog.harvesting.sru.client import SruClient
from catalog.harvesting.sru.explained import source_explain
from catalog.harvesting.sru.harvest import Checkpoint, harvest, may_sweep
from catalog.harvesting.sru.options import SruOptions
from catalog.harvesting.sru.plan import Plan, everything, make_plan, version_of
from catalog.harvesting.sru.types import MESSAGES, Explain, SruError, SruPage
from catalog.harvesting.sweep import forget
from catalog.models import Run

# A query that a server refuses in one of these ways may be followed by another one.
QUERY_REFUSED = frozenset(
    {"bad_query", "bad_index", "bad_index_set", "bad_relation", "bad_value", "general_error", "server_error",
     "http_status", "too_many_matches"}
)  # fmt: skip
TRIAL = 1  # records asked for to see whether a query is understood


def harvest_into_catalogue(run: Run, *, progress: Progress | None = None, clock: Clock | None = None) -> None:
    """Harvest from the run's checkpoint on. Raises RunFailed, RunStopped, RunLost."""
    try:
        _Reading(run, progress, clock or Clock()).run_through()
    except SruError as error:
        raise RunFailed(error.code, error.message) from None


class _Reading:
    def __init__(self, run: Run, progress: Progress | None, clock: Clock) -> None:
        self.run, self.source, self.clock = run, run.source, clock
        self.intake = Intake(run, progress)

    def run_through(self) -> None:
        run = self.run
        plan = self._plan()
        saved = run.checkpoint.get("sru")
        end = Checkpoint.from_json(saved) if saved else None
        client = SruClient(self.source.url, version=plan.version, clock=self.clock)
        for page, reached in harvest(client, plan, Explain.from_json(self.source.server), checkpoint=end):
            if end is None:
                self._tell(reached)
            end = reached
            self._write(page, reached)
            self.intake.check_stop()
        # Only a whole list says what is gone: services/runs.py sweeps by this mark.
        run.checkpoint["whole"] = end is not None and may_sweep(end)
        if not run.checkpoint["whole"]:
            forget([run.pk])

    def _plan(self) -> Plan:
        """What this run asks for; a resumed one asks for the same."""
        run, options = self.run, SruOptions.from_json(self.source.options)
        if "plan" not in run.checkpoint:
            client = SruClient(self.source.url, version=options.version, clock=self.clock)
            explained = source_explain(self.source, client)
            plan = make_plan(explained, options, self._query(explained, options))
            run.checkpoint = {"plan": plan.as_json()}
            run.save(update_fields=["checkpoint"])
        return Plan(**run.checkpoint["plan"])

    def _query(self, explained: Explain, options: SruOptions) -> str:
        """The first query that the server understands and that finds something. A source's own is taken as it is."""
        queries = everything(explained, options)
        if options.query:
            return queries[0]
        client = SruClient(self.source.url, version=version_of(explained, options), clock=self.clock)
        empty, refused = "", SruError("no_query")
        for query in queries:
            try:
                page = client.search(query, start=1, size=TRIAL)
            except SruError as error:
                if error.code == "past_the_end":
                    empty = empty or query
                elif error.code not in QUERY_REFUSED:
                    raise
                elif error.code == "http_status":  # not even a refusal in the protocol's own words
                    refused = error
                continue
            if page.size:
                return query
            empty = empty or query
        if not empty:
            raise refused
        return empty

    def _tell(self, reached: Checkpoint) -> None:
        """What the source itself says it has, to be held against what is stored."""
        self.source.told_count, self.source.told_at = reached.total, timezone.now()
        self.source.save(update_fields=["told_count", "told_at"])

    def _write(self, got: SruPage, checkpoint: Checkpoint) -> None:
        """The page and the place behind it, in one transaction."""
        self.intake.write(
            [Sent(record.identifier, record.payload) for record in got.records],
            lost=[Lost(r.identifier, r.reason_code, MESSAGES[r.reason_code], r.raw) for r in got.rejects],
            checkpoint={"sru": checkpoint.as_json(), "total": checkpoint.total},
            warnings=got.warnings,
        )
