"""Browsing A–Z: the front page of browsing, and one list of headings at a place in its order."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.choices import HeadingKind
from catalog.presenters.browse import line_views, query_of
from catalog.selectors import browsing
from network_portal.core.requests import PortalRequest, typed, whole_number

KINDS = tuple(kind for kind in HeadingKind if kind != HeadingKind.SERIAL)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@require_safe
def browse_home(request: PortalRequest) -> HttpResponse:
    return render(request, "catalog/browse.html", {"kinds": KINDS})


@require_safe
def browse_kind(request: PortalRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    lines = lines_asked(kind, request.GET)
    label = HeadingKind(kind).label
    context = {
        "kind": kind, "label": label, "rows": line_views(lines.rows), "typed": typed(request.GET.get("from", "")),
        "tabs": [{"label": k.label, "url": reverse("catalog:browse_kind", args=[k.value]), "current": k == kind}
                 for k in KINDS],
        "letters": "0123456789" if kind == HeadingKind.CALL else LETTERS,
        "title": _("%(kind)s from A to Z") % {"kind": label},
        **ways(lines),
    }  # fmt: skip
    response = render(request, "catalog/browse_kind.html", context)
    if request.GET:
        response["X-Robots-Tag"] = "noindex"  # the records themselves are what search engines should keep
    return response


def lines_asked(kind: str, params: QueryDict, size: int = browsing.PAGE) -> browsing.Lines:
    """`after` or `before` with the number `at` it: a page on or back; `from`: what somebody typed."""
    at = whole_number(params.get("at", "")) or 0
    for name, read in (("after", browsing.headings_after), ("before", browsing.headings_before)):
        if name in params:
            return read(kind, (params.get(name, "").replace("\x00", "")[:120], at), size)
    return browsing.headings_from(kind, typed(params.get("from", "")), size)


def ways(lines: browsing.Lines) -> dict[str, Any]:
    return {
        "back": query_of("before", lines.before) if lines.before else "",
        "on": query_of("after", lines.after) if lines.after else "",
    }
