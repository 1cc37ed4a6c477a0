"""Pages that belong to the portal as a whole."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "network_portal.pages"
    label = "pages"
