"""Addresses of kinds of readers, a reader's standing, and privacy; included by members.urls."""

from __future__ import annotations

from django.urls import path

from members.views import categories

urlpatterns = [
    path("members/<str:code>/categories/", categories.category_list, name="categories"),
    path("members/<str:code>/categories/new/", categories.category_new, name="category_new"),
    path("members/<str:code>/categories/<int:pk>/", categories.category_edit, name="category"),
    path(
        "members/<str:code>/categories/<int:pk>/remove/", categories.category_remove, name="category_remove"
    ),
    path("people/<int:pk>/standing/", categories.person_standing, name="person_standing"),
    path("account/privacy/", categories.privacy, name="privacy"),
]
