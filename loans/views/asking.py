"""A reader asks: when, how and where it is needed; a check page; the confirmation. What it is stands in the draft."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Edition
from loans.access import access_own_request
from loans.choices import RequestOrigin
from loans.drafts import citation_in, draft_get, draft_save
from loans.forms import WishForm
from loans.intake.askers import Asker
from loans.intake.prices import price_of_wish
from loans.presenters import request_offer
from loans.presenters.asker import asker_in, is_for_another
from loans.presenters.patron import patron_card
from loans.presenters.wish import Wish, may_ask, wish_answers
from loans.selectors import offers
from loans.services import request_submit
from members.models import User
from members.presenters_policies import money
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
    """What the reader wants is already there: a record (`edition`), or a description kept in a draft."""
    key = request.GET.get("draft", "")
    draft = draft_get(request.session, key) or {}
    if not draft.get("citation"):
        return _from_record(request, _edition(request.GET.get("edition")), draft, key)
    if refusal := may_ask(request.actor, _asker(request, draft)):
        return render(request, "loans/blank_kinds.html", {"kinds": [], "refusal": refusal}, status=403)
    edition = _edition(draft["edition"]) if draft.get("edition") else None
    wish = Wish.of(edition, citation_in(draft))
    copies = offers.own_copies(edition.pk, request.actor.library_id) if edition is not None else []
    return _terms(
        request, wish, draft, key, {"own_places": offers.places_of(copies), "own_copy": bool(copies)}
    )


def _asker(request: PortalRequest, draft: dict[str, Any]) -> Asker | None:
    return asker_in(draft, request.actor, cast(User, request.user))


def _from_record(request: PortalRequest, edition: Edition, draft: dict[str, Any], key: str) -> HttpResponse:
    offer = request_offer(edition, request.actor, _asker(request, draft))
    if not offer.allowed:
        status = 200 if offer.code == "duplicate" else 403
        return render(
            request,
            "loans/request_blocked.html",
            {"edition": edition, "offer": offer, "draft": key},
            status=status,
        )
    wish = Wish.of(edition, None)
    own = {"own_places": offer.own_library_has, "own_copy": offer.code == "own_copy", "offer": offer}
    return _terms(request, wish, draft, key, own | {"edition": edition})


def _terms(
    request: PortalRequest, wish: Wish, draft: dict[str, Any], key: str, page: dict[str, Any]
) -> HttpResponse:
    points = offers.pickup_points(request.actor.library_id)
    form = WishForm(
        request.POST or None, initial=draft, own_copy=page["own_copy"], service=wish.service, genre=wish.genre,
        points=points,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"edition": wish.edition.pk if wish.edition is not None else None}
        key = draft_save(request.session, values, key if draft else "")
        return redirect(f"{reverse('loans:request_check')}?draft={key}")
    library = offers.home_library(request.actor.library_id)
    place = f"{library.name}, {library.city}" if library is not None else ""
    if len(points) == 1:
        place = f"{place}: {points[0].name}"
    pickup = [(_("You collect it at"), place)] if place and not wish.is_copy and len(points) < 2 else []
    shown = {
        "form": form,
        "pickup": pickup,
        "wish": wish,
        "library": library,
        "back_url": _back(wish, key),
        "draft": key,
    }
    return render(request, "loans/request_new.html", page | shown)


def _back(wish: Wish, key: str) -> str:
    """To the description, or to the record of a wish that began there."""
    if wish.citation is not None:
        return f"{reverse('loans:request_blank', args=[wish.genre])}?draft={key}&all=1"
    return wish.edition.get_absolute_url() if wish.edition is not None else reverse("loans:my_requests")


@login_required
def request_check(request: PortalRequest) -> HttpResponse:
    """Everything once more, with a way back to each answer; sending it makes the request, once."""
    key = request.POST.get("draft") or request.GET.get("draft", "")
    draft = draft_get(request.session, key)
    if draft is None or "note" not in draft:
        messages.info(
            request, _("That request is no longer kept here. Please start again from the book's page.")
        )
        return redirect("loans:my_requests")
    edition = _edition(draft["edition"]) if draft.get("edition") else None
    wish = Wish.of(edition, citation_in(draft))
    library = offers.home_library(request.actor.library_id)
    change, asker = _terms_url(wish, key), _asker(request, draft)
    if request.method == "POST" and asker is not None:
        return _send(request, wish, asker, key, draft)
    page = {
        "wish": wish, "library": library, "draft": draft, "key": key, "change_url": change,
        "answers": wish_answers(wish, draft, library, change, _back(wish, key)), "back_url": _back(wish, key),
        "for_another": is_for_another(asker, request.actor), "price": _price(wish, draft, asker),
        "standing": asker.standing(wish.service) if asker is not None else None,
    }  # fmt: skip
    return render(request, "loans/request_check.html", page)


def _terms_url(wish: Wish, key: str) -> str:
    named = f"edition={wish.edition.pk}&" if wish.citation is None and wish.edition is not None else ""
    return f"{reverse('loans:request_new')}?{named}draft={key}"


def _send(request: PortalRequest, wish: Wish, asker: Asker, key: str, draft: dict[str, Any]) -> HttpResponse:
    library = asker.library
    points = {point.pk: point for point in offers.pickup_points(library.pk)}
    default = next(iter(points.values()), None)
    try:
        made = request_submit(
            edition=wish.edition, citation=wish.citation, patron=asker.user, reader_name=asker.name,
            reader_contact=asker.contact, requesting_library=library, actor=request.actor, note=draft["note"],
            needed_by=draft["needed_by"],
            submit_key=key, confirm_own_copy=bool(draft.get("want_anyway")), level=draft.get("level") or "normal",
            pickup_point=None if wish.is_copy else points.get(draft.get("pickup_point") or 0, default),
            purpose=draft.get("purpose") or "", any_edition=bool(draft.get("any_edition")),
            agreed_amount=_agreed(request), origin=RequestOrigin.STAFF.value if is_for_another(asker, request.actor)
            else draft.get("origin") or RequestOrigin.RECORD.value,
        )  # fmt: skip
    except RuleViolation as rule:
        messages.warning(request, str(rule))
        return redirect(rule.extra.get("url") or _terms_url(wish, key))
    if is_for_another(asker, request.actor):
        messages.success(
            request,
            _("The request for %(name)s is made: %(number)s.") % {"name": asker, "number": made.number},
        )
        return redirect("loans:request", number=made.number)
    return redirect("loans:request_done", number=made.number)


def _price(wish: Wish, draft: dict[str, Any], asker: Asker | None) -> dict[str, str] | None:
    """What the reader agrees to with a tick; None where it costs the reader nothing."""
    if asker is None:
        return None
    price = price_of_wish(
        edition=wish.edition, service=wish.service, level=draft.get("level") or "", library=asker.library,
        category=asker.category,
    )  # fmt: skip
    return {"text": money(price.amount, price.currency), "amount": str(price.amount)} if price else None


def _agreed(request: PortalRequest) -> Decimal | None:
    """The price beside the ticked box."""
    if not request.POST.get("agree"):
        return None
    try:
        return Decimal(request.POST.get("price", ""))
    except InvalidOperation:
        return None


@login_required
def request_done(request: PortalRequest, number: str) -> HttpResponse:
    """The number, and what happens next."""
    view = patron_card(access_own_request(request.actor, number))
    return render(request, "loans/request_done.html", {"view": view})
