"""How a request finds its library: its kept plans, and the dry run."""

from __future__ import annotations

from django.urls import path

from loans.views import explain

urlpatterns = [
    path("routing/explain/", explain.routing_explain, name="routing_explain"),
    path("requests/<str:number>/libraries/", explain.request_libraries, name="request_libraries"),
]
