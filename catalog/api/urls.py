"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.api import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/<int:pk>/", views.SourceState.as_view(), name="api_source"),
    path("sources/<int:pk>/records", views.RecordsPush.as_view(), name="api_records"),
    path("sources/<int:pk>/items", views.ItemsPush.as_view(), name="api_items"),
]
