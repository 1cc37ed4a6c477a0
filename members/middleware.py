"""Puts `request.working` and `request.actor` on every request, and remembers the chosen language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from members.decorators import staff_mfa
from members.services.account import language_set
from members.working import SESSION_KEY, Working, working_anonymous, working_of

GetResponse = Callable[[HttpRequest], HttpResponse]


def _working(request: HttpRequest) -> Working:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return working_anonymous()
    return working_of(user, library_id=request.session.get(SESSION_KEY))


class ActorMiddleware:
    """Lazy: a page that asks nothing of the actor costs no query; the first question costs one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.working = SimpleLazyObject(lambda: _working(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: request.working.actor)  # type: ignore[attr-defined]
        request.second_factor_url = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: reverse("mfa_activate_totp") if request.working.second_factor_missing else ""  # type: ignore[attr-defined]
        )
        response = self.get_response(request)
        self._remember_language(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal that only the missing second factor caused leads to its set-up."""
        return staff_mfa(request) if isinstance(error, PermissionDenied) else None

    @staticmethod
    def _remember_language(request: HttpRequest) -> None:
        """Django's language switch sets a cookie; who is logged in keeps the choice on every device."""
        match = request.resolver_match
        if request.method != "POST" or match is None or match.url_name != "set_language":
            return
        code, user = request.POST.get("language", ""), request.user
        if user.is_authenticated and code in dict(settings.LANGUAGES) and user.language != code:
            language_set(user=user, language=code, actor=request.actor)  # type: ignore[attr-defined]
