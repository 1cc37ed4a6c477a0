"""Overlap and uniqueness as their pages show them: what the network would lose without one library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import Format
from catalog.models import OverlapReport
from catalog.presenters.health import number, percent
from members.models import Library

MATRIX = 12  # libraries that fit side by side
PAIRS = 20
_FORMATS = dict(Format.choices)


def shared_labels() -> list[str]:
    return [_("only here"), _("at one other"), _("at 2–4 others"), _("at 5 or more others")]


@dataclass(frozen=True)
class SharedRow:
    """Editions by how many hold them. `only`: percent that one library alone holds."""

    label: str
    total: str
    counts: list[str]
    alone: int
    only: float

    @property
    def only_text(self) -> str:
        return percent(self.only)

    @property
    def only_width(self) -> int:
        return round(self.only)


@dataclass(frozen=True)
class LibraryRow:
    library: Library
    shared: SharedRow


@dataclass(frozen=True)
class Pair:
    first: Library
    second: Library
    text: str
    of_first: str  # percent of the first library's editions
    of_second: str


@dataclass(frozen=True)
class MatrixCell:
    text: str
    tone: str


class OverlapView:
    def __init__(self, report: OverlapReport, libraries: Mapping[int, Library]) -> None:
        self.figures: dict[str, Any] = report.figures
        self.libraries = libraries
        self.made_at = report.made_at
        self.labels = shared_labels()
        self.pairs = [
            (self.libraries[a], self.libraries[b], n)
            for a, b, n in self.figures["pairs"]
            if a in libraries and b in libraries
        ]

    @property
    def whole(self) -> SharedRow:
        return shared_row(_("All editions"), self.figures["shared"])

    @property
    def rows(self) -> list[LibraryRow]:
        """Who brings most that nobody else has comes first."""
        found = [
            LibraryRow(self.libraries[int(pk)], shared_row(self.libraries[int(pk)].name, of["shared"]))
            for pk, of in self.figures["libraries"].items()
            if int(pk) in self.libraries
        ]
        return sorted(found, key=lambda row: (-self._shared(row.library)[0], row.library.name))

    @property
    def header(self) -> list[str]:
        return [_("Library"), _("Editions"), *self.labels, _("Share found only here")]

    @property
    def cells(self) -> Iterator[list[object]]:
        """The libraries' rows as a file; the share in percent."""
        for row in self.rows:
            counts = self._shared(row.library)
            yield [row.library.name, sum(counts), *counts, round(row.shared.only, 1)]

    def breakdowns(self, library: Library | None = None) -> list[tuple[str, list[SharedRow]]]:
        """By format and by decade, of the network or of one library."""
        of = self.figures if library is None else self.figures["libraries"].get(str(library.pk))
        if of is None:
            return []
        formats = sorted(of["formats"].items(), key=lambda pair: -sum(pair[1]))
        decades = sorted(of["decades"].items(), key=lambda pair: (pair[0] == "", -int(pair[0] or 0)))
        return [
            (_("By format"), [shared_row(str(_FORMATS.get(code, code)), counts) for code, counts in formats]),
            (_("By decade"), [shared_row(_decade(code), counts) for code, counts in decades]),
        ]

    def of_library(self, library: Library) -> SharedRow | None:
        return shared_row(library.name, self._shared(library)) if self._shared(library) else None

    def closest(self, library: Library | None = None) -> list[Pair]:
        """Pairs that share most; of a library, with itself named first."""
        pairs = [p for p in self.pairs if library is None or library.pk in (p[0].pk, p[1].pk)][:PAIRS]
        turned = [(b, a, n) if library is not None and b.pk == library.pk else (a, b, n) for a, b, n in pairs]
        return [Pair(a, b, number(n), self._part(a, n), self._part(b, n)) for a, b, n in turned]

    @property
    def matrix(self) -> list[tuple[Library, list[MatrixCell]]]:
        """The largest libraries against each other: editions that both have."""
        size = {library.pk: sum(self._shared(library)) for library in self.libraries.values()}
        largest = sorted((pk for pk in size if size[pk]), key=lambda pk: -size[pk])[:MATRIX]
        both = {(a.pk, b.pk): n for a, b, n in self.pairs}
        both |= {(b, a): n for (a, b), n in both.items()}
        most = max((both.get((a, b), 0) for a in largest for b in largest), default=0)
        return [
            (self.libraries[a], [_cell(size[a], -1) if a == b else _cell(both.get((a, b), 0), most) for b in largest])
            for a in largest
        ]  # fmt: skip

    def _shared(self, library: Library) -> list[int]:
        of = self.figures["libraries"].get(str(library.pk))
        return list(of["shared"]) if of else []

    def _part(self, library: Library, count: int) -> str:
        total = sum(self._shared(library))
        return percent(100 * count / total) if total else "–"


def shared_row(label: str, counts: Sequence[int]) -> SharedRow:
    total = sum(counts)
    only = 100 * counts[0] / total if total else 0.0
    return SharedRow(label, number(total), [number(n) for n in counts], counts[0], only)


def _decade(code: str) -> str:
    if not code:
        return _("year not known")
    return (_("%(decade)ss") % {"decade": code}).replace("-", "\N{NON-BREAKING HYPHEN}")  # 1990-an


def _cell(count: int, most: int) -> MatrixCell:
    """`most` below zero: the library against itself."""
    if most < 0:
        return MatrixCell(number(count), "self")
    return MatrixCell(
        number(count),
        "hot" if most and count > most * 0.66 else "warm" if most and count > most * 0.33 else "",
    )
