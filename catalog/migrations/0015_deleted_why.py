from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

WHY = [
    ("announced", "Its source said that it is deleted"),
    ("missing", "Complete lists of its source lacked it"),
    ("switched", "The full file chosen instead lacks it"),
]


class Migration(migrations.Migration):
    """Looks at every stored record once for the index, while the portal goes on."""

    atomic = False
    dependencies = [
        ("catalog", "0014_survey_runs"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcerecord",
            name="deleted_why",
            field=models.CharField(blank=True, choices=WHY, db_default="", max_length=10),
        ),
        AddIndexConcurrently(
            model_name="sourcerecord",
            index=models.Index(
                "deleted_at", name="record_deleted", condition=models.Q(deleted_at__isnull=False)
            ),
        ),
    ]
