"""Addresses of full files beside the one in use."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import streams as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/<int:pk>/streams/", views.stream_upload, name="stream_upload"),
    path("streams/<int:pk>/", views.stream_page, name="stream"),
    path("streams/<int:pk>/switch/", views.stream_switch, name="stream_switch"),
    path("streams/<int:pk>/compare/", views.stream_compare, name="stream_compare"),
    path("streams/<int:pk>/drop/", views.stream_drop, name="stream_drop"),
]
