"""Kinds of readers and their limits; what a library decides about one reader; a reader's own wish for privacy."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.choices import BlockKind, HistoryPrivacy
from members.models import Library, Membership, PatronCategory, User
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


@transaction.atomic
def category_save(
    *, library: Library, actor: Actor, category: PatronCategory | None = None, **fields: Any
) -> PatronCategory:
    """Add or change a kind of reader. Raises RuleViolation code_taken, other_library."""
    if category is not None and category.library_id != library.pk:
        raise RuleViolation("other_library", _("This belongs to another library."))
    row = category or PatronCategory(library=library)
    for name, value in fields.items():
        setattr(row, name, value)
    taken = PatronCategory.objects.filter(library=library, code=row.code).exclude(pk=row.pk)
    if taken.exists():
        raise RuleViolation("code_taken", _("Another kind of reader has this short code."))
    row.save()
    audit.record("members.category.saved", actor=actor, target=library, data={"name": row.name})
    return row


@transaction.atomic
def category_remove(*, category: PatronCategory, actor: Actor) -> None:
    """Readers of it have no category then; their requests stay."""
    audit.record(
        "members.category.removed", actor=actor, target=category.library, data={"name": category.name}
    )
    category.delete()


@transaction.atomic
def standing_set(
    *,
    membership: Membership,
    actor: Actor,
    category: PatronCategory | None,
    expires_on: date | None,
    block_kind: str = "",
    block_note: str = "",
) -> Membership:
    """What the library decides about one of its readers; an empty `block_kind` lifts a block.

    Raises Conflict `not_confirmed`; RuleViolation own_membership (nobody lifts their own block), other_library.
    """
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "library")
        .get(pk=membership.pk)
    )
    if not row.is_confirmed:
        raise Conflict("not_confirmed", _("This person is no reader of your library (any more)."))
    if row.user_id == actor.user_id:
        raise RuleViolation("own_membership", _("Somebody else must decide about your own membership."))
    if category is not None and category.library_id != row.library_id:
        raise RuleViolation("other_library", _("This belongs to another library."))
    row.category, row.expires_on = category, expires_on
    row.block_kind, row.block_note = block_kind, block_note.strip()[:300] if block_kind else ""
    row.blocked_at = (row.blocked_at or timezone.now()) if block_kind else None
    row.save(update_fields=["category", "expires_on", "block_kind", "block_note", "blocked_at"])
    code = "members.standing.blocked" if block_kind else "members.standing.set"
    kind = str(BlockKind(block_kind).value) if block_kind else ""
    audit.record(
        code, actor=actor, target=row, data={"kind": kind, "category": category.pk if category else None}
    )
    return row


@transaction.atomic
def history_privacy_set(*, user: User, choice: str, actor: Actor) -> int:
    """How long the portal remembers what the person borrowed, at all of their libraries; returns how many."""
    choice = HistoryPrivacy(choice).value
    changed = (
        Membership.objects.filter(user=user).exclude(history_privacy=choice).update(history_privacy=choice)
    )
    if changed:
        audit.record("members.privacy.set", actor=actor, target=user, data={"choice": choice})
    return changed
