"""The demo network."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "network_portal.demo"
    label = "demo"
