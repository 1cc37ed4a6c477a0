"""What requests hold about a person, what hinders erasing them, and how their loans go on without them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loans.models import Charge, DeclarationAcceptance, Request
from loans.services.privacy import UNSETTLED, request_anonymise
from network_portal.core.privacy import Marks, erase_by, obstacle, points_to_person


def declare() -> None:
    points_to_person(
        "loans.Request", "patron", title=_("Requests"),
        columns=("number", "title", "citation", "service", "status", "created_at", "closed_at",
                 "requesting_library__name", "patron_note", "needed_by"),
    )  # fmt: skip
    points_to_person("loans.SavedView", "user", title=_("Saved views"))
    points_to_person("loans.Handling", "user")
    obstacle(open_business)
    erase_by("loans.requests", requests_forget)


def open_business(pk: int) -> str | Promise:
    """Books and money first: whoever holds a book can't be forgotten."""
    if Request.objects.filter(patron=pk, closed_at=None).exists():
        return _("A request or loan is still open. Return the book, or withdraw the request, first.")
    owing = Charge.objects.filter(request__patron=pk, payer_library=None, state__in=UNSETTLED)
    return _("A fee is still open. Settle it with the library first.") if owing.exists() else ""


def requests_forget(marks: Marks) -> int:
    """Every request stays for the figures, without the reader; so do the terms they accepted."""
    rows = Request.objects.filter(patron=marks.pk).select_related("patron", "requesting_library")
    requests = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for request in requests:
        request_anonymise(request)
    DeclarationAcceptance.objects.filter(user_id=marks.pk).update(user_name="", ip_hash="", user_agent="")
    return len(requests)
