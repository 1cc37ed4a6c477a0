"""Taking the last step back, and opening a closed request again, from the request's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.access import access_request
from loans.forms.steps import ReopenForm
from loans.presenters.reopening import reopening_of
from loans.views import moved_on
from loans.views.desk import STAFF
from loans.workflow import backwards
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, whole_number


@require_POST
@capability_required(*STAFF)
def request_undo(request: PortalRequest, number: str) -> HttpResponse:
    """Take the last step back, or tell why it has gone on. A second click finds nothing to take back."""
    loan = access_request(request.actor, number)
    version = whole_number(request.POST.get("version", ""))
    try:
        backwards.undo(loan, request.actor, version=version)
    except RuleViolation as rule:
        back = reverse("loans:request", args=[loan.number])
        return moved_on.refused(request, loan, rule, version=version, back=back)
    messages.success(request, _("The last step was taken back."))
    return redirect("loans:request", number=loan.number)


@capability_required(Capability.REQUEST_MANAGE)
def request_reopen(request: PortalRequest, number: str) -> HttpResponse:
    """GET tells what would happen and asks why; POST opens the closed request again. Sent twice, it is opened once."""
    loan = access_request(request.actor, number)
    told = reopening_of(loan, request.actor)
    if told is None or told.why_not:
        messages.info(request, told.why_not if told else _("This request is still open."))
        return redirect("loans:request", number=loan.number)
    form = ReopenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "loans/reopen.html", {"loan": loan, "form": form, "reopening": told})
    try:
        backwards.reopen(loan, request.actor, reason=form.cleaned_data["reason"])
    except RuleViolation as rule:
        messages.warning(request, str(rule))
    else:
        messages.success(request, _("The request is open again."))
    return redirect("loans:request", number=loan.number)
