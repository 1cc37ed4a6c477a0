"""`{% buying_panel edition %}` on a title's page, for staff; `{% told entry %}`: an audit entry as its sentence."""

from __future__ import annotations

from typing import Any

from django import template

from catalog.acquiring.selectors import record
from catalog.models import Edition
from members.permissions import Capability
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry

register = template.Library()


@register.inclusion_tag("catalog/acquiring/_record.html", takes_context=True)
def buying_panel(context: template.Context, edition: Edition) -> dict[str, Any]:
    """Nothing, and no query, for readers."""
    actor: Actor = getattr(context.get("request"), "actor", None) or Actor.anonymous()
    return {"panel": record.panel_of(edition, actor) if actor.can(Capability.STATS_VIEW) else None}


@register.simple_tag
def told(entry: AuditEntry) -> str:
    return audit.sentence(entry)
