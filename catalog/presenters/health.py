"""How a source is doing, in words: rows of the list of sources, and the section of a source's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import LIVE_RUNS, SourceKind
from catalog.harvesting.tables import NEEDS_MAPPING
from catalog.models import Source
from catalog.presenters.oai_profile import TONES
from catalog.presenters.sparkline import Sparkline, sparkline_of
from catalog.selectors.alarms import Alarm, Health
from catalog.selectors.health import health_of

MINUTE = timedelta(minutes=1)


def number(value: int | None) -> str:
    return "–" if value is None else number_format(value, force_grouping=True)


def percent(value: float | None) -> str:
    """Whole percent; 100 and 0 only where it is all or nothing."""
    if value is None:
        return "–"
    whole = min(99, max(1, round(value))) if 0 < value < 100 else round(value)
    return (_("%(n)s %%") % {"n": whole}).replace(" ", "\N{NO-BREAK SPACE}")


def is_loaded(source: Source) -> bool:
    """Whether records of it come into the catalogue. Others are only searched, and copied from one by one."""
    return source.kind != SourceKind.Z3950


def _since(at: datetime) -> str:
    return timesince(at, timezone.now(), depth=1)


def _ago(at: datetime) -> str:
    if timezone.now() - at < MINUTE:
        return _("just now")
    return _("%(time)s ago") % {"time": _since(at)}


@dataclass(frozen=True)
class AlarmLine:
    tone: str
    text: str
    url: str = ""


def alarm_line(alarm: Alarm, health: Health, *, may_manage: bool) -> AlarmLine:
    """What is the matter, as a sentence; `url` leads to where something can be done."""
    values = alarm.values
    url = reverse("catalog:run", args=[values["run"]]) if "run" in values else ""
    unmapped = alarm.code == "failed" and health.ended and health.ended.message_code == NEEDS_MAPPING
    if unmapped and may_manage:
        url = reverse("catalog:source_columns", args=[health.source.pk])
    return AlarmLine(alarm.tone, _SENTENCES[alarm.code](values), url)


def _failed(values: dict[str, Any]) -> str:
    message: str = values["message"]
    if not message:
        return _("The last loading failed.")
    return _("The last loading failed. %(reason)s") % {"reason": _(message)}


def _fields_fell(values: dict[str, Any]) -> str:
    fields = ", ".join(
        _("%(field)s by %(points)s points") % {"field": check.title, "points": round(points)}
        for check, points in values["fields"]
    )
    return _("Fields are less complete than a month ago: %(fields)s.") % {"fields": fields}


_SENTENCES = {
    "failed": _failed,
    "late": lambda v: (
        _("No new data for %(time)s, %(times)s times its interval.")
        % {"time": _since(v["since"]), "times": v["times"]}
    ),
    "never": lambda v: _("Set up %(time)s ago, and nothing has arrived yet.") % {"time": _since(v["since"])},
    "silent": lambda v: _("The library's agent has been silent for %(time)s.") % {"time": _since(v["since"])},
    "told": lambda v: (
        _("The source says it has %(told)s records; %(stored)s are stored.")
        % {"told": number(v["told"]), "stored": number(v["stored"])}
    ),
    "indexed": lambda v: (
        _("The library holds %(titles)s titles; search shows %(shown)s.")
        % {"titles": number(v["titles"]), "shown": number(v["shown"])}
    ),
    "rejects": lambda v: (
        _("More records rejected than usual: %(count)s, %(percent)s of them.")
        % {"count": number(v["count"]), "percent": percent(v["percent"])}
    ),
    "fields_fell": _fields_fell,
    "unchanged": lambda v: (
        ngettext(
            "Fetched again and again, but nothing changed for %(days)s day. Is it an old file?",
            "Fetched again and again, but nothing changed for %(days)s days. Is it an old file?",
            v["days"],
        )
        % {"days": v["days"]}
    ),
    "deletes_held": lambda v: (
        ngettext(
            "%(count)s deletion waits for your word.", "%(count)s deletions wait for your word.", v["count"]
        )
        % {"count": number(v["count"])}
    ),
    "paused": lambda v: _("Paused for %(time)s.") % {"time": _since(v["since"])},
}


class HealthView:
    """One source as list and page show it. `may_manage`: the reader can do something about it."""

    def __init__(self, health: Health, *, may_manage: bool) -> None:
        self.health, self.source, self.last_run = health, health.source, health.last_run
        self.alarms = [alarm_line(alarm, health, may_manage=may_manage) for alarm in health.alarms]
        self.codes = {alarm.code for alarm in health.alarms}
        self.grade, self.grade_tone = health.grade, TONES.get(health.grade, "plain")
        self.came_at = health.came_at
        self.age = _ago(health.came_at) if health.came_at else ""
        self.is_loaded = is_loaded(health.source)
        self.stored, self.told = number(health.source.record_count), number(health.source.told_count)
        self.shown, self.titles = number(health.shown), number(health.titles)
        self.told_differs, self.shown_differs = "told" in self.codes, "indexed" in self.codes

    @property
    def trend(self) -> Sparkline | None:
        return sparkline_of(list(reversed(self.health.runs)))

    @property
    def is_live(self) -> bool:
        return self.last_run is not None and self.last_run.status in LIVE_RUNS

    @property
    def is_off(self) -> bool:
        return not self.source.enabled or self.source.paused_at is not None


def health_section(source: Source, *, may_manage: bool) -> dict[str, Any]:
    """What the section of a source's page shows."""
    return {"view": HealthView(health_of(source), may_manage=may_manage)}
