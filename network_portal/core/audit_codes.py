"""Core's own audit sentences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("core.mail.resent", _("The mail “%(target)s” was put back into the queue."))
register("core.index.rebuilt", _("The search index was rebuilt: %(documents)s titles."))
