"""Who knows what: each person decides alone to stand there, and addresses are shown to nobody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from members.choices_knowledge import Offer, Tongue
from members.knowledge.words import topic_words, vector
from members.models import Expert, User
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.mail import mail_queue


@transaction.atomic
def expert_save(*, actor: Actor, values: dict[str, Any]) -> Expert:
    """The own entry (topics, languages, offers, about): saving it is the consent. Raises RuleViolation no_library."""
    require(actor, Capability.KNOWLEDGE_SHARE)
    if actor.library_id is None or actor.user_id is None:
        raise RuleViolation("no_library", _("Please choose the library you work for first."))
    told = {name: values[name] for name in ("topics", "languages", "offers", "about")}
    row, new = Expert.objects.update_or_create(
        user_id=actor.user_id, defaults={"library_id": actor.library_id, **told}
    )
    words = [str(Tongue(code).label) for code in row.languages] + [
        str(Offer(code).label) for code in row.offers
    ]
    place = f"{row.library.name} {row.library.city}"
    Expert.objects.filter(pk=row.pk).update(
        search=vector(
            [
                (row.user.name, "A"),
                (topic_words(row.topics), "A"),
                (" ".join(words), "B"),
                (f"{row.about} {place}", "C"),
            ]
        )
    )
    if new:
        audit.record("members.expert.listed", actor=actor, target=row)
    return row


@transaction.atomic
def expert_leave(*, actor: Actor) -> None:
    """Consent taken back: the row is gone at once."""
    row = Expert.objects.filter(user_id=actor.user_id or 0).first()
    if row is not None:
        audit.record("members.expert.left", actor=actor, target=row)
        row.delete()


@transaction.atomic
def expert_write(*, expert: Expert, actor: Actor, subject: str, text: str) -> None:
    """A mail through the portal: the expert's address stays unknown, the writer gives the own one to be answered."""
    require(actor, Capability.KNOWLEDGE_SHARE)
    writer = User.objects.get(pk=actor.user_id or 0)
    mail_queue(
        template="expert_message", to=expert.user, actor=actor, sensitive=True, target=expert,
        context={
            "subject": " ".join(subject.split()), "text": text, "writer": writer, "library": actor.library_name,
            "own_url": settings.PORTAL_URL + reverse("knowledge:expert_own"),
        },
    )  # fmt: skip
    audit.record("members.expert.written", actor=actor, target=expert)
