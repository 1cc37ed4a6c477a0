"""When a step is refused: what happened meanwhile, and where the request stands now; for programs as JSON.

A step that does not fit any more is answered with 409 (RFC 9110, 15.5.10), one that a rule forbids with 422.
"""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from loans.access import access_request
from loans.api import PROBLEM, problem
from loans.models import Request
from loans.presenters import desk
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.requests import PortalRequest

TYPES = ["text/html", "application/json", PROBLEM]


def wants_json(request: PortalRequest) -> bool:
    return request.get_preferred_type(TYPES) in TYPES[1:]


def taken(loan: Request) -> JsonResponse:
    """The step was taken: where the request stands now."""
    return JsonResponse({"number": loan.number, "state": loan.status, "version": loan.version})


def incomplete(loan: Request, form: Form) -> JsonResponse:
    """What the step asks is not all there."""
    told = _("Please fill in what the step asks.")
    return problem(422, "form_incomplete", told, number=loan.number, fields=form.errors.get_json_data())


def refused(
    request: PortalRequest, loan: Request, rule: RuleViolation, *, version: int | None, back: str
) -> HttpResponse:
    """`version` is the one that the person's page showed."""
    moved = isinstance(rule, Conflict)
    if wants_json(request):
        now = Request(pk=loan.pk)
        now.refresh_from_db(fields=["status", "version"])
        return problem(
            409 if moved else 422,
            rule.code,
            str(rule),
            number=loan.number,
            state=now.status,
            version=now.version,
        )
    if not moved:
        messages.error(request, str(rule))
    elif rule.code == "already_done":
        messages.info(request, str(rule))
    else:
        return _page(request, access_request(request.actor, loan.number), str(rule), version, back)
    return redirect("loans:request", number=loan.number)


def _page(
    request: PortalRequest, loan: Request, sentence: str, version: int | None, back: str
) -> HttpResponse:
    page = desk.request_page(loan, [], request.actor)
    told = zip(loan.shown_events, page.history, strict=True)  # type: ignore[attr-defined]
    since = [line for event, line in told if version is not None and event.version > version]
    context = {"page": page, "loan": loan, "sentence": sentence, "since": since, "back": back}
    return render(request, "loans/moved_on.html", context, status=409)
