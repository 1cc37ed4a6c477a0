"""What the audit trail says about members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("members.library.created", _("%(target)s joined the network."))
