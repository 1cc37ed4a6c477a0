"""Addresses of requests: readers, queues, the network desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from loans.views import asking, desk, help_workflow, mine, queues
from network_portal.core.ratelimit import limited

app_name = "loans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("request/new", asking.request_new, name="request_new"),
    path(
        "request/check/",
        limited("request", per_minute=30, burst=30)(asking.request_check),
        name="request_check",
    ),
    path("request/<slug:number>/done/", asking.request_done, name="request_done"),
    path("my/requests/", mine.my_requests, name="my_requests"),
    path("my/requests/<slug:number>/", mine.my_request, name="my_request"),
    path("my/requests/<slug:number>/cancel/", mine.my_request_cancel, name="my_request_cancel"),
    path("queue/requesting/", queues.queue_requesting, name="queue_requesting"),
    path("queue/supplying/", queues.queue_supplying, name="queue_supplying"),
    path("queue/network/", queues.queue_network, name="queue_network"),
    path("requests/<slug:number>/", desk.request_page, name="request"),
    path("requests/<slug:number>/do/<slug:action>/", desk.request_action, name="request_action"),
    path("requests/<slug:number>/messages/", desk.request_messages, name="request_messages"),
    path("help/workflow/", help_workflow.workflow, name="help_workflow"),
]
