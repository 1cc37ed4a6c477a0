"""The union catalogue: sources, harvesting, matching, editions, holdings, search."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        # They register the audit sentences and what background work wants to hear.
        from catalog import audit_codes, tasks_index, tasks_reports  # noqa: F401
        from catalog.services import retry  # noqa: F401
