"""Addresses of the search and record pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views.edition import edition_marc, edition_page
from catalog.views.search import search_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("search", search_page, name="search"),
    path("edition/<int:pk>", edition_page, name="edition"),
    path("edition/<int:pk>/marc", edition_marc, name="edition_marc"),
]
