"""A library's own words for what it writes often, per language. Filled in with the request's facts when used."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from loans import texts
from loans.models import MessageTemplate, Request, SupplyAttempt
from loans.services.addressing import ends_seen
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

# What a template may name. The reader is not among them: the other library does not know the reader.
PLACES = ("number", "title", "library", "supplier", "city", "due", "deadline")


@transaction.atomic
def template_save(
    *,
    actor: Actor,
    event: str,
    language: str,
    body: str,
    subject: str = "",
    template: MessageTemplate | None = None,
) -> MessageTemplate:
    """Write a new template or change one of the library's own. One audit entry.

    Raises PermissionDenied, RuleViolation: taken (the library has one of this name in this language).
    """
    require(actor, Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE)
    library_id = actor.library_id or 0
    same = MessageTemplate.objects.filter(library_id=library_id, language=language, event=event)
    if same.exclude(pk=template.pk if template else 0).exists():
        raise RuleViolation("taken", _("There is a template of this name in this language already."))
    kept = template or MessageTemplate(library_id=library_id)
    kept.event, kept.language, kept.subject, kept.body = event, language, subject, body
    kept.save()
    audit.record("loans.template.saved", actor=actor, target=kept, data={"name": event})
    return kept


@transaction.atomic
def template_remove(*, template: MessageTemplate, actor: Actor) -> None:
    """Remove one of the library's own; messages written with it stay. One audit entry. Raises PermissionDenied."""
    require(actor, Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE)
    audit.record("loans.template.removed", actor=actor, target=template, data={"name": template.event})
    template.delete()


def filled(
    template: MessageTemplate, request: Request, attempt: SupplyAttempt | None, library_id: int | None = None
) -> str:
    """The text with {number}, {title} … replaced, dates in the template's language; other braces stay as they are."""
    with translation.override(template.language):
        facts = texts.values(request, attempt, ends=ends_seen(request, attempt, library_id))
    text = template.body
    for place in PLACES:
        text = text.replace("{" + place + "}", facts[place])
    return text
