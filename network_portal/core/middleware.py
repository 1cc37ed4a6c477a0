"""Middleware that every app needs: a header, and rule violations told as messages."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.ratelimit import TooManyRequests

GetResponse = Callable[[HttpRequest], HttpResponse]


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
    asks too much gets the 429 page with the seconds to wait.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TooManyRequests):
            response = render(request, "errors/429.html", status=429)
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        if not isinstance(error, RuleViolation):
            return None
        back = request.META.get("HTTP_REFERER", "")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        if request.method == "POST" and safe:
            messages.error(request, str(error))
            return HttpResponseRedirect(back)
        status = 409 if isinstance(error, Conflict) else 400
        return render(request, "errors/rule.html", {"message": str(error)}, status=status)
