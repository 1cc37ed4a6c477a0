"""The one sentence the demo writes into history: it is also the mark that the network has been built."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

BUILT = "demo.network.built"

register(BUILT, _("Demo network built: %(libraries)s libraries, %(records)s records"))
