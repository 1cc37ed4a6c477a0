"""A librarian asks for a reader: who it is comes first, then the same pages as the reader would see."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog.models import Edition
from loans.drafts import draft_drop_reader, draft_get, draft_save
from loans.forms.asking import ReaderForm
from loans.presenters.asker import asker_rows
from loans.selectors import offers
from loans.selectors.askers import reader_of, readers_found
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest, whole_number


@capability_required(Capability.REQUEST_MANAGE)
def request_for_reader(request: PortalRequest) -> HttpResponse:
    """Search the own library's readers, or write down who has no account; `edition` or `draft` say what is wanted."""
    if request.actor.library_id is None:
        raise Http404
    key = request.GET.get("draft", "")
    edition = _edition(request.GET.get("edition") or (draft_get(request.session, key) or {}).get("edition"))
    form = ReaderForm(request.POST if "reader_name" in request.POST else None)
    if request.method == "POST":
        if "oneself" in request.POST:
            draft_drop_reader(request.session, key)
            return redirect(_on(key, edition, request))
        chosen = _chosen(request, form)
        if chosen is not None:
            key = draft_save(request.session, chosen, key)
            return redirect(_on(key, edition, request))
    text = request.GET.get("q", "")[:100]
    found = readers_found(request.actor, text)
    page = {
        "form": form, "text": text, "rows": asker_rows(found), "edition": edition, "draft": key,
        "library": offers.home_library(request.actor.library_id),
    }  # fmt: skip
    return render(request, "loans/for_reader.html", page)


def _chosen(request: PortalRequest, form: ReaderForm) -> dict[str, object] | None:
    """What the draft keeps of the reader: the membership, or the name."""
    if form.is_bound:
        return {"reader": None, **form.cleaned_data} if form.is_valid() else None
    membership = reader_of(request.actor, whole_number(request.POST.get("reader", "")))
    if membership is None:
        raise Http404
    return {"reader": membership.pk, "reader_name": "", "reader_contact": ""}


def _on(key: str, edition: Edition | None, request: PortalRequest) -> str:
    """To the terms of a known title, to a description begun before, else to the choice of what it is."""
    draft = draft_get(request.session, key) or {}
    if draft.get("citation"):
        genre = draft["citation"].get("genre", "book")
        return f"{reverse('loans:request_blank', args=[genre])}?draft={key}"
    if edition is not None:
        return f"{reverse('loans:request_new')}?edition={edition.pk}&draft={key}"
    return f"{reverse('loans:request_blank_kinds')}?draft={key}"


def _edition(value: object) -> Edition | None:
    if not value:
        return None
    try:
        return offers.edition_current(int(str(value)))
    except (ValueError, OverflowError, Edition.DoesNotExist) as error:
        raise Http404 from error
