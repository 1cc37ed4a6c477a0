"""A library's membership in words: until when it is suspended, when it leaves and what holds it up."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.choices import LibraryStatus
from members.choices_standing import StandingKind
from members.models import Library, StandingChange
from members.selectors.standing import away, standing_last
from members.standing.open_business import open_counts


def standing_words(change: StandingChange) -> str:
    """The day that goes with a change; empty where there is none."""
    if change.kind == StandingKind.LEAVING and change.last_day:
        return _("Everything should be back by %(day)s.") % {"day": date_format(change.last_day)}
    if change.back_on and change.kind in (StandingKind.SUSPENDED, StandingKind.STAYS):
        return _("Suspended until %(day)s. On that day it takes part again by itself.") % {
            "day": date_format(change.back_on)
        }
    if change.kind == StandingKind.SUSPENDED:
        return _("Suspended until a coordinator lets it take part again.")
    return ""


def standing_said(library: Library) -> str:
    """For the library's page: why nothing can be asked of it. Empty for one that takes part."""
    if library.status != LibraryStatus.SUSPENDED:
        return ""
    last = standing_last(library)
    if last is None:
        return ""
    words = standing_words(last)
    if last.kind == StandingKind.LEAVING:
        return f"{StandingKind.LEAVING.label} {words}".strip()
    return words


def away_rows() -> list[dict[str, Any]]:
    """Who is suspended or leaving, with what still holds it up. Three queries, however many there are."""
    changes = away()
    counts = open_counts([change.library_id for change in changes])
    return [
        {"library": change.library, "change": change, "words": standing_words(change),
         "leaving": change.kind == StandingKind.LEAVING, "open": counts.get(change.library_id, 0),
         "held": _held(change, counts.get(change.library_id, 0))}
        for change in changes
    ]  # fmt: skip


def _held(change: StandingChange, count: int) -> str:
    if count:
        return ngettext(
            "%(count)s request is still under way", "%(count)s requests are still under way", count
        ) % {"count": count}
    return _("Nothing is under way")


def timeline(changes: list[StandingChange]) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "text": StandingKind(one.kind).label, "state": "past",
         "note": " · ".join(part for part in (one.by_name, one.reason, standing_words(one)) if part)}
        for one in changes
    ]  # fmt: skip
