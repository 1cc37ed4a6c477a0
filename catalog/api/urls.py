"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from catalog.api import views
from catalog.api.schema import Schema

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="api_schema"),
    path("sources/<int:pk>/", views.SourceState.as_view(), name="api_source"),
    # With or without a slash at the end: a redirect would lose the body.
    re_path(r"^sources/(?P<pk>[0-9]{1,18})/records/?$", views.RecordsPush.as_view(), name="api_records"),
    re_path(r"^sources/(?P<pk>[0-9]{1,18})/items/?$", views.ItemsPush.as_view(), name="api_items"),
]
