"""A reader and their own library write to each other about a request: one thread, seen from both sides."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from loans.access import access_own_request, access_request_of_own_readers
from loans.forms import MessageForm
from loans.models import Message, Request
from loans.selectors.patron import reader_messages
from loans.services.patron import reader_answer, reader_messages_mark_read, reader_write
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@login_required
def my_request_message(request: PortalRequest, number: str) -> HttpResponse:
    """The reader's side."""
    loan = access_own_request(request.actor, number)
    heading = _("Write to %(library)s") % {"library": loan.requesting_library.name}
    return _thread(request, loan, reader_write, heading, "loans:my_request")


@capability_required(Capability.REQUEST_MANAGE)
def reader_messages_page(request: PortalRequest, number: str) -> HttpResponse:
    """The side of the reader's library."""
    loan = access_request_of_own_readers(request.actor, number)
    heading = _("Write to %(name)s") % {"name": loan.patron}
    return _thread(request, loan, reader_answer, heading, "loans:request")


def _thread(
    request: PortalRequest, loan: Request, write: Callable[..., Message], heading: str, back: str
) -> HttpResponse:
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            write(request=loan, body=form.cleaned_data["body"], actor=request.actor)
        except RuleViolation as rule:
            form.add_error("body", str(rule))
        else:
            messages.success(request, _("Your message is sent."))
            return redirect(request.path)
    written = list(reader_messages(loan))
    reader_messages_mark_read(request=loan, actor=request.actor)
    page = {
        "loan": loan, "form": form, "written": written, "heading": heading,
        "back_url": reverse(back, args=[loan.number]),
    }  # fmt: skip
    return render(request, "loans/my_messages.html", page, status=400 if form.errors else 200)
