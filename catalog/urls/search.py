"""Addresses of the search and record pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.usage.note import opening
from catalog.views.complete import search_complete
from catalog.views.downloads import edition_download, list_download, record_download
from catalog.views.edition import edition_marc, edition_page, edition_why
from catalog.views.guard import guarded
from catalog.views.search import search_page, search_values
from network_portal.core.ratelimit import limited
from network_portal.core.shared_cache import shareable

SEARCH_KEPT, RECORD_KEPT = 60, 120  # seconds, by proxies, for those who are not logged in
search_limit = limited("search", per_minute=600, burst=150)

urlpatterns: list[URLPattern | URLResolver] = [
    # A class of forty behind one address searches freely; a crawler that follows every filter does not.
    path("search", shareable(SEARCH_KEPT)(guarded(search_limit(search_page))), name="search"),
    path(
        "search/complete",
        limited("complete", per_minute=1200, burst=300)(search_complete),
        name="search_complete",
    ),
    path(
        "search/values/<slug:key>",
        guarded(search_limit(search_values)),
        name="search_values",
    ),
    path("edition/<int:pk>", shareable(RECORD_KEPT)(opening(edition_page)), name="edition"),
    path("edition/<int:pk>/marc", shareable(RECORD_KEPT)(edition_marc), name="edition_marc"),
    path("edition/<int:pk>/why", edition_why, name="edition_why"),
    path("edition/<int:pk>/download", edition_download, name="edition_download"),
    path("records/<int:pk>/download", record_download, name="record_download"),
    path(
        "search/download", limited("download", per_minute=30, burst=10)(list_download), name="list_download"
    ),
]
