"""Addresses of reading lists and of files of titles."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import exporting, lists
from network_portal.core.ratelimit import limited

exports = limited("export", per_minute=30, burst=10)

urlpatterns: list[URLPattern | URLResolver] = [
    path("search/export", exports(exporting.export), name="export"),
    path("lists/", lists.list_index, name="lists"),
    path("lists/add/", limited("list", per_minute=120, burst=40)(lists.list_add), name="list_add"),
    path("lists/<int:pk>/", lists.list_page, name="list"),
    path("lists/<int:pk>/change/", lists.list_change, name="list_change"),
    path("lists/<int:pk>/share/", lists.list_share, name="list_share"),
    path("lists/<int:pk>/delete/", lists.list_delete, name="list_delete"),
    path("lists/<int:pk>/export/", exports(lists.list_export), name="list_export"),
    path("lists/<int:pk>/titles/<int:edition>/", lists.entry_change, name="list_entry"),
    path("lists/shared/<str:token>/", lists.list_shared, name="list_shared"),
    path("lists/shared/<str:token>/export/", exports(lists.list_shared_export), name="list_shared_export"),
]
