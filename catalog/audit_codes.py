"""What the audit trail says about the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("catalog.source.created", _("The source “%(target)s” was set up."))
