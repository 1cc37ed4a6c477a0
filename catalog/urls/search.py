"""Addresses of the search and record pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views.edition import edition_marc, edition_page, edition_why
from catalog.views.search import search_page
from network_portal.core.ratelimit import limited

urlpatterns: list[URLPattern | URLResolver] = [
    # A class of forty behind one address searches freely; a crawler that follows every filter does not.
    path("search", limited("search", per_minute=600, burst=150)(search_page), name="search"),
    path("edition/<int:pk>", edition_page, name="edition"),
    path("edition/<int:pk>/marc", edition_marc, name="edition_marc"),
    path("edition/<int:pk>/why", edition_why, name="edition_why"),
]
