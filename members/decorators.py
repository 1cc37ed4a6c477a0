"""Doors of the views: who is let in, and where the others are led."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from members.permissions import Capability, require
from network_portal.core.requests import PortalRequest

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def capability_required(*capabilities: Capability) -> Callable[[View], View]:
    """Anonymous people go to login, staff without MFA to its set-up; without any of the capabilities: 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.actor, *capabilities)
            return view(request, *args, **kwargs)

        return cast(View, login_required(guarded))

    return decorate


def staff_mfa(request: HttpRequest) -> HttpResponse | None:
    """The way to the second factor's set-up for staff who lack it, else None.

    ActorMiddleware asks this whenever a page refuses: without a second factor, staff hold no staff capability.
    """
    working = getattr(request, "working", None)
    if working is None or not working.second_factor_missing:
        return None
    messages.warning(
        request,
        _("Staff pages need a second step at login. Set it up now: it takes two minutes, once."),
    )
    return redirect("mfa_activate_totp")
