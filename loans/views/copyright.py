"""Copyright: the rules told to everybody, and the decisions about one copy for the libraries it concerns."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from loans.access import access_request
from loans.choices import Service
from loans.copyright.describe import answers
from loans.forms.copies import OverrideForm
from loans.presenters.copies import copyright_page
from loans.presenters.rules import pages_in_force
from loans.selectors.copies import may_decide
from loans.services.copies import decision_override, decision_store
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

STAFF = (Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)


def help_copyright(request: HttpRequest) -> HttpResponse:
    """The rules that count today, Indonesia first: it is the default."""
    actor = getattr(request, "actor", None) or Actor.anonymous()
    context = {
        "answers": answers(),
        "pages": pages_in_force(get_language() or "id"),
        "manages": actor.can(Capability.NETWORK_MANAGE),
    }
    return render(request, "loans/copyright_help.html", context)


@capability_required(*STAFF)
def copy_copyright(request: PortalRequest, number: str) -> HttpResponse:
    """GET tells every decision with its reasons; POST asks the rules again, or decides against them."""
    loan = access_request(request.actor, number)
    if loan.service != Service.COPY:
        raise Http404
    form = OverrideForm(request.POST if "reason" in request.POST else None)
    if (
        request.method != "POST"
        or not may_decide(request.actor, loan)
        or (form.is_bound and not form.is_valid())
    ):
        page = copyright_page(loan, request.actor)
        return render(request, "loans/copyright.html", {"page": page, "form": form})
    try:
        if form.is_bound:
            decision_override(request=loan, actor=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, _("Your decision is kept with the request."))
        else:
            decision_store(request=loan, actor=request.actor)
            messages.success(request, _("The rules were asked again."))
    except RuleViolation as refused:
        messages.error(request, str(refused))
    return redirect("loans:copy_copyright", number=number)
