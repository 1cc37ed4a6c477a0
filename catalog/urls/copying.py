"""Addresses of search and copy."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import copying as views
from network_portal.core.ratelimit import limited

# Each search costs somebody else's server something.
search = limited("lookup", per_minute=30, burst=20)(views.copy_search)
urlpatterns: list[URLPattern | URLResolver] = [
    path("copying/", views.copying, name="copying"),
    path("copying/records/<int:pk>/remove/", views.copy_remove, name="copy_remove"),
    path("sources/<int:pk>/copy/", search, name="copy_search"),
    path("sources/<int:pk>/copy/<slug:token>/", views.copy_hits, name="copy_hits"),
    path("sources/<int:pk>/copy/<slug:token>/<int:number>/", views.copy_record, name="copy_record"),
    path("sources/<int:pk>/copy/<slug:token>/<int:number>/take/", views.copy_take, name="copy_take"),
    path(
        "sources/<int:pk>/copy/<slug:token>/<int:number>/record.<slug:kind>",
        views.copy_download,
        name="copy_download",
    ),
]
