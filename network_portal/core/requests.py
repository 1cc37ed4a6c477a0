"""The web request as the portal's middleware leaves it, for the type checker; and reading what people put into it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from network_portal.core.actor import Actor


def whole_number(text: str) -> int | None:
    """The id or version that a form or address carries; None for anything a database key can't be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def typed(text: str) -> str:
    """Search words from an address: of sensible length, and without the NUL that PostgreSQL refuses."""
    return text.replace("\x00", "").strip()[:100]


class PortalRequest(HttpRequest):
    """`actor` and `working` come from members.middleware, `htmx` from django-htmx."""

    actor: Actor
    working: Any
    second_factor_url: str
    htmx: HtmxDetails
