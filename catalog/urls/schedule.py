"""Addresses of the buttons for time and turns."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import schedule as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("runs/<int:pk>/pause/", views.run_pause, name="run_pause"),
    path("runs/<int:pk>/resume/", views.run_resume, name="run_resume"),
    path("runs/<int:pk>/now/", views.run_hurry, name="run_hurry"),
    path("sources/<int:pk>/pause/", views.source_pause, name="source_pause"),
    path("sources/<int:pk>/resume/", views.source_resume, name="source_resume"),
    path("sources/<int:pk>/hours/", views.source_hours, name="source_hours"),
]
