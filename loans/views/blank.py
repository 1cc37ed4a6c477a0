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

from catalog.models import Edition
from loans.choices import Genre, RequestOrigin
from loans.citation import Citation, folded, missing_fields
from loans.drafts import citation_in, draft_get, draft_save
from loans.forms.asking import DescribeForm, FoundForm
from loans.intake.resolve import editions_found, filled, resolve
from loans.intake.words import LONGEST, citation_from_words
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
    words = request.GET.get("q", "")[:LONGEST]
    page = {"kinds": blank_kinds(key, words), "refusal": refusal, "draft": key, "words": words}
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
    if request.GET.get("edition"):
        return _part_of(request, genre, draft, key)
    known = (citation_in(draft) or _from_words(request, genre)).with_values(genre=genre)
    # The words of a search are a beginning that can be changed; what a link or a number told is known.
    typed = not draft.get("citation") and not known.numbers
    everything = "all" in request.GET or typed or not known.wanted
    if not everything and request.method != "POST" and not missing_fields(known) and draft.get("edition"):
        return redirect(_to("loans:request_new", key))
    form = DescribeForm(request.POST or None, known=known, everything=everything)
    if request.method == "POST" and form.is_valid():
        return _described(request, form.citation(), draft, key)
    facts = [] if everything else known_facts(known)
    change = f"{request.path}?{urlencode({'draft': key, 'all': 1})}" if facts and draft else ""
    page = {"form": form, "facts": facts, "change_url": change, "genre": Genre(genre), "draft": key}
    return render(request, "loans/blank_describe.html", page)


def _described(request: PortalRequest, citation: Citation, draft: dict[str, Any], key: str) -> HttpResponse:
    """On to the choice of an edition, where one may be meant; one known by its number is taken at once."""
    edition = resolve(citation) or _kept(citation, draft)
    citation = filled(citation, edition)
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


def _part_of(request: PortalRequest, genre: str, draft: dict[str, Any], key: str) -> HttpResponse:
    """A copy from a record of the catalogue: what the record says is known, the part is asked."""
    try:
        edition = edition_current(int(request.GET["edition"]))
    except (ValueError, OverflowError, Edition.DoesNotExist) as error:
        raise Http404 from error
    citation = filled(Citation(genre=genre), edition)
    values = {
        "citation": citation.as_json() | {"genre": genre}, "edition": edition.pk,
        "origin": RequestOrigin.RECORD.value,
    }  # fmt: skip
    return redirect(
        _to("loans:request_blank", draft_save(request.session, values, key if draft else ""), genre)
    )


def _kept(citation: Citation, draft: dict[str, Any]) -> Edition | None:
    """The edition chosen before, as long as the description still names the same work."""
    before = citation_in(draft) if draft.get("edition") else None
    if before is None or folded(_work(before)) != folded(_work(citation)):
        return None
    return edition_current(draft["edition"])


def _work(citation: Citation) -> str:
    return citation.container if citation.genre == Genre.ARTICLE else citation.title


def _from_words(request: PortalRequest, genre: str) -> Citation:
    """From a search that did not find it (`q`): its numbers with what the catalogue knows of them, else its words."""
    citation = citation_from_words(request.GET.get("q", "")).with_values(genre=genre)
    return filled(citation, resolve(citation))


def _to(name: str, key: str, *args: str) -> str:
    return f"{reverse(name, args=args)}?draft={key}"
