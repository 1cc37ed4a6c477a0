"""Asking for a title."""

from __future__ import annotations

from django.urls import path

from loans.views import asking, blank, for_reader, openurl
from network_portal.core.ratelimit import limited

urlpatterns = [
    path("request/new", asking.request_new, name="request_new"),
    path(
        "request/check/",
        limited("request", per_minute=30, burst=30)(asking.request_check),
        name="request_check",
    ),
    path("request/for/", for_reader.request_for_reader, name="request_for_reader"),
    path("request/found/", blank.request_found, name="request_found"),
    path("request/blank/", blank.request_blank_kinds, name="request_blank_kinds"),
    path("request/blank/<slug:genre>/", blank.request_blank, name="request_blank"),
    path(
        "request/openurl",
        limited("openurl", per_minute=60, burst=60)(openurl.request_openurl),
        name="request_openurl",
    ),
    path("request/<slug:number>/done/", asking.request_done, name="request_done"),
]
