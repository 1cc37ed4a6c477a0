"""What a search engine is given and answers, whichever it is. Made by the engine, read by pages."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_CLUES = 8  # of each kind


class SearchUnavailable(Exception):
    """No index can be read now: never built, being built for the first time, damaged, or out of reach."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """`values`: for each filter the commonest values, counted as if nothing were chosen in it (so that another
    value may be added), with the chosen ones always among them. `years`: year -> hits, the earliest first.
    """

    values: dict[str, list[FacetCount]] = field(default_factory=dict)
    years: list[tuple[int, int]] = field(default_factory=list)
    available: int = 0  # hits that are on a shelf somewhere
    waiting: tuple[str, ...] = ()  # filters that are counted only when somebody opens them


@dataclass(frozen=True, slots=True)
class EngineResult:
    ids: list[int]
    total: int
    counted: Facets = field(default_factory=Facets)

    @property
    def facets(self) -> dict[str, list[FacetCount]]:
        return self.counted.values

    @property
    def years(self) -> list[tuple[int, int]]:
        return self.counted.years

    @property
    def available(self) -> int:
        return self.counted.available

    @property
    def decades(self) -> list[tuple[int, int]]:
        """First year -> hits."""
        found: dict[int, int] = {}
        for year, count in self.years:
            found[year // 10 * 10] = found.get(year // 10 * 10, 0) + count
        return list(found.items())


@dataclass(frozen=True, slots=True)
class Completion:
    """What somebody who types may mean: an edition for its title, or a name or heading with its number of titles."""

    kind: str  # title, author, subject
    text: str = ""
    count: int = 0
    edition_id: int | None = None


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of an edition that others may share."""

    subjects: tuple[str, ...]
    authors: tuple[str, ...]
    title: str
