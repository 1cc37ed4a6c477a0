"""What is late."""

from __future__ import annotations

from django.urls import path

from loans.views import stuck

urlpatterns = [
    path("queue/stuck/", stuck.stuck, name="stuck"),
]
