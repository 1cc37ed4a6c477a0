"""The gate before core's staff pages. Core knows no roles: it asks `request.actor`, which `members` has set."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from network_portal.core.requests import PortalRequest

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def capability_needed(capability: str) -> Callable[[View], View]:
    """Anonymous people are led to the login page; people without the capability get 403."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.actor.can(capability):
                raise PermissionDenied(capability)
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return wrap
