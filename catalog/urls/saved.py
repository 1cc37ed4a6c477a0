"""Addresses of saved searches and of feeds."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import feeds, saved
from network_portal.core.ratelimit import limited
from network_portal.core.shared_cache import shareable

FEED_KEPT = 900  # seconds, by proxies: readers of feeds ask all day long
feed_limit = limited("feed", per_minute=60, burst=60)

urlpatterns: list[URLPattern | URLResolver] = [
    path("saved/", saved.saved_list, name="saved"),
    path("saved/new/", saved.saved_new, name="saved_new"),
    path("saved/<int:pk>/", saved.saved_change, name="saved_change"),
    path("saved/<int:pk>/remove/", saved.saved_delete, name="saved_delete"),
    path("saved/stop/<str:token>/", saved.saved_stop, name="saved_stop"),
    path("search/feed.<slug:kind>", shareable(FEED_KEPT)(feed_limit(feeds.feed)), name="feed"),
    path("browse/new.<slug:kind>", shareable(FEED_KEPT)(feed_limit(feeds.network_feed)), name="network_feed"),
    path(
        "libraries/<str:code>/new.<slug:kind>",
        shareable(FEED_KEPT)(feed_limit(feeds.library_feed)),
        name="library_feed",
    ),
]
