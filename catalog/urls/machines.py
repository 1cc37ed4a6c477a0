"""Addresses that programs ask for."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import machines as views
from network_portal.core.ratelimit import limited

urlpatterns: list[URLPattern | URLResolver] = [
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap-portal.xml", views.sitemap_portal, name="sitemap_portal"),
    path(
        "sitemap-<int:page>.xml", limited("sitemap", per_minute=60, burst=60)(views.sitemap), name="sitemap"
    ),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path(
        "search/suggestions",
        limited("complete", per_minute=1200, burst=300)(views.suggestions),
        name="suggestions",
    ),
    path("unapi", limited("unapi", per_minute=120, burst=60)(views.unapi_server), name="unapi"),
]
