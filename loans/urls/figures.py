"""Addresses of the figures."""

from __future__ import annotations

from django.urls import path

from loans.views import figures

urlpatterns = [
    path("figures/", figures.figures_network, name="figures_network"),
    path("figures/<str:code>/", figures.figures_library, name="figures_library"),
]
