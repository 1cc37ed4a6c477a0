"""Addresses of requests: patrons, queues, the network desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "loans"
urlpatterns: list[URLPattern | URLResolver] = []
