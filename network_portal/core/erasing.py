"""Taking a person's marks out of every text in the database; members/privacy calls it, table by table.

The audit trail refuses every change but this one: see migration 0006.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db import connection
from django.db.models import CharField, Field, JSONField, Model, TextField

from network_portal.core.privacy import Marks, impersonal_models

GONE = "–"
# Columns of text that only the portal writes: codes, kinds, numbers.
MACHINE = {"core.AuditEntry": frozenset({"code", "channel", "target_type", "target_id", "request_id"})}


def scrub_everywhere(marks: Marks) -> int:
    """Put a dash in place of the certain marks in every text and JSON column of every personal table."""
    pattern = pattern_of(marks.certain)
    if not pattern:
        return 0
    left_alone = impersonal_models()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jejaring.erasing = 'on'")
    changed = sum(
        scrub(model, pattern)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in left_alone
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jejaring.erasing = 'off'")
    return changed


def scrub(model: type[Model], pattern: str, where: str = "", values: Iterable[Any] = ()) -> int:
    """One UPDATE of the rows of a table in which the pattern stands; `where` narrows them further."""
    fields = text_fields(model)
    if not fields:
        return 0
    quote_name = connection.ops.quote_name
    sets, finds = [], []
    for field in fields:
        column, kind = quote_name(str(field.column)), field.db_type(connection)
        dash = f"'{GONE}' || {quote_name(str(model._meta.pk.column))}" if field.unique else f"'{GONE}'"
        sets.append(f"{column} = regexp_replace({column}::text, %s, {dash}, 'gi')::{kind}")
        finds.append(f"{column}::text ~* %s")
    sql = (
        f"UPDATE {quote_name(model._meta.db_table)} SET {', '.join(sets)}"  # noqa: S608  names of the models' own columns
        f" WHERE ({' OR '.join(finds)}){f' AND {where}' if where else ''}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [pattern] * (2 * len(fields)) + list(values))
        return int(cursor.rowcount)


def pattern_of(texts: Iterable[str]) -> str:
    """PostgreSQL's regular expression for any of the texts as whole words, also as JSON and addresses write them."""
    forms: set[str] = set()
    for text in texts:
        forms |= {text, json.dumps(text, ensure_ascii=False)[1:-1], quote(text), quote(text, safe="")}
    spelled = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True) if form)
    return rf"(?<![\w.+-])({spelled})(?![\w-])" if spelled else ""


def text_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """Columns that hold free text. Those that offer a choice, or point elsewhere, do not."""
    machine = MACHINE.get(model._meta.label, frozenset())
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in machine
        and isinstance(field, CharField | TextField | JSONField)
        and not field.choices and not field.is_relation and not field.primary_key and not field.generated
    ]  # fmt: skip
