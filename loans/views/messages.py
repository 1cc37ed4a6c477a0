"""Messages between libraries, notes for the own staff, and the library's own templates for what it writes often."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from loans.access import access_attempt, access_request
from loans.access_desk import access_template
from loans.forms.desk import TemplateForm
from loans.forms.messages import MessageForm
from loans.models import Request, SupplyAttempt
from loans.selectors import messages_between
from loans.selectors.saved import templates_of
from loans.services.addressing import neighbours
from loans.services.messages import WRITERS, message_send, messages_mark_read, note_write
from loans.services.templates import filled, template_remove, template_save
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, whole_number

DESK = (Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE)


@capability_required(*WRITERS)
def request_messages(request: PortalRequest, number: str) -> HttpResponse:
    """All that was written about a request, and a form to write. Opening it marks what is new as read."""
    loan = access_request(request.actor, number)
    attempt = _attempt(request, loan)
    form = MessageForm(_sent(request), initial={"body": _begun(request, loan, attempt)})
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, loan, attempt, form.cleaned_data["body"])
        except RuleViolation as rule:
            form.add_error("body", str(rule))
        else:
            return redirect(reverse("loans:request_messages", args=[number]) + "#written")
    written = list(messages_between(loan, request.actor))
    messages_mark_read(request=loan, actor=request.actor)
    page = {
        "loan": loan, "attempt": attempt, "form": form, "written": written,
        "receivers": neighbours(loan, attempt, request.actor.library_id), "templates": templates_of(request.actor),
    }  # fmt: skip
    return render(request, "loans/message_thread.html", page, status=400 if form.errors else 200)


def _sent(request: PortalRequest) -> Any:
    """What was sent, be it nothing at all; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def _attempt(request: PortalRequest, loan: Request) -> SupplyAttempt | None:
    """The attempt named, else the latest one the actor sees; None as long as no library was asked."""
    named = whole_number(request.POST.get("attempt", "") or request.GET.get("attempt", ""))
    shown: list[SupplyAttempt] = loan.shown_attempts  # type: ignore[attr-defined]
    return access_attempt(request.actor, loan, named) if shown or named else None


def _begun(request: PortalRequest, loan: Request, attempt: SupplyAttempt | None) -> str:
    """The chosen template, filled in, for the person to change before sending."""
    chosen = whole_number(request.GET.get("template", ""))
    if chosen is None:
        return ""
    return filled(access_template(request.actor, chosen), loan, attempt, request.actor.library_id)


def _write(request: PortalRequest, loan: Request, attempt: SupplyAttempt | None, body: str) -> None:
    to = request.POST.get("to", "")
    if to == "note":
        note_write(request=loan, body=body, actor=request.actor)
        messages.success(request, _("Your note is kept. Only your library sees it."))
        return
    message_send(
        request=loan, attempt=attempt, body=body, actor=request.actor, to_library_id=whole_number(to)
    )
    messages.success(request, _("Your message is sent."))


@capability_required(*DESK)
def message_templates(request: PortalRequest) -> HttpResponse:
    """The library's templates, and a form for a new one."""
    return _template_page(request, None)


@capability_required(*DESK)
def message_template(request: PortalRequest, pk: int) -> HttpResponse:
    """Change a template of one's library, or remove it; another library's is 404."""
    kept = access_template(request.actor, pk)
    if request.method == "POST" and "remove" in request.POST:
        template_remove(template=kept, actor=request.actor)
        messages.success(request, _("The template “%(name)s” is removed.") % {"name": kept.event})
        return redirect("loans:message_templates")
    return _template_page(request, kept)


def _template_page(request: PortalRequest, kept: Any) -> HttpResponse:
    initial = {"event": kept.event, "language": kept.language, "body": kept.body} if kept else None
    form = TemplateForm(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            template_save(actor=request.actor, template=kept, **form.cleaned_data)
        except RuleViolation as rule:
            form.add_error("event", str(rule))
        else:
            messages.success(request, _("The template is saved."))
            return redirect("loans:message_templates")
    page = {"form": form, "kept": kept, "templates": templates_of(request.actor)}
    return render(request, "loans/message_templates.html", page, status=400 if form.errors else 200)
