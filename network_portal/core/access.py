"""The gate before staff pages of core, which may not know members' roles: login, capability, second factor.

`members` sets `request.actor` and puts its own rule about second factors on `request.second_factor_url`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def capability_needed(capability: str) -> Callable[[View[P]], View[P]]:
    """Anonymous people are led to the login page; people without the capability get 403."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor: Any = getattr(request, "actor", None)
            if actor is None or not actor.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not actor.can(capability):
                raise PermissionDenied
            wanted = getattr(request, "second_factor_url", "")
            if wanted:
                return HttpResponseRedirect(wanted)
            return view(request, *args, **kwargs)

        return guarded

    return wrap
