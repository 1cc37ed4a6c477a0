"""One page of search results with all that stands around it. Called through `catalog.search.search`.

The index says which editions and how many; title, holders and availability are read from the database, in a constant
number of statements.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.urls import reverse

from catalog.choices import Format
from catalog.models import Edition
from catalog.search import analysis, highlight
from catalog.search.documents import holders_of
from catalog.search.engine import SearchEngine, get_engine
from catalog.search.facets import Chip, Facet, chips_of, facets_of
from catalog.search.highlight import Part
from catalog.search.languages import language_name, language_tag
from catalog.search.places import Place, Places
from catalog.search.query import MAX_HITS, SearchQuery

FEW_HITS = 3  # with so few, a better spelling is looked for
_FORMATS = dict(Format.choices)


@dataclass(frozen=True)
class Hit:
    edition_id: int
    title: str
    author: str
    title_parts: list[Part]
    author_parts: list[Part]
    language_tag: str
    facts: list[str]  # year, format, language, edition; what is known of them
    library_count: int
    available_count: int
    nearest: Place | None  # the nearest library where it is on the shelf, else the nearest that holds it
    url: str


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
    hits: list[Hit]
    page: Page[int]
    facets: list[Facet] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    available: int = 0
    years: tuple[int, int] | None = None
    spelling: WayOn | None = None
    without_filters: WayOn | None = None
    any_word: WayOn | None = None
    look_alikes: list[Hit] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.query.offset + 1

    @property
    def last(self) -> int:
        return self.query.offset + len(self.hits)

    @property
    def is_cut(self) -> bool:
        """More was found than can be paged through."""
        return self.total > MAX_HITS

    @property
    def has_way_on(self) -> bool:
        return bool(self.spelling or self.without_filters or self.any_word or self.look_alikes)


def search_url(query: SearchQuery) -> str:
    text = query.to_querystring()
    return reverse("catalog:search") + (f"?{text}" if text else "")


def search_page(query: SearchQuery, *, near_library_id: int | None = None) -> SearchPage:
    """Raises SearchUnavailable. A page number past the end gives the last page."""
    engine = get_engine()
    result = engine.search(query)
    pages = Paginator(range(min(result.total, MAX_HITS)), query.per_page)
    if result.total and query.page > pages.num_pages:
        query = query.with_(page=pages.num_pages)
        result = engine.search(query)
    places = Places(near_library_id)
    alike = engine.look_alikes(query) if not result.total and query.text else []
    hits = _hits([*result.ids, *alike], query, places)
    return SearchPage(
        query=query,
        total=result.total,
        hits=[hits[pk] for pk in result.ids if pk in hits],
        page=pages.get_page(query.page),
        facets=facets_of(result, query, places),
        chips=chips_of(query, places, search_url),
        available=result.available,
        years=(result.decades[0][0], result.decades[-1][0] + 9) if result.decades else None,
        look_alikes=[hits[pk] for pk in alike if pk in hits],
        **_ways_on(engine, query, result.total),
    )


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


def _way(
    engine: SearchEngine, query: SearchQuery, text: str, more_than: int = 0, /, **changes: str | bool
) -> WayOn | None:
    """The changed question with its filters; if that finds nothing more, without them."""
    for base in (query, query.without_filters()):
        other = base.with_(**changes)
        if (total := engine.count(other)) > more_than:
            return WayOn(text, total, search_url(other))
    return None


def _hits(ids: Iterable[int], query: SearchQuery, places: Places) -> dict[int, Hit]:
    editions = list(Edition.objects.filter(pk__in=list(ids), merged_into=None))
    holders = holders_of([edition.pk for edition in editions])
    title_terms = highlight.terms_of(query.parsed, "title")
    author_terms = highlight.terms_of(query.parsed, "author")
    return {
        edition.pk: Hit(
            edition_id=edition.pk,
            title=edition.title,
            author=edition.author,
            title_parts=highlight.mark(edition.full_title, title_terms),
            author_parts=highlight.mark(edition.author, author_terms),
            language_tag=language_tag(edition.language),
            facts=_facts(edition),
            library_count=len(holders[edition.pk]),
            available_count=sum(holders[edition.pk].values()),
            nearest=_nearest(holders[edition.pk], places),
            url=edition.get_absolute_url(),
        )
        for edition in editions
    }


def _facts(edition: Edition) -> list[str]:
    facts = [
        str(edition.year) if edition.year else "",
        str(_FORMATS.get(edition.format, "")),
        language_name(edition.language) if edition.language else "",
        str(edition.display.get("edition_statement", "")),
    ]
    return [fact for fact in facts if fact]


def _nearest(holders: dict[int, bool], places: Places) -> Place | None:
    here = [library for library, available in holders.items() if available]
    ranked = places.nearest_first(here or holders)
    return ranked[0] if ranked else None


def other_editions(edition: Edition, places: Places, limit: int = 6) -> list[Hit]:
    """Editions with the same title and a shared name. Raises SearchUnavailable."""
    surname = max(analysis.words(edition.author), key=len, default="")
    text = f'judul:"{analysis.title_key(edition.title)}"' + (f" pengarang:{surname}" if surname else "")
    query = SearchQuery(text=text, sort="newest", per_page=50)
    ids = [pk for pk in get_engine().search(query, facets=False).ids if pk != edition.pk]
    hits = _hits(ids, SearchQuery(), places) if ids else {}
    key = analysis.title_key(edition.title)
    same = [hits[pk] for pk in ids if pk in hits and analysis.title_key(hits[pk].title) == key]
    return same[:limit]
