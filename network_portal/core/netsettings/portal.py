"""What the network decides about the portal as a whole."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network_portal.core.netsettings.kinds import Whole, Words
from network_portal.core.netsettings.known import Area

NAME = Words(
    "portal.name", Area.PORTAL, gettext_lazy("Name of the portal"), "PORTAL_NAME",
    lambda name: _("The portal is called %(name)s.") % {"name": name},
    gettext_lazy("It stands at the top of each page, in mails and on certificates."), longest=40,
)  # fmt: skip
SESSION_HOURS = Whole(
    "people.session_hours", Area.PEOPLE, gettext_lazy("Hours until one signs in anew"), "SESSION_COOKIE_AGE",
    lambda n: ngettext(
        "Who signs in stays signed in for %(n)s hour.", "Who signs in stays signed in for %(n)s hours.", n
    ) % {"n": n},
    gettext_lazy("It counts for whoever signs in from now on."), most=24 * 90, unit=3600,
)  # fmt: skip
