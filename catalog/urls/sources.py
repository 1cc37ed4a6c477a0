"""Addresses of sources."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import sources as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/new/", views.source_new, name="source_new"),
    path("sources/new/<slug:way>/", views.source_new_way, name="source_new_way"),
    path("sources/<int:pk>/", views.source_page, name="source"),
    path("sources/<int:pk>/edit/", views.source_edit, name="source_edit"),
    path("sources/<int:pk>/upload/", views.source_upload, name="source_upload"),
    path("sources/<int:pk>/run/", views.source_run, name="source_run"),
]
