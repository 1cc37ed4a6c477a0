"""Menus of downloads: label and address of each format."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.downloads.files import FORMATS
from catalog.models import Edition, SourceRecord
from catalog.search.query import SearchQuery

ORIGINAL = "original"
Menu = list[tuple[str, str]]


def edition_menu(edition: Edition) -> Menu:
    return _menu(reverse("catalog:edition_download", args=[edition.pk]))


def record_menu(record: SourceRecord, library_id: int | None) -> Menu:
    """`library_id`: of who asks; its own record comes unchanged as well."""
    address = reverse("catalog:record_download", args=[record.pk])
    own = record.source.library_id == library_id
    first = [(str(_("Unchanged, as sent")), f"{address}?as={ORIGINAL}")] if own else []
    return [*first, *_menu(address)]


def list_menu(query: SearchQuery) -> Menu:
    """Of all that a search finds, not of one page alone."""
    asked = query.with_().to_querystring()
    return _menu(reverse("catalog:list_download"), f"&{asked}" if asked else "")


def other_ways(address: str) -> Menu:
    """Formats that know no limit of length."""
    return [way for way in _menu(address) if not way[1].endswith("=marc")]


def _menu(address: str, rest: str = "") -> Menu:
    return [(kind.label, f"{address}?as={code}{rest}") for code, kind in FORMATS.items()]
