"""The bottom room: what every other app builds on, and which knows none of them."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "network_portal.core"
    label = "core"

    def ready(self) -> None:
        from network_portal import checks  # noqa: F401  registers the system checks
        from network_portal.core import audit_codes  # noqa: F401  registers core's own audit sentences
        from network_portal.core.netsettings import portal  # noqa: F401  declares what the network may decide
