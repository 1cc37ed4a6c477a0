"""How a request finds its library: its kept plans, and the dry run."""

from __future__ import annotations

from django.urls import path

from loans.views import explain, waiting_times

urlpatterns = [
    path("routing/explain/", explain.routing_explain, name="routing_explain"),
    path("networks/<slug:code>/hours/", waiting_times.network_times, name="network_times"),
    path("requests/<str:number>/libraries/", explain.request_libraries, name="request_libraries"),
]
