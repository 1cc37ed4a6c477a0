"""Dividing a result of which the server gives only the beginning: by year, else by the first letters of titles.

Called by harvest.py. Slices may overlap (a record met twice is unchanged the second time) but leave no gap: what none
of them finds is a slice of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from catalog.harvesting.sru import cql
from catalog.harvesting.sru.plan import TITLES, YEARS, find_index
from catalog.harvesting.sru.types import Explain, Index, SruError, Term

EARLIEST, LATEST = 1000, 2999
EDGES = (EARLIEST, 1800, 1900, 1950, 1970, 1980, 1990, 2000, 2005, 2010, 2015, 2020, LATEST + 1)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
DEEPEST = 3  # letters
SCANNED = 100  # terms asked for at once
MOST_TERMS = 400  # of a scanned index: so many still fit into the query that finds the rest
TOGETHER = 10  # terms of one slice
YEAR = re.compile(r"\d{4}")

Scan = Callable[[str, int], list[Term]]


@dataclass(frozen=True)
class Slice:
    query: str
    cut_by: str = ""  # years, terms, letters: what its last cut went by; rest: what the cuts left over
    low: int = 0  # years, both of them in it
    high: int = 0
    base: str = ""  # of years: the query without them
    letters: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def ways_to_cut(whole: Slice, explained: Explain, scan: Scan, cap: int) -> Iterator[list[Slice]]:
    """Each way to make smaller slices, the best first. Nothing: it can't be divided further."""
    year, title = find_index(explained, YEARS), find_index(explained, TITLES)
    if whole.cut_by == "years" and year and whole.low < whole.high:
        middle = (whole.low + whole.high) // 2
        base = whole.base
        yield [_years(base, year, whole.low, middle), _years(base, year, middle + 1, whole.high)]
        return
    if whole.cut_by == "" and year:
        if year.scan is not False and (terms := _scanned(year, scan)):
            yield _by_terms(whole, year, terms, cap)
        if not year.relations or {">=", "<="} <= set(year.relations):
            yield _by_years(whole, year)
    if title and len(whole.letters) < DEEPEST:
        yield _by_letters(whole, title)


def _by_terms(whole: Slice, index: Index, terms: list[Term], cap: int) -> list[Slice]:
    """Several terms at once, as long as their records together stay below the cap."""
    groups: list[list[Term]] = []
    for one in terms:
        if groups and len(groups[-1]) < TOGETHER and sum(t.count for t in groups[-1]) + one.count <= cap:
            groups[-1].append(one)
        else:
            groups.append([one])
    clauses = [cql.any_of(f"{index.name} = {cql.term(t.value)}" for t in group) for group in groups]
    rest = Slice(cql.without(whole.query, cql.any_of(clauses)), "rest")
    return [*(Slice(cql.both(whole.query, clause), "terms") for clause in clauses), rest]


def _by_years(whole: Slice, index: Index) -> list[Slice]:
    slices = [_years(whole.query, index, low, following - 1) for low, following in pairwise(EDGES)]
    return [*slices, Slice(cql.without(whole.query, _between(index, EARLIEST, LATEST)), "rest")]


def _by_letters(whole: Slice, index: Index) -> list[Slice]:
    """A title stands under the first letter, by the alphabet, with which one of its words begins.

    Without that the letter of a frequent word ("the", "dan") would hold nearly everything.
    """
    clauses = [f"{index.name} = {whole.letters}{letter}*" for letter in LETTERS]
    slices = []
    for place, clause in enumerate(clauses):
        query = cql.both(whole.query, clause)
        query = cql.without(query, cql.any_of(clauses[:place])) if place else query
        slices.append(Slice(query, "letters", letters=whole.letters + LETTERS[place]))
    rest = Slice(cql.without(whole.query, cql.any_of(clauses)), "rest", letters="-" * DEEPEST)
    return [*slices, rest]


def _years(base: str, index: Index, low: int, high: int) -> Slice:
    return Slice(cql.both(base, _between(index, low, high)), "years", low, high, base)


def _between(index: Index, low: int, high: int) -> str:
    return f"{index.name} >= {low} and {index.name} <= {high}"


def _scanned(index: Index, scan: Scan) -> list[Term]:
    """All terms of the index; none where the server can't scan it, or they are too many to be of use."""
    found: dict[str, Term] = {}
    after = "0"
    while len(found) <= MOST_TERMS:
        try:
            terms = scan(f"{index.name} = {cql.term(after)}", SCANNED)
        except SruError:
            return []
        fresh = [one for one in terms if one.value and one.value not in found]
        if not fresh:
            break
        found |= {one.value: one for one in fresh}
        after = fresh[-1].value
    # Years, all but a few: in another kind of index the terms say nothing of how records are spread.
    years = sum(1 for value in found if YEAR.fullmatch(value))
    return list(found.values()) if years and len(found) <= MOST_TERMS and years >= len(found) / 2 else []
