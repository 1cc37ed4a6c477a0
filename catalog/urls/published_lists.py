"""Addresses of what libraries publish."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import published_lists as views
from network_portal.core.ratelimit import limited
from network_portal.core.shared_cache import shareable

KEPT = 300  # seconds, by proxies, for those who are not logged in
feed_limit = limited("feed", per_minute=60, burst=60)
exports = limited("export", per_minute=30, burst=10)

urlpatterns: list[URLPattern | URLResolver] = [
    path("shared-lists/", shareable(KEPT)(views.index), name="shared_lists"),
    path(
        "shared-lists/feed.<slug:kind>",
        shareable(900)(feed_limit(views.lists_feed)),
        name="shared_lists_feed",
    ),
    path("shared-lists/serials/<str:code>/", shareable(KEPT)(views.library_serials), name="library_serials"),
    path(
        "shared-lists/serials/<str:code>/csv", exports(views.library_serials_csv), name="library_serials_csv"
    ),
    path("shared-lists/list/<slug:slug>/", shareable(KEPT)(views.one), name="published_list"),
    path("shared-lists/list/<slug:slug>/export/", exports(views.export), name="published_list_export"),
    path(
        "shared-lists/list/<slug:slug>/feed.<slug:kind>",
        shareable(900)(feed_limit(views.list_feed)),
        name="published_list_feed",
    ),
    path("shared-lists/list/<slug:slug>/withdraw/", views.withdraw, name="list_withdraw"),
    path("lists/<int:pk>/publish/", views.publish, name="list_publish"),
]
