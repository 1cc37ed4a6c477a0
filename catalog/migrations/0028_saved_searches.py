import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0027_browsing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("query", models.CharField(max_length=2000)),
                (
                    "alert",
                    models.CharField(
                        choices=[("off", "No mail"), ("daily", "Every day"), ("weekly", "Every week")],
                        default="off",
                        max_length=8,
                    ),
                ),
                ("told_until", models.DateTimeField(help_text="titles added till then have been told of")),
                (
                    "due_at",
                    models.DateTimeField(
                        help_text="when to look again; never where no mail is wanted", null=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="saved_search_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="saved_search_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alert", "off"), ("due_at", None)),
                            models.Q(models.Q(("alert", "off"), _negated=True), ("due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="saved_search_is_due",
                    ),
                ],
            },
        ),
    ]
