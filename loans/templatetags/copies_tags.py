"""Tags by which the pages of a request show its copy: the staff's panel, the reader's link."""

from __future__ import annotations

from typing import Any

from django import template

from loans.models import Request
from loans.presenters.copies import copy_section, reader_link
from network_portal.core.actor import Actor

register = template.Library()


@register.inclusion_tag("loans/_copy_files.html", takes_context=True)
def copy_panel(context: template.Context, loan: Request) -> dict[str, Any]:
    """Files, delivery and copyright of a copy, as far as this person may see them; nothing for a loan."""
    request = context.get("request")
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    return {"section": copy_section(loan, actor)}


@register.simple_tag
def reader_copy(loan: Request) -> str:
    """The address of the reader's copy while there is one to open, else ""."""
    return reader_link(loan)
