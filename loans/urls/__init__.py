"""Addresses of requests: readers, queues, the network desk. Each room has a module and a line here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "loans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("loans.urls.asking")),
    path("", include("loans.urls.mine")),
    path("", include("loans.urls.mediation")),
    path("", include("loans.urls.desk")),
    path("", include("loans.urls.coordinator")),
    path("", include("loans.urls.queues")),
    path("", include("loans.urls.stuck")),
    path("", include("loans.urls.slips")),
    path("", include("loans.urls.requests")),
    path("", include("loans.urls.copies")),
    path("", include("loans.urls.help")),
    path("", include("loans.urls.routing")),
    path("", include("loans.urls.modelling")),
    path("", include("loans.urls.figures")),
    path("", include("loans.urls.balance")),
    path("", include("loans.urls.money")),
    path("", include("loans.urls.api")),
]
