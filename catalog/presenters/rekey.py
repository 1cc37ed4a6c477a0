"""Records that came again under other numbers, as the page shows them before they are changed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog.models import Run, Source
from catalog.presenters.records import RecordLine, line_of
from catalog.selectors.rekey import record_pairs, replaceable_by, run_with_twins

SURE = 50  # percent of the missing records with a partner: then it was a move, not chance


@dataclass(frozen=True)
class RekeyView:
    pairs: int
    old: int
    new: int
    examples: list[tuple[RecordLine, RecordLine]]

    @property
    def percent(self) -> int:
        return round(self.pairs * 100 / self.old) if self.old else 0

    @property
    def sure(self) -> bool:
        return self.percent >= SURE

    @property
    def unpaired(self) -> int:
        return self.old - self.pairs

    @property
    def unpaired_new(self) -> int:
        return self.new - self.pairs


def rekey_view(source: Source) -> RekeyView | None:
    """What was noticed after the last run. None: nothing to change over."""
    run = run_with_twins(source)
    return _view(run.checkpoint["twins"]) if run else None


def survey_view(survey: Run | None) -> RekeyView | None:
    """What a comparison of two sources found. None: it has not come to its end."""
    return _view(survey.checkpoint["found"]) if survey and "found" in survey.checkpoint else None


def _view(found: dict[str, Any]) -> RekeyView:
    """`found`: twins.Finding.as_json()."""
    pairs = [(old, new) for old, new in found["examples"]]
    return RekeyView(found["pairs"], found["old"], found["new"], _examples(pairs))


def rekey_context(source: Source) -> dict[str, Any] | None:
    """For the source's page: what was noticed, and whether there is another source that this one may replace."""
    view = rekey_view(source)
    replaceable = source.record_count > 0 and replaceable_by(source).exists()
    return {"view": view, "replaceable": replaceable} if view or replaceable else None


def _examples(pairs: list[tuple[int, int]]) -> list[tuple[RecordLine, RecordLine]]:
    return [(line_of(old), line_of(new)) for old, new in record_pairs(pairs)]
