"""Libraries, people, roles: who is in the network and what they may do."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from members import audit_codes  # noqa: F401  registers the audit sentences
