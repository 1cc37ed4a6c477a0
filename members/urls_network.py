"""A network's rules and its members' places."""

from __future__ import annotations

from django.urls import path

from members.views import network

urlpatterns = [
    path("networks/", network.network_list, name="networks"),
    path("networks/new/", network.network_new, name="network_new"),
    path("network/<str:code>/routing/", network.network_routing, name="network_routing"),
    path("network/<str:code>/daily/", network.network_daily, name="network_daily"),
    path("network/<str:code>/members/", network.network_places, name="network_places"),
]
