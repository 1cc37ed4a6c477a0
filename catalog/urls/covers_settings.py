"""Addresses of the settings of covers."""

from __future__ import annotations

from django.urls import path

from catalog.views import covers_settings as views

urlpatterns = [
    path("covers/", views.covers, name="covers"),
    path("covers/try/", views.covers_try, name="covers_try"),
    path("covers/forget/", views.covers_forget, name="covers_forget"),
    path("covers/again/", views.covers_again, name="covers_again"),
    path("covers/reset/", views.covers_reset, name="covers_reset"),
]
