"""Taking the last step back, from the request's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.access import access_request
from loans.views.desk import STAFF
from loans.workflow import backwards
from members.decorators import capability_required
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, whole_number


@require_POST
@capability_required(*STAFF)
def request_undo(request: PortalRequest, number: str) -> HttpResponse:
    """Take the last step back, or tell why it has gone on. A second click finds nothing to take back."""
    loan = access_request(request.actor, number)
    try:
        backwards.undo(loan, request.actor, version=whole_number(request.POST.get("version", "")))
    except RuleViolation as rule:
        messages.warning(request, str(rule))
    else:
        messages.success(request, _("The last step was taken back."))
    return redirect("loans:request", number=loan.number)
