"""One action for the ticked rows of a queue: a step of the workflow, or slips to print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.forms.desk import bulk_form
from loans.models import Request
from loans.services.bulk import bulk, chosen_requests
from loans.services.handling import hand_to
from loans.workflow.steps import ACTIONS
from loans.workflow.vocabulary import Form, Step
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

PRINT, HAND = "print:", "hand:"


@capability_required(Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)
@require_POST
def queue_bulk(request: PortalRequest) -> HttpResponse:
    """Print, take a step at once, or ask first what the step needs for all of them together."""
    wanted = request.POST.get("do", "")
    try:
        chosen = chosen_requests(request.actor, request.POST.getlist("number"))
    except RuleViolation as rule:
        messages.warning(request, str(rule))
        return HttpResponseRedirect(_back(request))
    if wanted.startswith(PRINT):
        numbers = urlencode([("number", one.number) for one in chosen])
        return redirect(reverse("loans:slips", args=[wanted.removeprefix(PRINT)]) + f"?{numbers}")
    if wanted.startswith(HAND):
        return _hand(request, chosen, wanted.removeprefix(HAND))
    step = ACTIONS.get(wanted)
    if step is None or not chosen:
        messages.warning(request, _("Please choose what to do with the ticked requests."))
        return HttpResponseRedirect(_back(request))
    return _step(request, step, chosen)


def _hand(request: PortalRequest, chosen: list[Request], to: str) -> HttpResponse:
    """Give them to a colleague, or back to everybody."""
    try:
        name = hand_to(requests=chosen, user_id=int(to) if to.isdecimal() else -1, actor=request.actor)
    except RuleViolation as rule:
        messages.warning(request, str(rule))
    else:
        told = (
            _("%(count)s now looked after by %(name)s.") if name else _("%(count)s given back to everybody.")
        )
        messages.success(request, told % {"count": len(chosen), "name": name})
    return HttpResponseRedirect(_back(request))


def _step(request: PortalRequest, step: Step, chosen: list[Request]) -> HttpResponse:
    asked = "sure" in request.POST
    form = bulk_form(step, chosen, request.POST if asked else None)
    key = request.POST.get("key", "")[:64]
    page: dict[str, Any] = {"step": step, "chosen": chosen, "form": form, "back": _back(request), "key": key}
    if step.form is Form.NONE or (asked and (step.form is Form.CONFIRM or form.is_valid())):
        values = form.cleaned_data if form.is_bound and form.is_valid() else {}
        page["outcome"] = bulk(
            requests=chosen, action=step.action, actor=request.actor, params=values, key=key
        )
        return render(request, "loans/queue_bulk_done.html", page)
    return render(request, "loans/queue_bulk.html", page, status=400 if asked else 200)


def _back(request: PortalRequest) -> str:
    """The queue the ticks were set in."""
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return back
    return reverse("pages:home")
