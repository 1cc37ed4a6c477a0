"""Erasing a person: what each room says, the names beside their number, their marks in every text, the account.

Figures stay right: what they borrowed is kept without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import CharField, ForeignKey, IntegerField, Model

from members.models import User
from members.privacy.marks import marks_of
from network_portal.core.erasing import GONE, pattern_of, scrub, scrub_everywhere
from network_portal.core.models import AuditEntry, OutgoingMail
from network_portal.core.privacy import Marks, erasers

# Copies of a name that stand without a number beside them; only the whole name counts.
COPIES = ("by_name", "author_name", "created_by")


@transaction.atomic
def erase(user: User) -> dict[str, int]:
    """Leave nothing that tells who it was; returns how many rows changed. The caller asked for obstacles."""
    marks = marks_of(user)
    memberships = [str(pk) for pk in user.memberships.values_list("pk", flat=True)]
    counts = {name: eraser(marks) for name, eraser in erasers().items()}
    counts["mails"] = OutgoingMail.objects.filter(to_email__iexact=marks.email).delete()[0]
    counts["names"] = _beside_numbers(marks)
    counts["history"] = _history(marks, memberships)
    counts["texts"] = scrub_everywhere(marks)
    counts["account"] = user.delete()[0]
    counts["sessions"] = sessions_delete(marks.pk)
    return counts


def sessions_delete(pk: int) -> int:
    """End the person's sessions by deleting them, in the database and in the cache before it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = [
        row.session_key
        for row in Session.objects.iterator(chunk_size=2000)
        if row.get_decoded().get("_auth_user_id") == str(pk)
    ]
    for key in keys:
        store(key).delete()
    return len(keys)


def _beside_numbers(marks: Marks) -> int:
    """actor_name where actor_id is the person, and the like; a copy without number where it is the whole name."""
    changed = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jejaring.erasing = 'on'")
        for model, column, number in _name_columns():
            table, quoted = (
                connection.ops.quote_name(model._meta.db_table),
                connection.ops.quote_name(column),
            )
            if number:
                cursor.execute(
                    f"UPDATE {table} SET {quoted} = %s WHERE {connection.ops.quote_name(number)} = %s",  # noqa: S608
                    [GONE, marks.pk],
                )
            else:
                cursor.execute(
                    f"UPDATE {table} SET {quoted} = %s WHERE {quoted} = ANY(%s)",  # noqa: S608
                    [GONE, list(marks.names)],
                )
            changed += cursor.rowcount
    return changed


def _name_columns() -> Iterator[tuple[type[Model], str, str]]:
    """Each column that copies a person's name, with the column of the number beside it, if there is one."""
    for model in apps.get_models():
        columns = {
            str(field.column)
            for field in model._meta.concrete_fields
            if isinstance(field, IntegerField | ForeignKey)
        }
        for field in model._meta.concrete_fields:
            if not isinstance(field, CharField) or field.choices:
                continue
            number = f"{field.name.removesuffix('_name')}_id"
            if field.name.endswith("_name") and number in columns and number != "library_id":
                yield model, str(field.column), number
            elif field.name.endswith(COPIES):
                yield model, str(field.column), ""


def _history(marks: Marks, memberships: list[str]) -> int:
    """Entries about the person and their memberships lose the name, also one of a single word."""
    pattern = pattern_of((*marks.certain, *marks.names))
    about: tuple[tuple[str, list[str]], ...] = (
        ("members.user", [str(marks.pk)]),
        ("members.membership", memberships),
    )
    changed = 0
    for kind, keys in about:
        for model in (AuditEntry, OutgoingMail):
            changed += scrub(model, pattern, "target_type = %s AND target_id = ANY(%s)", [kind, keys])
    return changed
