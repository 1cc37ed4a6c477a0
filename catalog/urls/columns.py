"""Addresses of the mapping screen of tables."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import columns as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/<int:pk>/columns/", views.source_columns, name="source_columns"),
    path("sources/<int:pk>/columns/forget/", views.source_columns_forget, name="source_columns_forget"),
]
