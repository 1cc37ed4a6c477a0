"""How a library joins: the public pages, the coordinator's list, a new member's first steps."""

from __future__ import annotations

from django.urls import path

from members.views import applications, joining, places, standing
from network_portal.core.ratelimit import limited

# Generous to a person who mistypes, short for a program.
often = limited("join", per_minute=2, burst=12)

urlpatterns = [
    path("join/", often(joining.join), name="join"),
    path("join/sent/", joining.join_sent, name="join_sent"),
    path("join/confirm/<str:token>/", often(joining.join_confirm), name="join_confirm"),
    path("join/status/<str:token>/", limited("join-status", per_minute=20, burst=40)(joining.join_status),
         name="join_status"),
    path("applications/", applications.application_list, name="applications"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/<slug:action>/", applications.application_do, name="application_do"),
    path("network/<str:code>/order/", places.network_order, name="network_order"),
    path("applications/away/", standing.away, name="away"),
    path("members/<str:code>/standing/", standing.standing, name="standing"),
    path("members/<str:code>/first-steps/", applications.first_steps, name="first_steps"),
    path("members/<str:code>/first-steps/search/", applications.first_search, name="first_search"),
]  # fmt: skip
