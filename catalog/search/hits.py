"""The hits of one page as readers see them: title, people, where it is, why it was found, what else there is of it.

Called by `page`. The index gives the ids; all else is read here, in four statements for a whole page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection
from django.db.models import Count

from catalog.choices import SHOWN_LIBRARIES, Format, ItemStatus
from catalog.models import Edition
from catalog.search import highlight, snippets
from catalog.search.highlight import Part, Terms
from catalog.search.languages import language_name, language_tag
from catalog.search.places import Place, Places
from catalog.search.query import SearchQuery

PLACES_SHOWN = 8  # libraries in the list; the record page has all
_FORMATS = dict(Format.choices)
# As documents._HOLDERS, and when each library said so.
_WHERE = """
SELECT h.edition_id, h.library_id, bool_or(coalesce(h.available_count > 0, h.status = %s)), max(h.as_of)
FROM catalog_holding h JOIN members_library l ON l.id = h.library_id
WHERE h.edition_id = ANY(%s) AND l.status = ANY(%s) GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Holder:
    place: Place
    here: bool  # a copy is on the shelf
    as_of: datetime | None  # when the library told so


@dataclass(frozen=True)
class Hit:
    edition_id: int
    title: str
    author: str
    title_parts: list[Part]
    author_parts: list[Part]
    language_tag: str
    facts: list[str]  # year, format, language, edition; what is known of them
    holders: list[Holder]  # the nearest with a copy on the shelf first
    url: str
    snippet: list[Part] = field(default_factory=list)  # where neither title nor author says why it was found
    work_key: int | None = None
    folded: list[Hit] = field(default_factory=list)  # other editions of the work on this page
    more_of_work: int = 0  # and so many that are not
    edition: Edition | None = None

    @property
    def library_count(self) -> int:
        return len(self.holders)

    @property
    def available_count(self) -> int:
        return sum(holder.here for holder in self.holders)

    @property
    def nearest(self) -> Place | None:
        """The nearest library where it is on the shelf, else the nearest that holds it."""
        return self.holders[0].place if self.holders else None

    @property
    def shown_holders(self) -> list[Holder]:
        return self.holders[:PLACES_SHOWN]

    @property
    def more_holders(self) -> int:
        return max(len(self.holders) - PLACES_SHOWN, 0)


def hits_of(ids: Iterable[int], query: SearchQuery, places: Places) -> dict[int, Hit]:
    """Of those that are still there, by id."""
    editions = list(Edition.objects.filter(pk__in=list(ids), merged_into=None))
    holders = _holders([edition.pk for edition in editions], places)
    terms = snippets.terms_by_field(query.parsed)
    return {edition.pk: _hit(edition, holders.get(edition.pk, []), terms) for edition in editions}


def _hit(edition: Edition, holders: list[Holder], terms: Mapping[str, Terms]) -> Hit:
    title = highlight.mark(edition.full_title, terms["title"])
    author = highlight.mark(edition.author, terms["author"])
    says_why = snippets.has_mark(title) or snippets.has_mark(author)
    return Hit(
        edition_id=edition.pk,
        title=edition.title,
        author=edition.author,
        title_parts=title,
        author_parts=author,
        language_tag=language_tag(edition.language),
        facts=_facts(edition),
        holders=holders,
        url=edition.get_absolute_url(),
        snippet=[] if says_why else snippets.snippet(edition, terms),
        work_key=edition.work_key,
        edition=edition,
    )


def folded(hits: Sequence[Hit]) -> list[Hit]:
    """Editions of one work under the first of them, with the number of those that are not on the page."""
    keys = {hit.work_key for hit in hits if hit.work_key is not None}
    counts = dict(
        Edition.objects.filter(work_key__in=keys, merged_into=None, library_count__gt=0)
        .values_list("work_key")
        .annotate(Count("pk"))
        .order_by()
    ) if keys else {}  # fmt: skip
    here = Counter(hit.work_key for hit in hits)
    first: dict[int, int] = {}
    shown: list[Hit] = []
    for hit in hits:
        if hit.work_key is not None and hit.work_key in first:
            shown[first[hit.work_key]].folded.append(hit)
            continue
        if hit.work_key is not None:
            first[hit.work_key] = len(shown)
            more = max(counts.get(hit.work_key, 0) - here[hit.work_key], 0)
            hit = replace(hit, folded=[], more_of_work=more)
        shown.append(hit)
    return shown


def _holders(ids: Sequence[int], places: Places) -> dict[int, list[Holder]]:
    found: dict[int, list[Holder]] = {}
    if not ids:
        return found
    with connection.cursor() as cursor:
        shown = [str(status) for status in SHOWN_LIBRARIES]
        cursor.execute(_WHERE, [ItemStatus.AVAILABLE, list(ids), shown])
        rows = cursor.fetchall()
    for edition, library, here, as_of in rows:
        if place := places.get(library):
            found.setdefault(edition, []).append(Holder(place, here, as_of))
    for holders in found.values():
        holders.sort(key=lambda holder: (not holder.here, places.order(holder.place)))
    return found


def _facts(edition: Edition) -> list[str]:
    facts = [
        str(edition.year) if edition.year else "",
        str(_FORMATS.get(edition.format, "")),
        language_name(edition.language) if edition.language else "",
        str(edition.display.get("edition_statement", "")),
    ]
    return [fact for fact in facts if fact]
