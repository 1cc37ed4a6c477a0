"""The web request as the portal's middleware leaves it, for the type checker."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from network_portal.core.actor import Actor


class PortalRequest(HttpRequest):
    """`actor` and `working` come from members.middleware, `htmx` from django-htmx."""

    actor: Actor
    working: Any
    second_factor_url: str
    htmx: HtmxDetails
