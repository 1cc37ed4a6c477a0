"""What programs may ask of loans: the figures, the same as on their page. For staff who are logged in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loans.figures.kept import BeingCounted, figures
from loans.figures.model import Scope
from loans.forms.figures import PeriodForm
from loans.presenters.figures import tables_for
from members.access import access_library
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

PROBLEM = "application/problem+json"


def problem(status: int, code: str, detail: str, **extra: Any) -> JsonResponse:
    """RFC 9457: `code` is stable, `detail` is for a person."""
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail, **extra}
    return JsonResponse(body, status=status, content_type=PROBLEM)


def for_programs(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """No page to log in at, no page "not found": a program gets its answer in JSON whatever happens."""

    @wraps(view)
    @require_safe
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if not request.actor.is_authenticated:
            return problem(401, "login_needed", _("Please log in."))
        if not request.actor.can(Capability.STATS_VIEW):
            return problem(403, "not_allowed", _("Your role does not see figures."))
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            return problem(404, "not_found", _("There is no such library, or it is not yours."))
        answer["Cache-Control"] = "no-store"
        return answer

    return guarded


@for_programs
def api_figures(request: PortalRequest) -> JsonResponse:
    """GET ?library=CODE (without: the network) &since=YYYY-MM-DD &until=YYYY-MM-DD."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return problem(400, "period_wrong", _("The period is not valid."), fields=form.errors.get_json_data())
    code = request.GET.get("library", "")
    library = access_library(request.actor, code) if code else None
    try:
        found = figures(Scope(library.pk if library else None), form.period)
    except BeingCounted:
        told = problem(
            202, "being_counted", _("These figures are being counted. Please ask again in a minute.")
        )
        told["Retry-After"] = "60"
        return told
    return JsonResponse(
        {
            "library": library.short_code if library else None,
            "since": found.period.first,
            "until": found.period.last,
            "made_at": found.made_at,
            "tables": {table.key: table.as_json() for table in tables_for(request.actor, found)},
        }
    )
