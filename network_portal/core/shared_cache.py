"""Pages that are the same for everybody who is not known: what browsers and proxies may keep of them, and how long.

A view says `@shareable(seconds)`; the middleware looks at the finished answer and at what the request carried. Only an
answer that nobody personal asked for and that sets no cookie may be kept by others; all the rest is private.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from network_portal.core.covers import count_patterns_from

GetResponse = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# What such a page depends on beside its address.
VARY = ("Cookie", "Accept-Language", "HX-Request", "HX-Target")


def shareable(seconds: int) -> Callable[[View], View]:
    """A shared cache may serve this page for so long without asking; a browser asks each time, with an ETag."""

    def wrap(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            response.shareable_seconds = seconds  # type: ignore[attr-defined]
            return response

        return cast(View, marked)

    return wrap


class SharedCacheMiddleware:
    """Stands outside of sessions and forms' tokens, so that it sees every cookie that an answer sets."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count_patterns_from(f"{request.get_full_path()} {request.headers.get('HX-Target', '')}")
        response = self.get_response(request)
        seconds = getattr(response, "shareable_seconds", None)
        if seconds is not None:
            patch_vary_headers(response, VARY)
        if seconds is not None and is_for_everybody(request, response):
            patch_cache_control(response, public=True, max_age=0, s_maxage=seconds)
            return _with_etag(request, response)
        if not response.has_header("Cache-Control") and (
            seconds is not None or _is_personal(request, response)
        ):
            response.headers["Cache-Control"] = "private, no-cache"
        return response


def is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole answer to nobody in particular: no cookie came but the chosen language, none goes."""
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and set(request.COOKIES) <= {settings.LANGUAGE_COOKIE_NAME}
        and "Authorization" not in request.headers
    )


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or bool(response.cookies)


def _with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Weak: a proxy may compress. 304 where the browser has this very page."""
    if response.content:  # the answer to HEAD has none any more
        response.headers["ETag"] = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    answer = get_conditional_response(request, etag=response.headers.get("ETag"), response=response)
    return cast(HttpResponse, answer)
