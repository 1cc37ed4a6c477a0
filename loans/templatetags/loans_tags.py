"""Tags that other apps' pages show loans with; so nothing below imports loans."""

from __future__ import annotations

from typing import Any

from django import template

from catalog.models import Edition
from loans import presenters
from network_portal.core.actor import Actor

register = template.Library()


@register.inclusion_tag("loans/_offer.html", takes_context=True)
def request_offer(context: template.Context, edition: Edition) -> dict[str, Any]:
    """The Request button of a record page, or why there is none."""
    request = context.get("request")
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    return {"offer": presenters.request_offer(edition, actor)}
