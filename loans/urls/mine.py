"""A reader's own requests."""

from __future__ import annotations

from django.urls import path

from loans.views import mine, reader_messages

urlpatterns = [
    path("my/requests/", mine.my_requests, name="my_requests"),
    path("my/requests/<slug:number>/", mine.my_request, name="my_request"),
    path("my/requests/<slug:number>/cancel/", mine.my_request_cancel, name="my_request_cancel"),
    path("my/requests/<slug:number>/message/", reader_messages.my_request_message, name="my_request_message"),
    path("my/requests/<slug:number>/do/<slug:action>/", mine.my_request_step, name="my_request_step"),
    path("requests/<slug:number>/reader/", reader_messages.reader_messages_page, name="reader_messages"),
]
