from django.db import migrations, models

BATCH = 5000


def fill(apps, schema_editor):
    """Editions of before get their keys; a translation's, once `manage.py renormalise` has read its original again."""
    from catalog.matching.works import work_key

    with schema_editor.connection.cursor() as cursor:
        last = 0
        while True:
            cursor.execute(
                "SELECT id, display FROM catalog_edition WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH]
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            keys = [(pk, key) for pk, display in rows if (key := work_key(_loaded(display))) is not None]
            cursor.execute(
                "UPDATE catalog_edition AS e SET work_key = v.key FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, key) "
                "WHERE e.id = v.id",
                [[pk for pk, _ in keys], [key for _, key in keys]],
            )


def _loaded(display):
    import json

    return json.loads(display) if isinstance(display, str) else display


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_quality_rank")]

    operations = [
        migrations.AddField("edition", "work_key", models.BigIntegerField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            "edition",
            models.Index(
                fields=["work_key"], name="edition_work", condition=models.Q(work_key__isnull=False)
            ),
        ),
    ]
