"""Addresses of the list of sources and of the reports on quality and overlap."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import overlap, quality, reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/", reports.source_list, name="sources"),
    path("sources/<int:pk>/quality/", quality.quality_source, name="quality_source"),
    path("sources/<int:pk>/quality/<slug:check>.csv", quality.quality_csv, name="quality_csv"),
    path("sources/quality/", quality.quality_network, name="quality"),
    path("sources/quality/<str:code>/", quality.quality_library, name="quality_library"),
    path("sources/quality/<str:code>/now/", quality.quality_now, name="quality_now"),
    path("sources/overlap/", overlap.overlap_network, name="overlap"),
    path("sources/overlap/now/", overlap.overlap_now, name="overlap_now"),
    path("sources/overlap/of/<str:code>/", overlap.overlap_library, name="overlap_library"),
    path("sources/overlap/of/<str:code>/unique.csv", overlap.overlap_csv, name="overlap_csv"),
]
