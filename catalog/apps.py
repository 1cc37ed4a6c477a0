"""The union catalogue: sources, harvesting, matching, editions, holdings, search."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        # They register the audit sentences and what background work wants to hear.
        from catalog import (  # noqa: F401
            audit_codes,
            first_steps,
            netsettings,
            shown,
            tasks_acquiring,
            tasks_browsing,
            tasks_covers,
            tasks_index,
            tasks_lists,
            tasks_reports,
        )
        from catalog.acquiring import audit_codes as acquiring_codes  # noqa: F401
        from catalog.covers import checks  # noqa: F401
        from catalog.guests import take_over
        from catalog.leaving import keys_revoke
        from catalog.personal import declare
        from catalog.services import retry  # noqa: F401
        from members.leaving import at_leaving

        declare()
        at_leaving(keys_revoke)
        user_logged_in.connect(take_over, dispatch_uid="catalog.guests.take_over")
