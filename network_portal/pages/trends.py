"""Figures of the last four weeks beside the four before, with twelve weeks as bars and in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

WEEKS = 12
STEP, BAR, HEIGHT = 9, 6, 32


@dataclass(frozen=True)
class Bar:
    x: int
    top: int
    height: int


@dataclass(frozen=True)
class Trend:
    """A figure of the last four weeks, the same of the four before, and its twelve weeks as bars and in words."""

    label: str
    value: str
    before: str
    bars: list[Bar]
    text: str
    width: int = WEEKS * STEP - (STEP - BAR)
    height: int = HEIGHT
    bar: int = BAR


Joined = tuple[float | None, str]  # as a number, and as it is written


def total(values: Sequence[Any]) -> Joined:
    whole = sum(values)
    return float(whole), number_format(whole, force_grouping=True)


def share(values: Sequence[Any]) -> Joined:
    closed = sum(of for _filled, of in values)
    if not closed:
        return None, "–"
    percent = 100 * sum(filled for filled, _of in values) / closed
    return percent, _("%(n)s%%") % {"n": round(percent)}


def mean(values: Sequence[Any]) -> Joined:
    known = [value for value in values if value is not None]
    average = sum(known) / len(known) if known else None
    return average, number_format(average, 1) if average is not None else "–"


def trend_of(label: str, values: Sequence[Any], joined: Callable[[Sequence[Any]], Joined]) -> Trend:
    """`values`: of each week, the oldest first."""
    weeks = [joined([value])[0] for value in values]
    most = max((week for week in weeks if week), default=0)
    bars = [
        Bar(n * STEP, HEIGHT - height, height)
        for n, week in enumerate(weeks)
        if (height := round(HEIGHT * (week or 0) / most) if most else 0)
    ]
    text = _("%(label)s in each of the last %(weeks)s weeks: %(values)s") % {
        "label": label, "weeks": len(values), "values": "; ".join(joined([value])[1] for value in values),
    }  # fmt: skip
    return Trend(label, joined(values[-4:])[1], joined(values[-8:-4])[1], bars, text)
