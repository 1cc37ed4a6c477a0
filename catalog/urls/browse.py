"""Addresses of browsing and of the search statistics."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import browse, new_titles, search_statistics, serials
from network_portal.core.ratelimit import limited
from network_portal.core.shared_cache import shareable

KEPT = 300  # seconds, by proxies, for those who are not logged in
browse_limit = limited("browse", per_minute=600, burst=150)

urlpatterns: list[URLPattern | URLResolver] = [
    path("browse/", shareable(KEPT)(browse.browse_home), name="browse"),
    path("browse/new/", shareable(KEPT)(browse_limit(new_titles.new_titles)), name="new_titles"),
    path("browse/serials/", shareable(KEPT)(browse_limit(serials.serials)), name="serials"),
    path(
        "browse/serials.csv",
        limited("download", per_minute=30, burst=10)(serials.serials_csv),
        name="serials_csv",
    ),
    path("browse/<slug:kind>/", shareable(KEPT)(browse_limit(browse.browse_kind)), name="browse_kind"),
    path("statistics/searches/", search_statistics.search_statistics, name="search_statistics"),
    path("statistics/searches.csv", search_statistics.search_statistics_csv, name="search_statistics_csv"),
    path("statistics/wanted/", search_statistics.wanted, name="wanted"),
    path("statistics/wanted.csv", search_statistics.wanted_csv, name="wanted_csv"),
]
