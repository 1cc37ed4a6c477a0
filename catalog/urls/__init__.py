"""Addresses of the catalogue: what readers search, and what librarians feed it from."""

from __future__ import annotations

from django.urls import include, path

from catalog.views.covers import cover_picture

app_name = "catalog"
urlpatterns = [
    path("", include("catalog.urls.lists")),
    path("", include("catalog.urls.saved")),
    path("", include("catalog.urls.machines")),
    path("", include("catalog.urls.search")),
    path("", include("catalog.urls.browse")),
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
    path("", include("catalog.urls.review")),
    path("", include("catalog.urls.outside")),
    path("", include("catalog.urls.covers_settings")),
    path("", include("catalog.urls.advanced")),
    path("", include("catalog.urls.published_lists")),
    path("covers/<str:name>.webp", cover_picture, name="cover"),
]
