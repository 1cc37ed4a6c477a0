"""Address of the advanced form."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views.advanced import search_advanced
from network_portal.core.ratelimit import limited

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "search/advanced",
        limited("search", per_minute=600, burst=150)(search_advanced),
        name="search_advanced",
    ),
]
