"""Why a new request waits for a librarian, for the staff's page of a request."""

from __future__ import annotations

from typing import Any

from django import template

from loans.drafts import draft_get
from loans.intake.findings import sentence
from loans.models import Request
from loans.presenters.asker import asker_in, asking_for
from loans.workflow.vocabulary import Side

register = template.Library()


@register.inclusion_tag("loans/_asking_for.html", takes_context=True)
def asking_line(context: template.Context, key: str = "", edition_id: int | None = None) -> dict[str, Any]:
    """For whom the request is, and the way to ask for a reader: for staff alone."""
    request = context["request"]
    draft = draft_get(request.session, key) or {}
    asker = asker_in(draft, request.actor, request.user) if request.actor.is_authenticated else None
    return {"asking": asking_for(asker, request.actor, key, edition_id)}


@register.inclusion_tag("loans/_findings.html")
def findings(loan: Request) -> dict[str, Any]:
    """What the checks found, in words, as long as somebody has to look; and the way to write to the reader."""
    waits = loan.is_open and loan.round == 0 and loan.owner_side == Side.REQUESTING.value
    return {"loan": loan, "told": [sentence(found) for found in loan.checks] if waits else []}
