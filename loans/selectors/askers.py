"""Finding the reader for whom a librarian asks: by name, card number or e-mail, of the own library alone."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from members.choices import MembershipStatus, Role
from members.models import Membership
from network_portal.core.actor import Actor

SHOWN = 20  # whoever finds more types more


def readers_found(actor: Actor, text: str) -> list[Membership]:
    """Confirmed members of the actor's library, each person once; none before something was typed."""
    text = " ".join(text.split())[:100]
    if actor.library_id is None or not text:
        return []
    rows = _members(actor).filter(
        Q(user__name__icontains=text) | Q(user__email__icontains=text) | Q(card_number__iexact=text)
    )
    by_person: dict[int, Membership] = {}
    for row in rows.order_by("user__name", "user_id", "pk")[: SHOWN * 2]:
        if row.user_id not in by_person or row.role == Role.PATRON:
            by_person[row.user_id] = row
    return list(by_person.values())[:SHOWN]


def reader_of(actor: Actor, pk: int | None) -> Membership | None:
    """One of them, by the number of the membership; None where it is nobody of this library's."""
    return _members(actor).filter(pk=pk).first() if pk is not None and actor.library_id is not None else None


def _members(actor: Actor) -> QuerySet[Membership]:
    return Membership.objects.filter(
        library_id=actor.library_id or 0, status=MembershipStatus.CONFIRMED, user__is_active=True
    ).select_related("user", "library", "category")
