"""Headings that are kept already get the new place of their numbers: volume 10 after volume 2."""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations

NUMBER = re.compile(r"0*([0-9]+)")
BATCH = 5000


def file_numbers(apps: Any, schema_editor: Any) -> None:
    heading = apps.get_model("catalog", "Heading")
    rows = heading.objects.filter(sort__regex="[0-9]").exclude(kind="call").values_list("pk", "sort")
    with schema_editor.connection.cursor() as cursor:
        last = 0
        while page := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
            last = page[-1][0]
            filed = [NUMBER.sub(lambda n: f"{min(len(n[1]), 9)}{n[1]}", sort)[:120] for _pk, sort in page]
            cursor.execute(
                "UPDATE catalog_heading h SET sort = new.sort FROM unnest(%s::bigint[], %s::text[]) AS new (id, sort)"
                " WHERE h.id = new.id",
                [[pk for pk, _sort in page], filed],
            )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0031_acquiring")]
    operations = [migrations.RunPython(file_numbers, migrations.RunPython.noop)]
