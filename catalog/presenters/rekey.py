"""Records that came again under other numbers, as the page shows them before they are changed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog.harvesting.twins import EXAMPLES
from catalog.models import Source
from catalog.presenters.records import RecordLine, line_of
from catalog.selectors.rekey import record_pairs, replaceable_by, run_with_twins
from catalog.services.rekey import replacement_survey

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


def rekey_view(source: Source, replaces: Source | None = None) -> RekeyView | None:
    """What was noticed after the last run, or is found now between two sources. None: nothing to change over."""
    if replaces:
        found = replacement_survey(source=source, replaces=replaces)
        return RekeyView(len(found.pairs), found.old, found.new, _examples(found.pairs[:EXAMPLES]))
    run = run_with_twins(source)
    if run is None:
        return None
    twins = run.checkpoint["twins"]
    pairs = [(old, new) for old, new in twins["examples"]]
    return RekeyView(twins["pairs"], twins["old"], twins["new"], _examples(pairs))


def rekey_context(source: Source) -> dict[str, Any] | None:
    """For the source's page: what was noticed, and whether there is another source that this one may replace."""
    view = rekey_view(source)
    replaceable = source.record_count > 0 and replaceable_by(source).exists()
    return {"view": view, "replaceable": replaceable} if view or replaceable else None


def _examples(pairs: list[tuple[int, int]]) -> list[tuple[RecordLine, RecordLine]]:
    return [(line_of(old), line_of(new)) for old, new in record_pairs(pairs)]
