"""Addresses of changing record numbers over."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import rekey as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/<int:pk>/rekey/", views.rekey_page, name="rekey"),
    path("sources/<int:pk>/rekey/compare/", views.rekey_compare, name="rekey_compare"),
    path("sources/<int:pk>/rekey/start/", views.rekey_carry_out, name="rekey_start"),
]
