"""Addresses of the list of sources and of the reports on quality and overlap."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import overlap, quality, reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/", reports.source_list, name="sources"),
    path("sources/<int:pk>/quality/", quality.quality_source, name="quality_source"),
    path("sources/<int:pk>/quality/<slug:check>.csv", quality.quality_csv, name="quality_csv"),
    path("reports/quality/", quality.quality_network, name="quality"),
    path("reports/quality/<str:code>/", quality.quality_library, name="quality_library"),
    path("reports/quality/<str:code>/now/", quality.quality_now, name="quality_now"),
    path("reports/overlap/", overlap.overlap_network, name="overlap"),
    path("reports/overlap/now/", overlap.overlap_now, name="overlap_now"),
    path("reports/overlap/of/<str:code>/", overlap.overlap_library, name="overlap_library"),
    path("reports/overlap/of/<str:code>/unique.csv", overlap.overlap_csv, name="overlap_csv"),
]
