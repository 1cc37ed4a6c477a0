"""Asking for a title."""

from __future__ import annotations

from django.urls import path

from loans.views import asking
from network_portal.core.ratelimit import limited

urlpatterns = [
    path("request/new", asking.request_new, name="request_new"),
    path(
        "request/check/",
        limited("request", per_minute=30, burst=30)(asking.request_check),
        name="request_check",
    ),
    path("request/<slug:number>/done/", asking.request_done, name="request_done"),
]
