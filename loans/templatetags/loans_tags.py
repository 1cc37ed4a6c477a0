"""Tags that other apps' pages show loans with; so nothing below imports loans."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from catalog.models import Edition
from loans import presenters
from members.permissions import Capability
from network_portal.core.actor import Actor

register = template.Library()


@register.inclusion_tag("loans/_offer.html", takes_context=True)
def request_offer(context: template.Context, edition: Edition) -> dict[str, Any]:
    """The Request button of a record page, or why there is none."""
    request = context.get("request")
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    offer = presenters.request_offer(edition, actor)
    staff = actor.can(Capability.REQUEST_MANAGE) and actor.library_id is not None
    wanted = staff and offer.code != "no_lender"
    way = f"{reverse('loans:request_for_reader')}?edition={edition.pk}" if wanted else ""
    return {"offer": offer, "for_reader_url": way}
