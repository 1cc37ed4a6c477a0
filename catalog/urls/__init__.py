"""Addresses of the catalogue: what readers search, and what librarians feed it from."""

from __future__ import annotations

from django.urls import include, path

app_name = "catalog"
urlpatterns = [
    path("", include("catalog.urls.search")),
    path("", include("catalog.urls.sources")),
    path("", include("catalog.urls.reports")),
    path("", include("catalog.urls.copying")),
    path("api/v1/", include("catalog.api.urls")),
    path("", include("catalog.urls.keys")),
    path("", include("catalog.urls.runs")),
    path("", include("catalog.urls.probe")),
    path("", include("catalog.urls.schedule")),
    path("", include("catalog.urls.streams")),
    path("", include("catalog.urls.rekey")),
    path("", include("catalog.urls.columns")),
    path("", include("catalog.urls.rules")),
]
