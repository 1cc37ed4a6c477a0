"""What pages tell programs (`describe`, `coins`, `search_links`), and where a search leads on to (`feed_urls`)."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.describing import coins as coins_of
from catalog.describing import head, schema_org
from catalog.describing.unapi import identifier
from catalog.exporting.files import menu
from catalog.exporting.references import Reference, reference_of
from catalog.models import Edition
from catalog.presenters.edition_holders import LibraryHoldings
from catalog.presenters.saved import feed_urls as feeds
from catalog.search.languages import language_tag
from catalog.search.page import search_url
from catalog.search.query import SearchQuery

register = template.Library()


def _reference(edition: Edition) -> Reference:
    """Programs want a language's tag, not its name in the reader's language."""
    address = settings.PORTAL_URL + edition.get_absolute_url()
    return reference_of(edition, address, language=language_tag(edition.language))


@register.simple_tag
def describe(edition: Edition, holders: Sequence[LibraryHoldings] = ()) -> SafeString:
    """For the head of an edition's page: tags, JSON-LD with who holds it, and where the record is as a file."""
    reference = _reference(edition)
    export = reverse("catalog:export")
    files = (
        (_file_type(code), f"{export}?as={code}&edition={edition.pk}", label)
        for code, label in menu()
        if code in _TYPES
    )
    return (
        format_html_join("\n", '<meta name="{}" content="{}">', head.tags(reference))
        + format_html_join("\n", '\n<link rel="alternate" type="{}" href="{}" title="{}">', files)
        + format_html(
            '\n<link rel="unapi-server" type="application/xml" title="unAPI" href="{}">\n', reverse("catalog:unapi")
        )
        + schema_org.data_block(schema_org.described(edition, reference, holders))
    )  # fmt: skip


_TYPES = {
    "ris": "application/x-research-info-systems", "bibtex": "application/x-bibtex",
    "marc": "application/marc", "marcxml": "application/marcxml+xml",
}  # fmt: skip


def _file_type(code: str) -> str:
    return _TYPES[code]


@register.simple_tag
def coins(edition: Edition | None) -> SafeString | str:
    return coins_of.span(_reference(edition)) if edition is not None else ""


@register.simple_tag
def unapi_id(edition: Edition) -> SafeString:
    return format_html('<abbr class="unapi-id" title="{}" hidden></abbr>', identifier(edition.pk))


@register.simple_tag
def feed_urls(query: SearchQuery) -> dict[str, str]:
    rss, atom = feeds(query)
    return {"rss": rss, "atom": atom, "asked": query.with_(per_page=20).to_querystring()}


@register.simple_tag
def search_links(query: SearchQuery) -> SafeString:
    """For the head of a page of results: the address of the plain question, and its feeds."""
    rss, atom = feeds(query)
    plain = query.with_(sort="relevance", per_page=20)
    named = _("New titles that fit this search")
    return format_html(
        '<link rel="canonical" href="{}">\n'
        '<link rel="alternate" type="application/rss+xml" title="{} (RSS)" href="{}">\n'
        '<link rel="alternate" type="application/atom+xml" title="{} (Atom)" href="{}">',
        settings.PORTAL_URL + search_url(plain), named, rss, named, atom,
    )  # fmt: skip
