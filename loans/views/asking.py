"""A reader asks for a book: form, check page, confirmation."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Edition
from loans.access import access_own_request
from loans.drafts import draft_get, draft_save
from loans.forms import WishForm
from loans.presenters import request_offer
from loans.presenters.patron import patron_card
from loans.selectors import offers
from loans.services import request_submit
from members.models import User
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


def _edition(value: Any) -> Edition:
    """The edition a link names, wherever it was merged to."""
    try:
        return offers.edition_current(int(value))
    except (TypeError, ValueError, OverflowError, Edition.DoesNotExist) as error:
        raise Http404 from error


@login_required
def request_new(request: PortalRequest) -> HttpResponse:
    """What the reader wants is already there; only a date and a note are asked."""
    draft = draft_get(request.session, request.GET.get("draft", "")) or {}
    edition = _edition(request.GET.get("edition"))
    offer = request_offer(edition, request.actor)
    page = {"edition": edition, "offer": offer}
    if not offer.allowed:
        return render(
            request, "loans/request_blocked.html", page, status=403 if offer.code != "duplicate" else 200
        )
    form = WishForm(request.POST or None, initial=draft, own_copy=offer.code == "own_copy")
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "edition": edition.pk}
        key = draft_save(request.session, values, request.GET.get("draft", "") if draft else "")
        return redirect(f"{reverse('loans:request_check')}?draft={key}")
    library = offers.home_library(request.actor.library_id)
    pickup = [(_("You collect it at"), f"{library.name}, {library.city}")] if library else []
    return render(request, "loans/request_new.html", page | {"form": form, "pickup": pickup})


@login_required
def request_check(request: PortalRequest) -> HttpResponse:
    """Everything once more, with a way back to each answer; sending it makes the request, once."""
    key = request.POST.get("draft") or request.GET.get("draft", "")
    draft = draft_get(request.session, key)
    if draft is None:
        messages.info(
            request, _("That request is no longer kept here. Please start again from the book's page.")
        )
        return redirect("loans:my_requests")
    edition = _edition(draft["edition"])
    library = offers.home_library(request.actor.library_id)
    if request.method == "POST" and library is not None:
        return _send(request, edition, library, key, draft)
    change = f"{reverse('loans:request_new')}?edition={edition.pk}&draft={key}"
    page = {"edition": edition, "library": library, "draft": draft, "key": key, "change_url": change}
    return render(request, "loans/request_check.html", page)


def _send(
    request: PortalRequest, edition: Edition, library: Any, key: str, draft: dict[str, Any]
) -> HttpResponse:
    try:
        made = request_submit(
            edition=edition, patron=cast(User, request.user), requesting_library=library, actor=request.actor,
            note=draft["note"], needed_by=draft["needed_by"], submit_key=key,
            confirm_own_copy=bool(draft.get("want_anyway")),
        )  # fmt: skip
    except RuleViolation as rule:
        messages.warning(request, str(rule))
        return redirect(
            rule.extra.get("url") or f"{reverse('loans:request_new')}?edition={edition.pk}&draft={key}"
        )
    return redirect("loans:request_done", number=made.number)


@login_required
def request_done(request: PortalRequest, number: str) -> HttpResponse:
    """The number, and what happens next."""
    view = patron_card(access_own_request(request.actor, number))
    return render(request, "loans/request_done.html", {"view": view})
