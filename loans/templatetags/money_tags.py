"""Tags by which the pages of a request show what it costs."""

from __future__ import annotations

from typing import Any

from django import template

from loans.models import Request
from loans.presenters.money_panel import charge_told
from loans.presenters.money_panel import money_panel as panel_of
from loans.selectors.money import charges_of_reader
from loans.services.addressing import ends_seen
from loans.workflow.engine import live_attempt
from network_portal.core.actor import Actor

register = template.Library()


@register.inclusion_tag("loans/_money_panel.html", takes_context=True)
def money_panel(context: template.Context, loan: Request) -> dict[str, Any]:
    """For staff of the two libraries; each sees what it owes or is owed. Who was asked in vain sees nothing of it."""
    actor: Actor = getattr(context.get("request"), "actor", None) or Actor.anonymous()
    return {"panel": panel_of(loan, live_attempt(loan), actor)}


@register.inclusion_tag("loans/_money_panel.html")
def reader_charges(loan: Request) -> dict[str, Any]:
    """What the reader owes for the request."""
    lines = [
        charge_told(charge, ends_seen(loan, charge.attempt, loan.requesting_library_id))
        for charge in charges_of_reader(loan)
    ]
    return {"panel": {"lines": lines} if lines else None}
