"""One request, as staff see it."""

from __future__ import annotations

from django.urls import path

from loans.views import backwards, desk, messages

urlpatterns = [
    path("requests/<slug:number>/", desk.request_page, name="request"),
    path("requests/<slug:number>/do/<slug:action>/", desk.request_action, name="request_action"),
    path("requests/<slug:number>/undo/", backwards.request_undo, name="request_undo"),
    path("requests/<slug:number>/reopen/", backwards.request_reopen, name="request_reopen"),
    path("requests/<slug:number>/messages/", messages.request_messages, name="request_messages"),
]
