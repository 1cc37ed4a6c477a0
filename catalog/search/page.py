"""One page of search results with all that stands around it. Called through `catalog.search.search`.

The index says which editions and how many; title, holders and availability are read from the database, in a constant
number of statements.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator

from catalog.search import notes
from catalog.search.engine import SearchEngine, get_engine
from catalog.search.facets import Chip, Facet, chips_of, facet_of, facets_of
from catalog.search.hits import Hit, folded, hits_of
from catalog.search.nodes import positive_terms
from catalog.search.places import Places
from catalog.search.query import FILTERS, MAX_HITS, SearchQuery
from catalog.search.variants import spellings
from catalog.search.years import Histogram, histogram
from network_portal.core.addresses import address_of

MOST_TRIED = 12  # other spellings that are told
FEW_HITS = 3  # with so few, a better spelling is looked for


@dataclass(frozen=True)
class WayOn:
    """Another question that does find something."""

    text: str
    total: int
    url: str


@dataclass(frozen=True)
class SearchPage:
    query: SearchQuery
    total: int
    hits: list[Hit]  # editions of one work under the first of them
    found_here: int  # editions on this page, folded ones too
    page: Page[int]
    facets: list[Facet] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    available: int = 0
    years: Histogram | None = None
    not_understood: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)  # other spellings that were looked for as well, in vain
    spelling: WayOn | None = None
    without_filters: WayOn | None = None
    any_word: WayOn | None = None
    look_alikes: list[Hit] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.query.offset + 1

    @property
    def last(self) -> int:
        return self.query.offset + self.found_here

    @property
    def is_cut(self) -> bool:
        """More was found than can be paged through."""
        return self.total > MAX_HITS

    @property
    def has_way_on(self) -> bool:
        return bool(self.spelling or self.without_filters or self.any_word or self.look_alikes)


def search_url(query: SearchQuery) -> str:
    text = query.to_querystring()
    return address_of("catalog:search") + (f"?{text}" if text else "")


def search_page(query: SearchQuery, *, near_library_id: int | None = None) -> SearchPage:
    """Raises SearchUnavailable. A page number past the end gives the last page."""
    engine, places = get_engine(), Places(near_library_id)
    near = [str(place.pk) for place in places.nearest_first()] if query.sort == "nearest" else []
    result = engine.search(query, near=near)
    pages = Paginator(range(min(result.total, MAX_HITS)), query.per_page)
    if result.total and query.page > pages.num_pages:
        query = query.with_(page=pages.num_pages)
        result = engine.search(query, near=near)
    alike = engine.look_alikes(query) if not result.total and query.text else []
    hits = hits_of([*result.ids, *alike], query, places)
    here = [hits[pk] for pk in result.ids if pk in hits]
    return SearchPage(
        query=query,
        total=result.total,
        hits=folded(here),
        found_here=len(here),
        page=pages.get_page(query.page),
        facets=facets_of(result, query, places),
        chips=chips_of(query, places, search_url),
        available=result.available,
        years=histogram(
            result.years, lambda first, last: search_url(query.with_(year_from=first, year_to=last))
        ),
        not_understood=[*notes.sentences(query.parsed), *notes.of_filters(query)],
        tried=[] if result.total else _tried(query),
        look_alikes=[hits[pk] for pk in alike if pk in hits],
        **_ways_on(engine, query, result.total),
    )


def values_page(query: SearchQuery, key: str, part: str, *, near_library_id: int | None = None) -> Facet:
    """One filter with all its values. Raises KeyError where there is no such filter, SearchUnavailable."""
    name = next((name for name, known in FILTERS.items() if known == key), None)
    if name is None:
        raise KeyError(key)
    return facet_of(get_engine().values(query, name), query, name, Places(near_library_id), part)


def _ways_on(engine: SearchEngine, query: SearchQuery, total: int) -> dict[str, WayOn | None]:
    """Only ways that lead somewhere are offered."""
    ways: dict[str, WayOn | None] = {}
    if query.text and query.page == 1 and total < FEW_HITS:
        better = engine.suggest(query)
        ways["spelling"] = _way(engine, query, better, total, text=better) if better else None
    if total:
        return ways
    if query.is_filtered:
        ways["without_filters"] = _way(engine, query.without_filters(), query.text)
    if not query.any_word and len(query.parsed.clauses) > 1:
        ways["any_word"] = _way(engine, query, query.text, any_word=True)
    return ways


def _tried(query: SearchQuery) -> list[str]:
    words = dict.fromkeys(word for term in positive_terms(query.parsed.root) for word in term.words)
    return [spelling for word in words for spelling in spellings(word)][:MOST_TRIED]


def _way(
    engine: SearchEngine, query: SearchQuery, text: str, more_than: int = 0, /, **changes: str | bool
) -> WayOn | None:
    """The changed question with its filters; if that finds nothing more, without them."""
    for base in (query, query.without_filters()):
        other = base.with_(**changes)
        if (total := engine.count(other)) > more_than:
            return WayOn(text, total, search_url(other))
    return None
