"""A reader's own requests."""

from __future__ import annotations

from django.urls import path

from loans.views import mine

urlpatterns = [
    path("my/requests/", mine.my_requests, name="my_requests"),
    path("my/requests/<slug:number>/", mine.my_request, name="my_request"),
    path("my/requests/<slug:number>/cancel/", mine.my_request_cancel, name="my_request_cancel"),
]
