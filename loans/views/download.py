"""The reader's way to a copy: login, the declaration, then the files for a while."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from loans.copyright.seed import shown
from loans.forms.copies import DeclarationForm
from loans.models import Delivery, ScanFile
from loans.presenters.copies import link_page
from loans.selectors.copies import files_for_reader
from loans.services.delivery import declaration_of, delivery_of, open_link, opened_view
from loans.views.attachments import attachment
from network_portal.core.errors import RuleViolation
from network_portal.core.ratelimit import address_of
from network_portal.core.requests import PortalRequest

SESSION = "copy_views"


@never_cache
@login_required
def copy_link(request: PortalRequest, token: str) -> HttpResponse:
    """GET asks for the declaration; POST opens the copy once. Somebody else's link is not there."""
    delivery = _delivery(request, token)
    text = declaration_of(delivery, get_language() or "id")
    form = DeclarationForm(request.POST or None, declaration=shown(text))
    if request.method == "POST" and form.is_valid():
        try:
            opening = open_link(
                token=token, actor=request.actor, declared=form.cleaned_data["hash"], language=text.language,
                address=address_of(request), browser=request.headers.get("User-Agent", ""),
            )  # fmt: skip
        except RuleViolation as refused:
            messages.error(request, str(refused))
            return redirect("loans:copy_link", token=token)
        request.session[SESSION] = {**request.session.get(SESSION, {}), str(delivery.pk): opening.view.pk}
        return redirect("loans:copy_files", token=token)
    page = link_page(delivery)
    context = {"page": page, "form": form, "declaration": shown(text)}
    return render(request, "loans/declaration.html", context)


@never_cache
@login_required
def copy_files(request: PortalRequest, token: str) -> HttpResponse:
    """The files of the copy, for as long as this opening lasts."""
    delivery = _delivery(request, token)
    if not _is_open(request, delivery):
        return redirect("loans:copy_link", token=token)
    files = files_for_reader(delivery.attempt)
    context = {"page": link_page(delivery), "files": files, "token": token}
    return render(request, "loans/download.html", context)


@never_cache
@login_required
def copy_download(request: PortalRequest, token: str, pk: int) -> HttpResponseBase:
    delivery = _delivery(request, token)
    if not _is_open(request, delivery):
        return redirect("loans:copy_link", token=token)
    file: ScanFile | None = next((row for row in files_for_reader(delivery.attempt) if row.pk == pk), None)
    if file is None:
        raise Http404
    return attachment(file)


def _delivery(request: PortalRequest, token: str) -> Delivery:
    delivery = delivery_of(token, request.actor)
    if delivery is None:
        raise Http404
    return delivery


def _is_open(request: PortalRequest, delivery: Delivery) -> bool:
    view_id = request.session.get(SESSION, {}).get(str(delivery.pk))
    return opened_view(delivery, view_id) is not None
