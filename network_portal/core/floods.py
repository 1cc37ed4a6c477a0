"""Turns a flood away at the door: who was just told to wait and asks on at once gets the same page, nearly for nothing.

Kept in each web process for itself, without Redis, sessions or logs. Only for requests that carry neither a cookie nor
a page they come from: nobody who reads page after page is meant by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from network_portal.core.ratelimit import address_of

GetResponse = Callable[[HttpRequest], HttpResponse]
SECONDS = 1.0
MOST = 5000  # addresses that are remembered
_LEFT_OUT = ("content-length", "retry-after")


class FloodMiddleware:
    """The first of all. What is refused for a filtered search says nothing about a plain one, nor about other pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.until: dict[tuple[str, str, bool], float] = {}
        self.told: dict[str, HttpResponse] = {}  # by language

    def __call__(self, request: HttpRequest) -> HttpResponse:
        headers = request.META
        if (
            request.method != "GET"
            or not settings.RATE_LIMITS
            or headers.get("HTTP_COOKIE")
            or headers.get("HTTP_REFERER")
        ):
            return self.get_response(request)
        who = (address_of(request), request.path, "&" in headers.get("QUERY_STRING", ""))
        if self.until.get(who, 0) > time.monotonic() and (told := self.told.get(_language(request))):
            return _again(told)
        response = self.get_response(request)
        if getattr(response, "is_told_to_strangers", False):
            self._remember(who, response)
        return response

    def _remember(self, who: tuple[str, str, bool], response: HttpResponse) -> None:
        if len(self.until) >= MOST:
            self.until.clear()
        self.until[who] = time.monotonic() + SECONDS
        self.told.setdefault(response.headers.get("Content-Language", ""), response)


def _language(request: HttpRequest) -> str:
    return get_language_from_request(request)


def _again(told: HttpResponse) -> HttpResponse:
    """The page as it was told, with all its headers."""
    response = HttpResponse(told.content, status=429)
    for name, value in told.headers.items():
        if name.lower() not in _LEFT_OUT:
            response.headers[name] = value
    response.headers["Retry-After"] = "2"
    response._has_been_logged = True  # type: ignore[attr-defined]  # the first one was
    return response
