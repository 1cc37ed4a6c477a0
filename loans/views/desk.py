"""The staff's page of one request, its actions and its messages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from loans.access import access_request
from loans.forms import FORMS
from loans.models import Request, SupplyAttempt
from loans.presenters import desk
from loans.presenters.buttons import button_of
from loans.selectors import messages_between
from loans.selectors.handling import colleagues, handlers_by_request
from loans.selectors.mail_log import request_mails
from loans.services import messages_mark_read
from loans.services.addressing import ends_seen
from loans.views import moved_on
from loans.workflow import engine
from loans.workflow.describe import allowed_steps
from loans.workflow.vocabulary import Form, Step
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, whole_number

MAILS = 50  # of the latest, on the request's page
STAFF = (Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)


@capability_required(*STAFF)
def request_page(request: PortalRequest, number: str) -> HttpResponse:
    """Everything about one request that the actor's library may see. Opening it marks its messages as read."""
    loan = access_request(request.actor, number)
    written = list(messages_between(loan, request.actor))
    page = desk.request_page(loan, written, request.actor)
    if any(line.read_at is None and line.to_library_id == request.actor.library_id for line in written):
        messages_mark_read(request=loan, actor=request.actor)
    context = {"page": page, "loan": loan, "colleagues": colleagues(request.actor)}
    context["mails"] = list(request_mails(loan, request.actor)[:MAILS])
    context["handler"] = handlers_by_request(request.actor, [loan.pk]).get(loan.pk, "")
    return render(request, "loans/request.html", context)


@capability_required(*STAFF)
def request_action(request: PortalRequest, number: str, action: str) -> HttpResponse:
    """GET asks what the step needs; POST takes it."""
    loan = access_request(request.actor, number)
    attempt = engine.live_attempt(loan) or engine.own_offer(loan, request.actor)
    step = next((s for s in allowed_steps(loan, attempt, request.actor) if s.action == action), None)
    if step is None:
        return _too_late(request, loan, action)
    form = FORMS[step.form](request.POST or None, step=step, request=loan, attempt=attempt)
    if request.method == "POST" and (form.is_valid() or step.form in (Form.NONE, Form.CONFIRM)):
        return _take(request, loan, attempt, step, form.cleaned_data if form.is_bound else {})
    if form.is_bound and moved_on.wants_json(request):
        return moved_on.incomplete(loan, form)
    page = {
        "loan": loan,
        "step": step,
        "form": form,
        "button": button_of(step, loan),
        "back": _back(request, loan),
        "ends": ends_seen(loan, attempt, request.actor.library_id),
    }
    version = _version(request) or loan.version
    return render(request, "loans/action.html", page | {"version": version, "attempt": attempt})


def _take(
    request: PortalRequest, loan: Request, attempt: SupplyAttempt | None, step: Step, values: dict[str, Any]
) -> HttpResponse:
    try:
        taken = engine.transition(
            loan, step.action, request.actor, version=_version(request), key=key_of(request), **values
        )
    except RuleViolation as rule:
        return moved_on.refused(request, loan, rule, version=_version(request), back=_back(request, loan))
    if moved_on.wants_json(request):
        return moved_on.taken(taken)
    messages.success(
        request, desk.done_sentence(taken, step.action, attempt, request.actor, values.get("reason", ""))
    )
    return HttpResponseRedirect(_back(request, loan))


def key_of(request: PortalRequest) -> str:
    """The key of the very form that was sent; "" where it carries none."""
    return request.POST.get("key", "")[:64]


def _version(request: PortalRequest) -> int | None:
    """The version the person's page showed; None where it showed none."""
    return whole_number(request.POST.get("version", ""))


def _too_late(request: PortalRequest, loan: Request, action: str) -> HttpResponse:
    """The step is not open to this person now: the engine knows why. A GET never takes it."""
    if request.method == "POST":
        try:
            engine.transition(loan, action, request.actor, version=_version(request), key=key_of(request))
        except RuleViolation as rule:
            return moved_on.refused(request, loan, rule, version=_version(request), back=_back(request, loan))
    else:
        messages.info(request, _("This cannot be done with the request as it stands now."))
    return redirect("loans:request", number=loan.number)


def _back(request: PortalRequest, loan: Request) -> str:
    """Where the person came from: the queue they work through, else the request's page."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return back
    return reverse("loans:request", args=[loan.number])
