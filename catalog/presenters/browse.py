"""Lines of the A–Z lists as the page shows them: where each leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from catalog.choices import HeadingKind
from catalog.models import Heading
from catalog.selectors.browsing import Place, editions_of_headings

# How a heading of each kind is searched for: by a filter of that name, or a question about that field.
_FILTERS = {HeadingKind.AUTHOR: "author", HeadingKind.SUBJECT: "subject"}
_FIELDS = {HeadingKind.TITLE: "judul", HeadingKind.CALL: "panggil"}


@dataclass(frozen=True)
class LineView:
    text: str
    count: int
    url: str
    see: str = ""
    see_url: str = ""


def line_views(headings: Sequence[Heading]) -> list[LineView]:
    """A title that stands alone leads to its page, all else to a search; a reference to the line it names."""
    single = editions_of_headings([h for h in headings if h.kind in _FIELDS and not h.see])
    return [_view(heading, single.get(heading.pk)) for heading in headings]


def _view(heading: Heading, edition_id: int | None) -> LineView:
    if heading.see:
        place = reverse("catalog:browse_kind", args=[heading.kind])
        return LineView(
            heading.text, heading.count, "", heading.see, f"{place}?{urlencode({'from': heading.see})}"
        )
    if edition_id is not None:
        return LineView(heading.text, 1, reverse("catalog:edition", args=[edition_id]))
    return LineView(heading.text, heading.count, search_url(heading))


def search_url(heading: Heading) -> str:
    kind = HeadingKind(heading.kind)
    if kind in _FILTERS:
        params = {_FILTERS[kind]: heading.text}
    else:
        words = heading.text.replace('"', " ")
        params = {"q": f'{_FIELDS[kind]}:"{words}"'}
    return f"{reverse('catalog:search')}?{urlencode(params)}"


def query_of(name: str, place: Place) -> str:
    return urlencode({name: place[0], "at": place[1]})
