"""What was done to the things a page shows, from the audit trail.

`{% history agreement version %}` for objects, `{% history_about "catalog.covers." %}` for settings without one. The
newest entries, for who may read the trail: a library its own people's, a coordinator all of them. One query.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.db import models
from django.urls import reverse

from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry
from network_portal.core.selectors import audit_of, audit_visible_to

register = template.Library()
SHOWN = 20


@register.inclusion_tag("core/_history.html", takes_context=True)
def history(context: template.Context, *things: models.Model | None, about: str = "") -> dict[str, Any]:
    """`about`: only entries whose code begins so."""
    known = [thing for thing in things if isinstance(thing, models.Model) and thing.pk is not None]
    actor: Actor = context["request"].actor
    of = [("of", f"{thing._meta.label_lower}:{thing.pk}") for thing in known]
    rows = audit_of(actor, *known).filter(code__startswith=about)
    return _told(rows, actor, of + ([("code", about)] if about else []))


@register.inclusion_tag("core/_history.html", takes_context=True)
def history_about(context: template.Context, code: str) -> dict[str, Any]:
    """`code`: what the codes of the entries begin with."""
    actor: Actor = context["request"].actor
    return _told(audit_visible_to(actor, code=code).order_by("-id"), actor, [("code", code)])


def _told(rows: models.QuerySet[AuditEntry], actor: Actor, query: list[tuple[str, str]]) -> dict[str, Any]:
    found = list(rows[: SHOWN + 1]) if actor.can("audit.view") else []
    return {
        "entries": [(row, audit.sentence(row)) for row in found[:SHOWN]],
        "more": f"{reverse('core:audit')}?{urlencode(query)}" if len(found) > SHOWN else "",
    }


@register.filter
def sentence(entry: AuditEntry) -> str:
    """An entry in the reader's language."""
    return audit.sentence(entry)
