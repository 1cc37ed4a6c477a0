"""When a source is fetched and what a run waits for, in words and in the library's own time."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.choices import RunStatus
from catalog.harvesting.kinds import KINDS
from catalog.harvesting.nights import has_hours, is_open, library_zone, next_opening
from catalog.harvesting.schedule import RETRY_AFTER, failures_in_a_row
from catalog.harvesting.turns import held_by_source
from catalog.models import Run, Source
from catalog.selectors import live_run_of

DAY, WEEK = 24, 168  # hours


def local_time(source: Source, at: datetime) -> str:
    """ "22:00 WIB" today, "Mon 23 Nov, 22:00 WIB" on another day: as the clock in the library shows it."""
    local = at.astimezone(library_zone(source))
    clock = f"{_clock(local.time())} {local.tzname()}"
    today = timezone.now().astimezone(library_zone(source)).date()
    return clock if local.date() == today else f"{date_format(local, 'D j M')}, {clock}"


def _clock(at: time) -> str:
    """Indonesian writes 14.30, English 14:30."""
    return at.strftime("%H:%M" if get_language() == "en" else "%H.%M")


def schedule_lines(source: Source) -> list[str]:
    """How often, at which hours, when next, and what stands in the way."""
    if not source.enabled:
        return [_("switched off")]
    if not source.interval_hours:
        lines = [_("only when somebody starts it")]
    else:
        lines = [_every(source.interval_hours)]
    if has_hours(source):
        lines.append(_hours(source))
    if source.paused_at:
        return [
            *lines,
            _("paused since %(at)s: nothing is fetched") % {"at": local_time(source, source.paused_at)},
        ]
    if source.interval_hours and source.next_due_at:
        lines += [_next(source, source.next_due_at), *_failures(source)]
    return lines


def _every(hours: int) -> str:
    if hours in (DAY, WEEK):
        return _("every day") if hours == DAY else _("every week")
    return ngettext("every hour", "every %(n)s hours", hours) % {"n": hours}


def _hours(source: Source) -> str:
    zone = timezone.now().astimezone(library_zone(source)).tzname()
    opens, closes = (_clock(at or time(0)) for at in (source.night_from, source.night_until))
    return _("only from %(from)s to %(until)s %(zone)s") % {"from": opens, "until": closes, "zone": zone}


def _next(source: Source, due: datetime) -> str:
    now = timezone.now()
    opening = next_opening(source, max(due, now))
    if due <= now and not is_open(source, now):
        return _("its time has come; it waits until %(at)s") % {"at": local_time(source, opening)}
    return _("next: %(at)s") % {"at": local_time(source, opening)}


def _failures(source: Source) -> list[str]:
    failed = failures_in_a_row(source)
    if not failed:
        return []
    if failed > len(RETRY_AFTER):
        return [_("fetching has failed several times; it is now tried only as often as set")]
    text = ngettext(
        "the last fetch failed; it is tried again by itself",
        "the last %(n)s fetches failed; it is tried again by itself",
        failed,
    )
    return [text % {"n": failed}]


def turn_hint(run: Run) -> str:
    """Why a live run is not running, or is about to leave; "" where it goes on as ever."""
    if run.status == RunStatus.PAUSED and held_by_source(run):
        return _("The whole source is paused. Resume the source first.")
    if run.status == RunStatus.PAUSED:
        return _("What was read so far stays. It goes on there when somebody resumes it.")
    if run.stop_asked:
        return ""
    if run.pause_asked:
        return _("Pausing after the page at hand.")
    if run.status != RunStatus.QUEUED:
        return ""
    if run.not_before and run.not_before > timezone.now():
        return _("Waits for its hours: it goes on by itself at %(at)s.") % {
            "at": local_time(run.source, run.not_before)
        }
    return _("Makes room for others for a while, then goes on by itself where it stands.") if run.read else ""


class Controls:
    """Which buttons a live run has."""

    def __init__(self, run: Run) -> None:
        waits = bool(run.not_before and run.not_before > timezone.now())
        self.hurry = run.status == RunStatus.QUEUED and waits
        paused = run.status == RunStatus.PAUSED
        self.resume_source = paused and held_by_source(run)
        self.resume = paused and not self.resume_source
        self.unpause = run.status == RunStatus.RUNNING and run.pause_asked and not run.stop_asked
        self.pause = not (paused or self.unpause or run.stop_asked)
        self.stop = not run.stop_asked


def turns_context(source: Source) -> dict[str, Any] | None:
    """What goes on at the moment, and the buttons for it; None for a source that is never fetched and rests."""
    run = live_run_of(source)
    fetched = KINDS[source.kind].scheduled
    if run is None and not fetched:
        return None
    return {
        "run": run,
        "hint": turn_hint(run) if run else "",
        "fetched": fetched,
        "has_hours": has_hours(source),
    }
