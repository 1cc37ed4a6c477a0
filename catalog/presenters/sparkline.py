"""The last loadings of a source as a small drawing made on the server, with the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import RunStatus
from catalog.models import Run

STEP, BAR, HEIGHT = 6, 4, 28
SMALLEST = 2  # what is there at all can be seen


@dataclass(frozen=True)
class Bar:
    """From the bottom: rejected records, above them those that were taken. A failed loading has a sign on the floor."""

    x: int
    top: int
    height: int
    rejected_top: int
    rejected: int
    failed: bool


@dataclass(frozen=True)
class Sparkline:
    bars: list[Bar]
    text: str
    width: int
    height: int = HEIGHT
    bar: int = BAR


def sparkline_of(runs: Sequence[Run]) -> Sparkline | None:
    """Of runs in their order, oldest first; None where there is no trend yet."""
    if len(runs) < 2:
        return None
    most = max(run.read for run in runs) or 1
    bars = [_bar(run, n * STEP, most) for n, run in enumerate(runs)]
    return Sparkline(bars, _in_words(runs), len(runs) * STEP - (STEP - BAR))


def _bar(run: Run, x: int, most: int) -> Bar:
    rejected = _scaled(run.rejected, most)
    taken = _scaled(run.read - run.rejected, most)
    taken = min(taken, HEIGHT - rejected)
    return Bar(
        x, HEIGHT - rejected - taken, taken, HEIGHT - rejected, rejected, run.status == RunStatus.FAILED
    )


def _scaled(count: int, most: int) -> int:
    return max(SMALLEST, round(count * HEIGHT / most)) if count > 0 else 0


def _in_words(runs: Sequence[Run]) -> str:
    counts = [run.read for run in runs]
    worst, failed = max(run.rejected for run in runs), sum(run.status == RunStatus.FAILED for run in runs)
    values = {
        "n": len(runs), "low": number_format(min(counts), force_grouping=True),
        "high": number_format(max(counts), force_grouping=True),
        "rejected": number_format(worst, force_grouping=True),
    }  # fmt: skip
    if worst:
        text = _("The last %(n)s loadings: %(low)s to %(high)s records each, at most %(rejected)s rejected.")
    else:
        text = _("The last %(n)s loadings: %(low)s to %(high)s records each, none rejected.")
    text %= values
    if failed:
        text += " " + ngettext("%(n)s failed.", "%(n)s failed.", failed) % {"n": failed}
    return text
