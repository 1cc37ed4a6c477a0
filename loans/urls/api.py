"""Addresses for programs."""

from __future__ import annotations

from django.urls import path

from loans import api

urlpatterns = [path("api/v1/figures/", api.api_figures, name="api_figures")]
