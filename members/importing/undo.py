"""Taking an import back, portion by portion: new accounts that nobody has used go, changed values return."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from members.choices import Role
from members.choices_people import ImportState, RowOutcome
from members.models import Membership, PatronImport, PatronImportRow, User
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.bulk import update_changed, values_of

PORTION = 500


@transaction.atomic
def undo_portion(source: PatronImport) -> int:
    """Undo some rows and forget them; 0 when nothing is left, the import then being undone."""
    row = PatronImport.objects.select_for_update(of=("self",)).select_related("library").get(pk=source.pk)
    if row.state != ImportState.UNDOING:
        return 0
    rows = list(row.rows.select_related("user", "membership").order_by("position")[:PORTION])
    counts = {"removed": _remove(row, rows), "restored": _restore(rows)}
    for name, number in counts.items():
        row.counts[name] = row.counts.get(name, 0) + number
    PatronImportRow.objects.filter(pk__in=[one.pk for one in rows]).delete()
    row.beat_at = timezone.now()
    if not rows:
        row.state = ImportState.UNDONE
        audit.record(
            "members.import.undone", actor=Actor.system(), target=row,
            data={**row.counts, "library_id": row.library_id},
        )  # fmt: skip
    row.save(update_fields=["counts", "beat_at", "state"])
    return len(rows)


def unused(people: QuerySet[User]) -> QuerySet[User]:
    """Accounts nobody has entered, of which nothing else is known: no request, no list."""
    people = people.filter(last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    for relation in User._meta.related_objects:
        model: Any = relation.related_model
        if model not in (EmailAddress, Membership, PatronImportRow):
            people = people.exclude(Exists(model.objects.filter(**{relation.field.name: OuterRef("pk")})))
    return people


def _remove(source: PatronImport, rows: list[PatronImportRow]) -> int:
    created = [row.user_id for row in rows if row.outcome == RowOutcome.CREATED and row.user_id]
    several = Membership.objects.filter(user=OuterRef("pk")).exclude(
        library_id=source.library_id, role=Role.PATRON
    )
    gone = unused(User.objects.filter(pk__in=created)).exclude(Exists(several))
    keys = list(gone.values_list("pk", flat=True))
    User.objects.filter(pk__in=keys).delete()
    return len(keys)


def _restore(rows: list[PatronImportRow]) -> int:
    """A value that somebody has changed since stays as they left it."""
    changed = [row for row in rows if row.outcome == RowOutcome.UPDATED and row.membership is not None]
    memberships = [row.membership for row in changed if row.membership is not None]
    users = [membership.user for membership in Membership.objects.select_related("user").in_bulk(
        [membership.pk for membership in memberships]).values()]  # fmt: skip
    people = {user.pk: user for user in users}
    before = [values_of(membership) for membership in memberships]
    users_before = [values_of(user) for user in users]
    for row, membership in zip(changed, memberships, strict=True):
        for name, (old, new) in (row.changes or {}).items():
            target: Any = people[membership.user_id] if name.startswith("user.") else membership
            field = name.removeprefix("user.")
            dated = field == "expires_on"
            if getattr(target, field) == (_day(new) if dated else new):
                setattr(target, field, _day(old) if dated else old)
    return max(update_changed(memberships, before), update_changed(users, users_before))


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
