"""How a request finds its library: the dry run."""

from __future__ import annotations

from django.urls import path

from loans.views import explain

urlpatterns = [
    path("routing/explain/", explain.routing_explain, name="routing_explain"),
]
