"""Addresses of runs."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import runs as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("runs/<int:pk>/", views.run_page, name="run"),
    path("runs/<int:pk>/stop/", views.run_stop, name="run_stop"),
    path("runs/<int:pk>/deletes/", views.run_deletes, name="run_deletes"),
    path("runs/<int:pk>/rejected.csv", views.run_rejected_csv, name="run_rejected"),
    path("runs/<int:pk>/retry/", views.run_retry, name="run_retry"),
    path("sources/<int:pk>/retry/", views.source_retry, name="source_retry"),
    path("sources/<int:pk>/renormalise/", views.source_renormalise, name="source_renormalise"),
]
