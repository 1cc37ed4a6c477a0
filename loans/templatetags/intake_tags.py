"""Why a new request waits for a librarian, for the staff's page of a request."""

from __future__ import annotations

from typing import Any

from django import template

from loans.intake.findings import sentence
from loans.models import Request

register = template.Library()


@register.inclusion_tag("loans/_findings.html")
def findings(loan: Request) -> dict[str, Any]:
    """What the checks found, in words, as long as somebody has to look; and the way to write to the reader."""
    waits = loan.is_open and loan.round == 0
    return {"loan": loan, "told": [sentence(found) for found in loan.checks] if waits else []}
