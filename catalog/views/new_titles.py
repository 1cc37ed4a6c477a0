"""New titles: network-wide, or of one library."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.views.decorators.http import require_safe

from catalog.selectors import browsing
from members.access import access_public_library
from network_portal.core.requests import PortalRequest, whole_number


@require_safe
def new_titles(request: PortalRequest) -> HttpResponse:
    """`library`: a short code; `after` and `at`: the last title of the page before."""
    code = request.GET.get("library", "").replace("\x00", "").strip()
    library = access_public_library(request.actor, code) if code else None
    news = browsing.new_titles(library, _after(request))
    on = ""
    if news.after:
        place = {"after": news.after[0].isoformat(), "at": news.after[1]}
        on = urlencode({**({"library": code} if code else {}), **place})
    context = {
        "library": library, "rows": news.rows, "on": on, "libraries": browsing.libraries_with_news(),
        "is_first_page": "after" not in request.GET,
    }  # fmt: skip
    return render(request, "catalog/browse_new.html", context)


def _after(request: PortalRequest) -> tuple[datetime, int] | None:
    try:
        when = parse_datetime(request.GET.get("after", "").replace(" ", "+"))
    except ValueError:
        return None
    at = whole_number(request.GET.get("at", ""))
    return None if when is None or is_naive(when) or at is None else (when, at)
