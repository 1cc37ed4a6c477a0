"""Addresses of the list of catalogues outside the network."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import outside as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("outside/", views.outside_list, name="outside"),
    path("outside/new/", views.outside_new, name="outside_new"),
    path("outside/<int:pk>/", views.outside_edit, name="outside_edit"),
    path("outside/<int:pk>/remove/", views.outside_remove, name="outside_remove"),
]
