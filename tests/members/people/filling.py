"""One row in every table, each of whose texts names the same person: to see what is left of them afterwards."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection, models

from members.models import User
from network_portal.core.erasing import text_fields
from network_portal.core.privacy import impersonal_models, pointing

MARK = "zwimarka"
NAME = "Zwi Zwimarka"
EMAIL = "zm@zwimarka.example"
# Where the first choice would be a state in which nobody can be erased, or which only numbers may have.
OVERRIDES: dict[str, dict[str, Any]] = {
    "loans.Request": {
        "closed_at": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc),
        "anonymised_at": None,
    },
    "loans.Charge": {"state": "paid"},
    "members.Membership": {"role": "patron", "status": "confirmed"},
    "members.PatronImportRow": {"outcome": "refused"},
}


def checks_off() -> None:
    """No row here is a sensible one: the tables' rules are set aside until the transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c'"
            " AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid <> 'core_auditentry'::regclass"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')


def fill(person: User) -> list[str]:
    """Fill every table of the app registry; returns the labels. References are followed first."""
    rows: dict[type[models.Model], Any] = {User: person.pk}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            _row(model, rows, ())
    return sorted(model._meta.label for model in rows)


def _row(model: type[models.Model], rows: dict[type[models.Model], Any], above: tuple[Any, ...]) -> Any:
    if model in rows:
        return rows[model]
    values: dict[str, Any] = {}
    texts = [] if model._meta.label in impersonal_models() else text_fields(model)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.AutoField | models.BigAutoField) or field.generated:
            continue
        values[str(field.column)] = _value(model, field, field in texts, rows, (*above, model))
    columns = [connection.ops.quote_name(column) for column in values]
    marks = ", ".join(["%s"] * len(columns))
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column
    returned = (
        connection.ops.quote_name(key) if key else "1"
    )  # a key of several columns is pointed to by nobody
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) RETURNING {returned}",
            list(values.values()),
        )
        rows[model] = cursor.fetchone()[0]
    return rows[model]


def _value(model: Any, field: Any, free_text: bool, rows: dict[Any, Any], above: tuple[Any, ...]) -> Any:
    chosen = OVERRIDES.get(model._meta.label, {})
    if field.name in chosen:
        return field.get_db_prep_save(chosen[field.name], connection)
    if field in pointing(model, User):
        return rows[User]
    if field.is_relation:
        target = field.related_model
        if target in above:  # a circle: only an empty reference can close it
            return None
        return _row(target, rows, above)
    if free_text:
        return field.get_db_prep_save(_text(field), connection)
    return field.get_db_prep_save(_plain(field, rows), connection)


def _text(field: Any) -> Any:
    if isinstance(field, models.JSONField):
        return {"note": f"{NAME} <{EMAIL}>", "people": [{"name": NAME}]}
    room = field.max_length or 1000
    for text in (f"Surat kepada {NAME} ({EMAIL}).", EMAIL, NAME):
        if len(text) <= room and not (isinstance(field, models.EmailField) and text != EMAIL):
            return text
    return ""


def _plain(field: Any, rows: dict[Any, Any]) -> Any:
    if field.choices:
        return field.choices[0][0]
    kinds: tuple[tuple[Any, Any], ...] = (
        (models.BooleanField, False), (models.DecimalField, Decimal(1)), (models.FloatField, 1.0),
        (models.IntegerField, rows[User] if field.name.endswith("_id") else 1),
        (models.DateTimeField, datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)),
        (models.DateField, datetime.date(2026, 1, 1)), (models.TimeField, datetime.time(8)),
        (models.DurationField, datetime.timedelta(1)), (models.UUIDField, uuid.uuid4()),
        (models.BinaryField, b""), (models.JSONField, {}), (models.GenericIPAddressField, "127.0.0.1"),
        (models.CharField | models.TextField | models.FileField, "x"),
    )  # fmt: skip
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    return [] if "[]" in (field.db_type(connection) or "") else None


def left_over(mark: str) -> dict[str, int]:
    """Tables of the database, known to Django or not, in which a row still holds the mark anywhere."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT count(*) FROM {connection.ops.quote_name(table)} AS t WHERE t::text ILIKE %s",
                [f"%{mark}%"],
            )
            if number := cursor.fetchone()[0]:
                found[table] = number
    return found
