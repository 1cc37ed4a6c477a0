"""Where covers come from: an address with the ISBN in it, set by the coordinators or by COVER_URL. Off without one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from stdnum import isbn as isbn_numbers

from catalog.models import CoverProvider

KEY, KEPT_SECONDS = "covers:provider", 60
PLACES = ("{isbn}", "{isbn10}")


@dataclass(frozen=True)
class Provider:
    address: str  # "": every cover is drawn
    hosts: tuple[str, ...] = ()  # where it may send us on to
    per_minute: int = 20
    is_set_here: bool = False  # in the browser, not by the environment


def current() -> Provider:
    """What holds now; a change is known to all processes at once, or within a minute where the cache was away."""
    row: tuple[bool, str, str, int] | str | None = cache.get(KEY)
    if row is None:
        found = CoverProvider.objects.values_list("is_on", "address", "hosts", "per_minute").first()
        row = found or "environment"
        cache.set(KEY, row, KEPT_SECONDS)
    if isinstance(row, str):
        return Provider(settings.COVER_URL, tuple(settings.COVER_HOSTS), settings.COVER_PER_MINUTE)
    is_on, address, hosts, pace = row
    return Provider(address if is_on else "", tuple(hosts.split()), pace, is_set_here=True)


def forget_current() -> None:
    cache.delete(KEY)


def is_on() -> bool:
    return bool(current().address)


def fault_of(template: str) -> str:
    """Why the address can't be used, for the system check; "" where it can."""
    try:
        parts = urlsplit(template)
    except ValueError:
        return "is no web address"
    # A picture that travels unprotected could be exchanged on the way; only a test's own server may speak plain HTTP.
    if parts.scheme != "https" and not (settings.ALLOW_PRIVATE_ADDRESSES and parts.scheme == "http"):
        return "must begin with https://"
    if not parts.hostname or any(sign in parts.netloc for sign in "{}"):
        return "must name its server"
    if not any(place in template for place in PLACES):
        return "must hold {isbn} or {isbn10}"
    return ""


def address_of(isbn: str) -> str:
    """The address of the picture; "" for an ISBN that the provider's form can't express, or without a provider."""
    return address_by(current().address, isbn)


def address_by(template: str, isbn: str) -> str:
    if not template or fault_of(template):
        return ""
    short = short_isbn(isbn)
    if "{isbn10}" in template and not short:
        return ""
    return template.replace("{isbn}", isbn).replace("{isbn10}", short)


def host() -> str:
    return urlsplit(current().address).hostname or ""


def isbn_of(display: Mapping[str, Any]) -> str:
    """The first ISBN that is right and not cancelled, as 13 digits."""
    identifiers: Iterable[Mapping[str, Any]] = display.get("identifiers", ())
    for one in identifiers:
        if one.get("scheme") == "isbn" and one.get("valid", True) and not one.get("cancelled"):
            return str(one["value"])
    return ""


def short_isbn(isbn: str) -> str:
    try:
        return str(isbn_numbers.to_isbn10(isbn))
    except Exception:  # noqa: BLE001  979-ISBNs have no short form; stdnum says so in several ways
        return ""
