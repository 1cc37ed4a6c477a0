"""Asking for what is not found in the catalogue, or came by a link: describe it, choose the edition that is meant."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from loans.choices import Genre, RequestOrigin
from loans.citation import Citation, missing_fields
from loans.drafts import citation_in, draft_get, draft_save
from loans.forms.asking import DescribeForm, FoundForm
from loans.intake.numbers import recognise
from loans.intake.resolve import editions_found, resolve
from loans.presenters.asker import asker_in
from loans.presenters.offer import RequestOffer
from loans.presenters.wish import blank_kinds, known_facts, may_ask
from loans.selectors.offers import edition_current
from members.models import User
from network_portal.core.requests import PortalRequest


@login_required
def request_blank_kinds(request: PortalRequest) -> HttpResponse:
    """What kind of thing is it?"""
    key = request.GET.get("draft", "")
    refusal = _refusal(request, draft_get(request.session, key) or {})
    page = {"kinds": blank_kinds(key), "refusal": refusal, "draft": key}
    return render(request, "loans/blank_kinds.html", page, status=403 if refusal else 200)


def _refusal(request: PortalRequest, draft: dict[str, Any]) -> RequestOffer | None:
    return may_ask(request.actor, asker_in(draft, request.actor, cast(User, request.user)))


@login_required
def request_blank(request: PortalRequest, genre: str) -> HttpResponse:
    """Only what is missing is asked; with `all`, everything can be changed."""
    if genre not in Genre.values:
        raise Http404
    key = request.GET.get("draft", "")
    draft = draft_get(request.session, key) or {}
    if refusal := _refusal(request, draft):
        page = {"kinds": [], "refusal": refusal, "draft": key}
        return render(request, "loans/blank_kinds.html", page, status=403)
    known = (citation_in(draft) or _from_words(request)).with_values(genre=genre)
    everything = "all" in request.GET or not known.wanted
    if not everything and request.method != "POST" and not missing_fields(known) and draft.get("edition"):
        return redirect(_to("loans:request_new", key))
    form = DescribeForm(request.POST or None, known=known, everything=everything)
    if request.method == "POST" and form.is_valid():
        return _described(request, form.citation(), draft, key)
    facts = [] if everything else known_facts(known)
    change = f"{request.path}?{urlencode({'draft': key, 'all': 1})}" if facts and draft else ""
    page = {"form": form, "facts": facts, "change_url": change, "genre": Genre(genre), "draft": key}
    return render(request, "loans/blank_describe.html", page)


def _described(
    request: PortalRequest, citation: Citation, draft: dict[str, object], key: str
) -> HttpResponse:
    """On to the choice of an edition, where one may be meant; one known by its number is taken at once."""
    edition = resolve(citation)
    values = {
        "citation": citation.as_json() | {"genre": citation.genre},
        "edition": edition.pk if edition is not None else None,
        "origin": draft.get("origin") or RequestOrigin.BLANK.value,
    }
    key = draft_save(request.session, values, key)
    return redirect(_to("loans:request_new" if edition is not None else "loans:request_found", key))


@login_required
def request_found(request: PortalRequest) -> HttpResponse:
    """Editions of the catalogue that may be meant; none of them is an answer, too."""
    key = request.POST.get("draft") or request.GET.get("draft", "")
    draft = draft_get(request.session, key)
    citation = citation_in(draft) if draft is not None else None
    if citation is None:
        messages.info(
            request, _("That description is no longer kept here. Please describe the title once more.")
        )
        return redirect("loans:request_blank_kinds")
    editions = editions_found(citation)
    if not editions:
        return redirect(_to("loans:request_new", key))
    form = FoundForm(request.POST or None, editions=editions)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        draft_save(request.session, {"edition": edition_current(chosen).pk if chosen else None}, key)
        return redirect(_to("loans:request_new", key))
    back = _to("loans:request_blank", key, citation.genre) + "&all=1"
    page = {"form": form, "facts": known_facts(citation), "key": key, "back_url": back, "citation": citation}
    return render(request, "loans/blank_found.html", page)


def _from_words(request: PortalRequest) -> Citation:
    """From a search that found nothing (`q`): its numbers, else its words as the title."""
    words = request.GET.get("q", "")
    numbers = recognise(words)
    return Citation.of(numbers if numbers else {"title": words})


def _to(name: str, key: str, *args: str) -> str:
    return f"{reverse(name, args=args)}?draft={key}"
