"""Error pages in the portal's look. Those of 500 and 503 need no database, session or signed-in person."""

from __future__ import annotations

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static

from network_portal.core.netsettings.portal import NAME
from network_portal.pages.context import STYLESHEETS


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's key is too old or cookies are off: the page says what to do instead of a number."""
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database does not answer, which is not a fault of the page and passes."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return _bare("errors/500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    return _bare("errors/503.html", 503)


def _static(name: str) -> str:
    """The file's address; where nobody has collected the static files, its plain name rather than a second error."""
    try:
        return static(name)
    except (ValueError, OSError):
        return f"{settings.STATIC_URL}{name}"


def _bare(template: str, status: int) -> HttpResponse:
    context = {
        "portal_name": NAME.last_known(),
        "stylesheets": [_static(sheet) for sheet in STYLESHEETS],
        "mark": _static("img/mark.svg"),
    }
    response = HttpResponse(render_to_string(template, context), status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response
