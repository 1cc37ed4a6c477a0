"""The demo network: invented libraries with the catalogues of real books. Imported by nothing else."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "network_portal.demo"
    label = "demo"

    def ready(self) -> None:
        from network_portal.demo import audit_codes  # noqa: F401  registers the audit sentence
