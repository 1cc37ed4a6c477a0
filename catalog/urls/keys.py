"""Addresses for setting up a library's agent."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import keys as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/<int:pk>/keys/new/", views.key_new, name="key_new"),
    path("sources/<int:pk>/keys/<int:key>/end/", views.key_end, name="key_end"),
    path("sources/<int:pk>/items/", views.source_items, name="source_items"),
    path("sources/agent.py", views.agent_script, name="agent_script"),
]
