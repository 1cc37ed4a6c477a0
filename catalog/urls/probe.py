"""Addresses of examining the server behind a source."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import probe as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/<int:pk>/probe/", views.source_probe, name="source_probe"),
    path("sources/<int:pk>/explain/", views.source_explain, name="source_explain"),
    path("sources/<int:pk>/server/", views.source_server, name="source_server"),
]
