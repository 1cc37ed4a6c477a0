"""The health of a source and what is wrong with it. Pure rules; presenters/health.py says them in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from catalog.choices import LIVE_RUNS, RunKind, RunStatus, SourceKind
from catalog.harvesting.gone import HEIRS
from catalog.harvesting.kinds import KINDS
from catalog.models import Run, Source
from catalog.selectors.quality import Quality

LATE = 2  # intervals without new data; then somebody should look
VERY_LATE = 7
AGENT_HOURS = 24  # how often an agent is expected where the source does not say
DRIFT = 0.02
FELL = 5.0  # percentage points of a field
FEW_REJECTS = 10
MANY_REJECTS = 0.05  # of a source whose habits are not known yet
UNCHANGED = timedelta(days=90)
STOP, ATTENTION, INFO = 3, 2, 1


@dataclass(frozen=True)
class Alarm:
    """`weight`: STOP before ATTENTION before INFO, which asks nothing of anybody."""

    code: str
    weight: int
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        return {STOP: "stop", ATTENTION: "attention", INFO: "info"}[self.weight]


@dataclass
class Health:
    """One source with all that its state is judged by."""

    source: Source
    runs: list[Run] = field(default_factory=list)  # newest first, some thirty at most
    came_at: datetime | None = None  # end of the last run that went well: so old is the data
    changed_at: datetime | None = None  # end of the last run that changed a record
    heard_at: datetime | None = None  # of an agent
    quality: Quality | None = None
    titles: int | None = (
        None  # of its whole library, that search should find; None: not known, or not settled
    )
    shown: int | None = None  # of them, what search does find
    siblings: int = 0  # other sources of its library
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def last_run(self) -> Run | None:
        return self.runs[0] if self.runs else None

    @property
    def ended(self) -> Run | None:
        """The last run that is over."""
        return next((run for run in self.runs if run.status not in LIVE_RUNS), None)

    @property
    def grade(self) -> str:
        """What the probe of an OAI-PMH server gave it, A to E; "" where there was none."""
        return str(self.source.oai_profile.get("grade", ""))

    @property
    def needs_care(self) -> bool:
        return needs_care(self.alarms)


def alarms_of(health: Health, now: datetime) -> list[Alarm]:
    """Worst first. A source that is switched off raises none."""
    if not health.source.enabled:
        return []
    rules = (
        _failed,
        _deletes_held,
        _late,
        _silent,
        _told,
        _indexed,
        _rejects,
        _fields_fell,
        _unchanged,
        _paused,
    )
    found = [alarm for rule in rules if (alarm := rule(health, now))]
    return sorted(found, key=lambda alarm: -alarm.weight)


def needs_care(alarms: Sequence[Alarm]) -> bool:
    return any(alarm.weight > INFO for alarm in alarms)


def _failed(health: Health, _now: datetime) -> Alarm | None:
    run = health.ended
    if run is None or run.status != RunStatus.FAILED:
        return None
    return Alarm("failed", STOP, {"message": run.message, "run": run.pk})


def _deletes_held(health: Health, _now: datetime) -> Alarm | None:
    """Other runs of the source leave the question where it is."""
    run = next((run for run in health.runs if run.kind in HEIRS), None)
    if run is None or not run.deletes_held or run.status in LIVE_RUNS:
        return None
    return Alarm("deletes_held", ATTENTION, {"count": run.deletes_held, "run": run.pk})


def _late(health: Health, now: datetime) -> Alarm | None:
    """No run went well for so many intervals. A paused source is not late: somebody wants it so."""
    source = health.source
    if source.paused_at or not source.interval_hours or not KINDS[source.kind].scheduled:
        return None
    since = health.came_at or source.created_at
    intervals = (now - since) / timedelta(hours=source.interval_hours)
    if intervals <= LATE:
        return None
    weight = STOP if intervals > VERY_LATE else ATTENTION
    return Alarm("late" if health.came_at else "never", weight, {"since": since, "times": int(intervals)})


def _silent(health: Health, now: datetime) -> Alarm | None:
    """An agent that has sent before, or was given a key, and sends no more."""
    source = health.source
    since = max(filter(None, (health.heard_at, health.came_at)), default=None)
    if source.kind != SourceKind.PUSH or source.paused_at or since is None:
        return None
    intervals = (now - since) / timedelta(hours=source.interval_hours or AGENT_HOURS)
    if intervals <= LATE:
        return None
    return Alarm("silent", STOP if intervals > VERY_LATE else ATTENTION, {"since": since})


def _told(health: Health, _now: datetime) -> Alarm | None:
    """The source says that it has another number of records than are stored. Not judged while it is being read."""
    told, stored = health.source.told_count, health.source.record_count
    live = health.last_run is not None and health.last_run.status in LIVE_RUNS
    if told is None or live or not _apart(told, stored):
        return None
    if told > stored and _lists_deleted(health):
        return None
    return Alarm("told", ATTENTION, {"told": told, "stored": stored})


def _indexed(health: Health, _now: datetime) -> Alarm | None:
    if health.shown is None or health.titles is None or not _apart(health.titles, health.shown):
        return None
    return Alarm("indexed", ATTENTION, {"titles": health.titles, "shown": health.shown})


def _rejects(health: Health, _now: datetime) -> Alarm | None:
    """A far greater share of the last list was rejected than of those before it."""
    lists = [run for run in health.runs if run.kind in (RunKind.HARVEST, RunKind.PUSH) and _counts(run)]
    if not lists or lists[0].rejected < FEW_REJECTS:
        return None
    last, before = _share(lists[0]), [_share(run) for run in lists[1:]]
    if last <= (2 * median(before) + 0.005 if len(before) >= 3 else MANY_REJECTS):
        return None
    return Alarm(
        "rejects", ATTENTION, {"count": lists[0].rejected, "percent": 100 * last, "run": lists[0].pk}
    )


def _fields_fell(health: Health, _now: datetime) -> Alarm | None:
    fell = health.quality.fell(FELL) if health.quality else []
    return Alarm("fields_fell", ATTENTION, {"fields": fell}) if fell else None


def _unchanged(health: Health, now: datetime) -> Alarm | None:
    """Every run goes well and none brings anything: perhaps an old file is fetched over and over."""
    since = health.changed_at
    if health.source.paused_at or not health.source.interval_hours or since is None:
        return None
    # Of a source that is late the reason is known already.
    if now - since < UNCHANGED or health.came_at is None or health.came_at - since < UNCHANGED / 2:
        return None
    return Alarm("unchanged", ATTENTION, {"since": since, "days": (now - since).days})


def _paused(health: Health, _now: datetime) -> Alarm | None:
    return Alarm("paused", INFO, {"since": at}) if (at := health.source.paused_at) else None


def _lists_deleted(health: Health) -> bool:
    """An OAI-PMH server that announces deletions has the deleted records in its list, so that it is longer."""
    profile = health.source.oai_profile
    return health.source.kind == SourceKind.OAI_PMH and "no_deletes" not in profile.get("quirks", ())


def _apart(should: int, is_: int) -> bool:
    return abs(should - is_) > DRIFT * max(should, is_)


def _counts(run: Run) -> bool:
    return run.read > 0 and run.status in (RunStatus.DONE, RunStatus.PARTIAL, RunStatus.FAILED)


def _share(run: Run) -> float:
    return run.rejected / run.read
