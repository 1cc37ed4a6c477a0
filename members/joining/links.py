"""Signed links to an application: one proves the address, the other opens the application's own page."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from members.netsettings import CONFIRM_DAYS

_CONFIRM, _STATUS = "members.join.confirm", "members.join.status"


def confirm_path(pk: int, email: str) -> str:
    return reverse("members:join_confirm", args=[signing.dumps([pk, email.lower()], salt=_CONFIRM)])


def status_path(pk: int) -> str:
    return reverse("members:join_status", args=[signing.dumps(pk, salt=_STATUS)])


def confirm_read(token: str) -> tuple[int, str] | None:
    """(application, address), or None for a link that is wrong or too old."""
    try:
        pk, email = signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_DAYS.now() * 86400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(pk), str(email)


def status_read(token: str) -> int | None:
    """The application; the link stays good, because answers are awaited for as long as it takes."""
    try:
        return int(signing.loads(token, salt=_STATUS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
