"""The filters as the page shows them: labels, chosen values first, and the chips that take them away again.

To add a filter: a field in tantivy_schema.VALUE_FIELDS, a field of SearchQuery with its line in FILTERS, a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.choices import Format
from catalog.folding import fold
from catalog.search.answers import EngineResult, FacetCount
from catalog.search.languages import language_name
from catalog.search.places import Places
from catalog.search.query import FILTERS, SearchQuery

FIRST = 6  # values that are seen without opening "more"
LONG = 12  # with so many, one looks for a value by its name
MOST = 200  # values of one filter on its own page
LABELS: dict[str, str | Promise] = {
    "libraries": gettext_lazy("Library"), "formats": gettext_lazy("Format"), "languages": gettext_lazy("Language"),
    "subjects": gettext_lazy("Subject heading"), "authors": gettext_lazy("Author"),
    "publishers": gettext_lazy("Publisher"), "etexts": gettext_lazy("Full text at"),
}  # fmt: skip
_FORMATS = dict(Format.choices)


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    chosen: bool
    km: int | None = None  # of a library: how far from the reader's own


@dataclass(frozen=True)
class Facet:
    key: str  # name in the address
    label: str
    first: list[FacetValue]
    more: list[FacetValue]
    chosen: int = 0
    waits: bool = False  # its values are not counted before somebody opens it

    @property
    def is_long(self) -> bool:
        """There may be more than are shown: one can look among all of them."""
        return len(self.first) + len(self.more) >= LONG


@dataclass(frozen=True)
class Chip:
    label: str
    url: str  # the same question without it


def _labeller(name: str, places: Places) -> Callable[[str], str]:
    labellers: dict[str, Callable[[str], str]] = {
        "libraries": places.name,
        "formats": lambda value: str(_FORMATS.get(value, value)),
        "languages": language_name,
    }
    return labellers.get(name, str)


def facets_of(result: EngineResult, query: SearchQuery, places: Places) -> list[Facet]:
    """Filters with something to choose; values without hits are left out unless they are chosen."""
    found = []
    for name, key in FILTERS.items():
        if name in result.counted.waiting:
            found.append(Facet(key, str(LABELS[name]), [], [], waits=True))
            continue
        values = _values(result.facets.get(name, []), query, name, places)
        chosen = sum(value.chosen for value in values)
        first = max(FIRST, chosen)
        if values:
            found.append(Facet(key, str(LABELS[name]), values[:first], values[first:], chosen))
    return found


def facet_of(counts: Sequence[FacetCount], query: SearchQuery, name: str, places: Places, part: str) -> Facet:
    """All values of one filter, or those with `part` in their names; the chosen ones always."""
    values = _values(counts, query, name, places)
    sought = fold(part)
    fitting = [value for value in values if value.chosen or sought in fold(value.label)][:MOST]
    return Facet(FILTERS[name], str(LABELS[name]), fitting, [], chosen=sum(value.chosen for value in fitting))


def _values(counts: Sequence[FacetCount], query: SearchQuery, name: str, places: Places) -> list[FacetValue]:
    label, chosen = _labeller(name, places), set(getattr(query, name))
    values = [
        FacetValue(
            count.value, label(count.value), count.count, count.value in chosen,
            places.km(count.value) if name == "libraries" else None,
        )
        for count in counts if count.count or count.value in chosen
    ]  # fmt: skip
    return sorted(values, key=lambda value: (not value.chosen, -value.count, value.label))


def chips_of(query: SearchQuery, places: Places, url: Callable[[SearchQuery], str]) -> list[Chip]:
    """Each thing that narrows the search, as one removable chip."""
    chips = []
    for name in FILTERS:
        label = _labeller(name, places)
        for value in getattr(query, name):
            text = _("%(filter)s: %(value)s") % {"filter": LABELS[name], "value": label(value)}
            chips.append(Chip(text, url(query.without_value(name, value))))
    if query.year_from or query.year_to:
        chips.append(Chip(_year_text(query), url(query.with_(year_from=None, year_to=None))))
    if query.available:
        chips.append(Chip(_("On the shelf now"), url(query.with_(available=False))))
    if query.any_word:
        chips.append(Chip(_("One word is enough"), url(query.with_(any_word=False))))
    return chips


def _year_text(query: SearchQuery) -> str:
    span = {"first": query.year_from, "last": query.year_to}
    if query.year_from and query.year_to:
        return _("Year: %(first)s to %(last)s") % span
    if query.year_from:
        return _("Year: from %(first)s") % span
    return _("Year: until %(last)s") % span
