"""What only the keeper of the server sets, in its environment, so that nobody looks for it elsewhere. No secret."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from network_portal.core.netsettings import Area
from network_portal.pages.settings_page.line import Line

MEGABYTE = 1024**2


def server_lines() -> list[Line]:
    folders = ", ".join(str(path) for path in settings.SOURCE_PATH_ROOTS)
    told = (
        (_("Address of the portal"), "PORTAL_URL", settings.PORTAL_URL),
        (_("Time zone of the portal"), "TIME_ZONE", settings.TIME_ZONE),
        (_("Sender of mails"), "DEFAULT_FROM_EMAIL", settings.DEFAULT_FROM_EMAIL),
        (
            _("Mail server"), "EMAIL_HOST",
            settings.EMAIL_HOST or _("There is none: mails become files on the server that nobody gets."),
        ),
        (
            _("Largest scanned file"), "COPY_MAX_BYTES",
            _("%(n)s MB") % {"n": settings.COPY_MAX_BYTES // MEGABYTE},
        ),
        (
            _("Largest catalogue file"), "SOURCE_MAX_BYTES",
            _("%(n)s MB") % {"n": settings.SOURCE_MAX_BYTES // MEGABYTE},
        ),
        (_("Folders with catalogue files"), "SOURCE_PATH_ROOTS", folders),
        (_("Limits against too many questions"), "RATE_LIMITS", _on(settings.RATE_LIMITS)),
        (_("Protected connection (https)"), "HTTPS", _on(settings.HTTPS)),
        (_("Catalogues in the private network"), "ALLOW_PRIVATE_ADDRESSES", _on(settings.ALLOW_PRIVATE_ADDRESSES)),
        (_("Version of the portal"), "", settings.VERSION),
    )  # fmt: skip
    return [Line(Area.SERVER, label, str(value), name=name) for label, name, value in told]


def _on(value: bool) -> str:
    return _("On") if value else _("Off")
