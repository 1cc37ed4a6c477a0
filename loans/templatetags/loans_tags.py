"""Tags that other apps' pages show loans with; so nothing below imports loans."""

from __future__ import annotations

import secrets
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.models import Edition
from loans import presenters
from loans.models import Request
from loans.presenters.reopening import reopening_of
from members.permissions import Capability
from network_portal.core.actor import Actor

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """A key of this very form: sent twice, it is taken once (loans.workflow.engine)."""
    return format_html('<input type="hidden" name="key" value="{}">', secrets.token_urlsafe(16))


@register.inclusion_tag("loans/_reopening.html", takes_context=True)
def reopening(context: template.Context, loan: Request) -> dict[str, Any]:
    """Under a closed request of the own library: the way to open it again, or why there is none."""
    request = context.get("request")
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    return {"reopening": reopening_of(loan, actor), "loan": loan}


@register.inclusion_tag("loans/_offer.html", takes_context=True)
def request_offer(context: template.Context, edition: Edition) -> dict[str, Any]:
    """The Request button of a record page, or why there is none."""
    request = context.get("request")
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    offer = presenters.request_offer(edition, actor)
    staff = actor.can(Capability.REQUEST_MANAGE) and actor.library_id is not None
    wanted = staff and offer.code != "no_lender"
    way = f"{reverse('loans:request_for_reader')}?edition={edition.pk}" if wanted else ""
    shown = {"offer": offer, "for_reader_url": way}
    if request is not None:
        request.offers_made = {edition.pk: shown}
    return shown


@register.inclusion_tag("loans/_offer_again.html", takes_context=True)
def request_again(context: template.Context, edition: Edition) -> dict[str, Any]:
    """The same button once more, farther down the page; nothing is asked a second time."""
    made: dict[int, dict[str, Any]] = getattr(context.get("request"), "offers_made", {})
    return made.get(edition.pk, {})
