"""Guests who keep titles without an account: a signed cookie tells their browser apart, and login takes all along."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "jejaring_lists"
SALT = "catalog.lists.guest"
YEAR = 365 * 24 * 3600


def guest_of(request: HttpRequest) -> str:
    """ "" for a browser that has kept nothing yet, or whose cookie is not ours."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR))
    except signing.BadSignature:
        return ""


def remember(request: HttpRequest, response: HttpResponse, guest: str) -> HttpResponse:
    if guest:
        value = signing.dumps(guest, salt=SALT)
        response.set_cookie(
            COOKIE, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )  # fmt: skip
    return response


def take_over(sender: Any, request: HttpRequest | None = None, user: Any = None, **_more: Any) -> None:
    """For user_logged_in: what the browser kept as a guest's is the account's from now on."""
    from catalog.services.lists import guest_lists_take_over

    guest = guest_of(request) if request is not None else ""
    if guest and user is not None:
        guest_lists_take_over(guest=guest, user_id=user.pk)
