"""Data quality as its pages show it: shares with their tone and change, cases with examples, the network's table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Source
from catalog.presenters.health import number, percent
from catalog.selectors.quality import Quality, QualityCase, qualities_of, quality_of_library
from catalog.services.quality_checks import DUPLICATES, FIELDS, SUSPICIOUS, Check
from members.models import Library

GOOD, MIDDLING = 90, 60  # percent
FEW, SOME = 1, 5  # cases in a hundred records


@dataclass(frozen=True)
class Download:
    label: str
    url: str


@dataclass(frozen=True)
class CheckRow:
    """One check: of a field its share, of the others how many cases."""

    check: Check
    count: str
    share: str
    tone: str
    change: str
    examples: list[QualityCase]
    downloads: list[Download]

    @property
    def tag(self) -> str:
        """The tone of a tag."""
        return {"best": "ok", "middling": "attention", "poor": "stop"}.get(self.tone, "plain")

    @property
    def shows_value(self) -> bool:
        return any(case.value for case in self.examples)


class QualityView:
    """The report of one source, or of all sources of a library together."""

    def __init__(
        self,
        qualities: Mapping[int, Quality],
        sources: Sequence[Source],
        examples: Mapping[str, list[QualityCase]],
    ) -> None:
        self.quality = quality_of_library([qualities[s.pk] for s in sources if s.pk in qualities])
        self.sources, self.examples = sources, examples
        if self.quality is None:
            return
        now, before = self.quality.now, self.quality.before
        self.made_at: datetime | None = now.made_at
        self.before_at = before.made_at if before else None
        self.records = number(now.records)
        self.fields = [self._row(check, self.quality) for check in FIELDS]
        self.suspicious = self._found(SUSPICIOUS, self.quality)
        self.duplicates = self._found(DUPLICATES, self.quality)
        self.clean = ", ".join(
            str(check.title) for check in (*SUSPICIOUS, *DUPLICATES) if not now.cases[check.code]
        )

    def _found(self, checks: Sequence[Check], quality: Quality) -> list[CheckRow]:
        """Those that found something, most cases first."""
        found = sorted(checks, key=lambda check: -quality.now.cases[check.code])
        return [self._row(check, quality) for check in found if quality.now.cases[check.code]]

    def _row(self, check: Check, quality: Quality) -> CheckRow:
        share, change = quality.now.share(check), quality.change(check)
        count = quality.now.cases[check.code]
        return CheckRow(
            check, number(count), percent(share), tone_of(share), _points(change), self.examples.get(check.code, []),
            self._downloads(check) if count else [],
        )  # fmt: skip

    def _downloads(self, check: Check) -> list[Download]:
        alone = len(self.sources) == 1
        return [
            Download(
                _("All cases as CSV")
                if alone
                else _("All cases of %(source)s as CSV") % {"source": source.name},
                reverse("catalog:quality_csv", args=[source.pk, check.code]),
            )
            for source in self.sources
        ]


@dataclass(frozen=True)
class Cell:
    text: str
    tone: str
    label: str


@dataclass(frozen=True)
class NetworkRow:
    library: Library
    records: str
    cells: list[Cell]
    count: int  # of its records
    values: list[
        float | None
    ]  # of the cells: percent of records with a field, then suspicious and duplicate cases


ORDERS: dict[str, tuple[str | Promise, Callable[[NetworkRow], float]]] = {
    "records": (gettext_lazy("Most records first"), lambda row: -row.count),
    "suspicious": (gettext_lazy("Most suspicious ones first"), lambda row: -_per_record(row, -2)),
    "duplicates": (gettext_lazy("Most duplicates first"), lambda row: -_per_record(row, -1)),
}


def _per_record(row: NetworkRow, place: int) -> float:
    return (row.values[place] or 0) / max(row.count, 1)


def network_header() -> list[str]:
    return [
        _("Library"), _("Records"), *(f"{check.title} (%)" for check in FIELDS), _("Suspicious"), _("Duplicates")
    ]  # fmt: skip


def network_cells(rows: Iterable[NetworkRow]) -> Iterator[list[object]]:
    for row in rows:
        yield [row.library.name, row.count, *(None if one is None else round(one, 1) for one in row.values)]


def network_rows(
    libraries: Sequence[tuple[Library, Sequence[Source]]], qualities: Mapping[int, Quality], sort: str = ""
) -> list[NetworkRow]:
    """A row for each library with a report, in one of ORDERS or as the libraries come."""
    rows = []
    for library, sources in libraries:
        whole = quality_of_library([qualities[s.pk] for s in sources if s.pk in qualities])
        if whole:
            records = whole.now.records
            rows.append(NetworkRow(library, number(records), _cells(whole), records, _values(whole)))
    return sorted(rows, key=ORDERS[sort][1]) if sort in ORDERS else rows


def _values(whole: Quality) -> list[float | None]:
    shares = [whole.now.share(check) for check in FIELDS]
    return [*shares, *(sum(whole.now.cases[c.code] for c in checks) for checks in (SUSPICIOUS, DUPLICATES))]


def _cells(whole: Quality) -> list[Cell]:
    cells = []
    for check in FIELDS:
        share = whole.now.share(check)
        cells.append(Cell(percent(share), tone_of(share), str(check.title)))
    for label, checks in ((_("Suspicious"), SUSPICIOUS), (_("Duplicates"), DUPLICATES)):
        count = sum(whole.now.cases[check.code] for check in checks)
        share = 100 * count / whole.now.records if whole.now.records else None
        cells.append(Cell(number(count), _tone_of_cases(share), label))
    return cells


def tone_of(share: float | None) -> str:
    if share is None:
        return ""
    return "best" if share >= GOOD else "middling" if share >= MIDDLING else "poor"


def _tone_of_cases(share: float | None) -> str:
    if share is None:
        return ""
    return "best" if share <= FEW else "middling" if share <= SOME else "poor"


def _points(change: float | None) -> str:
    """ "+3", "−7"; "" where nothing is to be told."""
    if change is None or round(change) == 0:
        return ""
    sign = "+" if change > 0 else "−"
    return sign + number_format(abs(round(change)))


def quality_section(source: Source) -> dict[str, Any]:
    """What the section of a source's page shows."""
    return {"report": QualityView(qualities_of([source.pk]), [source], {})}
