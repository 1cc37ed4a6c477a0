"""Many rows changed in one statement, where Django's own bulk_update would write a CASE for each row and column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def values_of(row: Model) -> dict[str, Any]:
    """The row's columns as they are now, to tell later what changed."""
    return {field.attname: getattr(row, field.attname) for field in _fields(type(row))}


def update_changed(rows: Sequence[Model], before: Iterable[dict[str, Any]]) -> int:
    """Write the columns that differ from `values_of` in any of the rows (of one model), and what saving sets.

    One UPDATE … FROM unnest(…); returns how many rows it changed.
    """
    pairs = [
        (row, old) for row, old in zip(rows, before, strict=True) if values_of(row) != old
    ]  # what did not change is not written
    if not pairs:
        return 0
    changed = [
        field
        for field in _fields(type(rows[0]))
        if getattr(field, "auto_now", False)
        or any(getattr(row, field.attname) != old[field.attname] for row, old in pairs)
    ]
    return _update([row for row, _old in pairs], changed)


def _update(rows: Sequence[Model], fields: list[Field[Any, Any]]) -> int:
    meta, quote = rows[0]._meta, connection.ops.quote_name
    columns = [quote(str(field.column)) for field in fields]
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    values = [
        [field.get_db_prep_save(field.pre_save(row, False), connection) for row in rows] for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} AS t SET {', '.join(f'{c} = v.{c}' for c in columns)}"  # noqa: S608
            f" FROM unnest(%s::bigint[], {arrays}) AS v(pk, {', '.join(columns)}) WHERE t.id = v.pk",
            [[row.pk for row in rows], *values],
        )
        return int(cursor.rowcount)


@cache
def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
