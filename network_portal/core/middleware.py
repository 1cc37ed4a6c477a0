"""Middleware that every app needs: a header, and rule violations told as messages."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.ratelimit import TooManyRequests

GetResponse = Callable[[HttpRequest], HttpResponse]


_TOLD: dict[str, bytes] = {}  # by language: what strangers are told, drawn once for each process


def too_many(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    """The 429 page. Whoever floods the portal gets it by the hundred each second, so it costs next to nothing."""
    if request.COOKIES:
        response = render(request, "errors/429.html", status=429)
    else:
        language = get_language() or ""
        if language not in _TOLD:
            request.path = request.path_info = "/search"  # where the choice of a language leads back to
            request.META["QUERY_STRING"] = ""
            _TOLD[language] = render(request, "errors/429.html").content
        response = HttpResponse(_TOLD[language], status=429)
        response.is_told_to_strangers = True  # type: ignore[attr-defined]  # floods.py may say it again
    response.headers["Retry-After"] = str(error.retry_after)
    return response


class PermissionsPolicyMiddleware:
    """The portal uses no sensor, camera or payment interface: say so to the browser."""

    HEADER = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.HEADER)
        return response


class NoNulMiddleware:
    """No address of ours holds a NUL byte, and PostgreSQL refuses it as a value: 400 before any view looks it up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise BadRequest("NUL in the address")
        return self.get_response(request)


class RuleViolationMiddleware:
    """A RuleViolation that a view lets through: the person returns to the page they came from, with the reason.

    Without a page to return to, the reason stands on a page of its own (409 for Conflict, else 400). Somebody who
    asks too much gets the 429 page with the seconds to wait; an address that only takes forms gets a page that says so.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Whoever had to log in before a form was taken comes back to its address, which has no page.
        if response.status_code == 405 and request.method == "GET" and not response.content:
            page = render(request, "errors/405.html", status=405)
            page.headers["Allow"] = response.headers.get("Allow", "POST")
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TooManyRequests):
            return too_many(request, error)
        if not isinstance(error, RuleViolation):
            return None
        back = request.META.get("HTTP_REFERER", "")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        if request.method == "POST" and safe:
            messages.error(request, str(error))
            return HttpResponseRedirect(back)
        status = 409 if isinstance(error, Conflict) else 400
        return render(request, "errors/rule.html", {"message": str(error)}, status=status)
