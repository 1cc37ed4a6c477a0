"""Pages that programs ask for: sitemaps, the description of the search box, unAPI."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from lxml import etree

from catalog import selectors
from catalog.describing import unapi
from catalog.exporting import files
from catalog.models import Edition
from catalog.search.completion import offers
from catalog.selectors.sitemap import sitemap_editions, sitemap_pages
from members.selectors.libraries import libraries_visible_to
from network_portal.core.actor import Actor
from network_portal.core.netsettings.portal import NAME
from network_portal.core.requests import PortalRequest

MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
HOUR = 3600
LAST_PAGE = 100_000  # more than any catalogue has
_START, _END = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{MAPS}">\n', "</urlset>\n"
_OPEN = ("pages:home", "pages:help", "members:libraries", "pages:accessibility")


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap_index(request: PortalRequest) -> HttpResponse:
    """Of all pages that have something on them (https://www.sitemaps.org/protocol.html)."""
    root = _root("sitemapindex", MAPS)
    pages = [reverse("catalog:sitemap_portal")]
    pages += [reverse("catalog:sitemap", args=[number]) for number in sitemap_pages()]
    for address in pages:
        _add(_add(root, "sitemap"), "loc").text = settings.PORTAL_URL + address
    return _xml(root)


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap_portal(request: PortalRequest) -> HttpResponse:
    """The pages of the portal itself, and of its libraries."""
    codes = [library.short_code for library in libraries_visible_to(Actor.anonymous())]
    pages = [reverse(name) for name in _OPEN] + [reverse("members:library", args=[code]) for code in codes]
    root = _root("urlset", MAPS)
    for address in pages:
        _add(_add(root, "url"), "loc").text = settings.PORTAL_URL + address
    return _xml(root)


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap(request: PortalRequest, page: int) -> HttpResponseBase:
    if page > LAST_PAGE:
        raise Http404
    return StreamingHttpResponse(_urls(sitemap_editions(page)), content_type="application/xml")


def _urls(rows: Iterator[tuple[int, datetime]]) -> Iterator[bytes]:
    """Numbers and dates only: nothing to escape."""
    pattern = settings.PORTAL_URL + reverse("catalog:edition", args=[0]).removesuffix("0")
    yield _START.encode()
    for number, changed in rows:
        yield f"<url><loc>{pattern}{number}</loc><lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>\n".encode()
    yield _END.encode()


@require_safe
@cache_control(public=True, max_age=24 * HOUR)
def opensearch(request: PortalRequest) -> HttpResponse:
    """Lets a browser put the portal among its search engines (OpenSearch 1.1, draft 6)."""
    root = _root("OpenSearchDescription", SEARCH)
    _add(root, "ShortName").text = NAME.now()[:16]
    _add(root, "Description").text = _("All libraries of the network in one search.")
    _add(root, "InputEncoding").text = "UTF-8"
    ways = (
        ("text/html", "results", reverse("catalog:search"), "q={searchTerms}"),
        ("application/rss+xml", "results", reverse("catalog:feed", args=["rss"]), "q={searchTerms}"),
        ("application/x-suggestions+json", "suggestions", reverse("catalog:suggestions"), "q={searchTerms}"),
    )
    for kind, rel, path, asked in ways:
        _add(root, "Url", type=kind, rel=rel, template=f"{settings.PORTAL_URL}{path}?{asked}")
    _add(root, "Image", type="image/svg+xml").text = settings.PORTAL_URL + _mark()
    return _xml(root, "application/opensearchdescription+xml")


def _mark() -> str:
    return static("img/mark.svg")


@require_safe
@cache_control(public=True, max_age=300)
def suggestions(request: PortalRequest) -> JsonResponse:
    """What the search box offers, in the form that browsers read (OpenSearch Suggestions)."""
    typed = request.GET.get("q", "")[:100]
    found = [offer.text for offer in offers(typed)]
    return JsonResponse(
        [typed, found],
        safe=False,
        content_type="application/x-suggestions+json",
        headers={"X-Robots-Tag": "noindex"},
    )


@require_safe
@cache_control(public=True, max_age=HOUR)
def unapi_server(request: PortalRequest) -> HttpResponseBase:
    """Without an id the formats; with one, those of the record (300); with a format, the record in it."""
    asked, wanted = request.GET.get("id", ""), request.GET.get("format", "")
    if not asked:
        return HttpResponse(unapi.formats(), content_type="application/xml")
    number = unapi.edition_number(asked)
    try:
        edition = selectors.edition_current(number or 0)
    except Edition.DoesNotExist:
        raise Http404 from None
    if not wanted:
        return HttpResponse(unapi.formats(asked), content_type="application/xml", status=300)
    if wanted not in unapi.FORMATS:
        return HttpResponse(status=406)
    code, kind = unapi.FORMATS[wanted]
    response = files.answer(
        code, [edition.pk], name=f"jejaring-{edition.pk}", address=lambda path: settings.PORTAL_URL + path
    )
    response["Content-Type"] = kind
    return response


def _root(name: str, namespace: str) -> etree._Element:
    return etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace})  # type: ignore[dict-item]


def _add(parent: etree._Element, name: str, **values: str) -> etree._Element:
    """In the namespace of its parent."""
    return etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}", values)


def _xml(root: etree._Element, kind: str = "application/xml") -> HttpResponse:
    return HttpResponse(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), content_type=kind)
