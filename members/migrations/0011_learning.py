import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was printed stays what was printed; a revocation is added once and not taken back.
KEEP = """
CREATE FUNCTION learning_certificate_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.code <> OLD.code OR NEW.data <> OLD.data OR NEW.issued_at <> OLD.issued_at
     OR NEW.registration_id <> OLD.registration_id OR OLD.revoked_at IS NOT NULL THEN
    RAISE EXCEPTION 'a certificate is never changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER learning_certificate_kept BEFORE UPDATE ON members_certificate
  FOR EACH ROW EXECUTE FUNCTION learning_certificate_kept();
"""
FORGET = """
DROP TRIGGER learning_certificate_kept ON members_certificate;
DROP FUNCTION learning_certificate_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_knowledge"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("turn", models.PositiveIntegerField(default=1)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_key",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar link",
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("seminar", "Seminar"),
                            ("training", "Training"),
                            ("workshop", "Workshop"),
                            ("internship", "Internship"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for the coordinator"),
                            ("open", "Open"),
                            ("refused", "Not accepted"),
                            ("cancelled", "Cancelled"),
                            ("done", "Done"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("learns", models.TextField(max_length=4000, verbose_name="what one learns")),
                ("audience", models.CharField(blank=True, max_length=300, verbose_name="for whom")),
                ("speakers", models.CharField(blank=True, max_length=500, verbose_name="speakers")),
                (
                    "language",
                    models.CharField(
                        choices=[("id", "Indonesian"), ("en", "English"), ("both", "Indonesian and English")],
                        default="id",
                        max_length=4,
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        choices=[
                            ("Asia/Jakarta", "Western Indonesia Time (WIB)"),
                            ("Asia/Makassar", "Central Indonesia Time (WITA)"),
                            ("Asia/Jayapura", "Eastern Indonesia Time (WIT)"),
                            ("UTC", "UTC"),
                        ],
                        default="Asia/Jakarta",
                        max_length=40,
                        verbose_name="time zone",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=300, verbose_name="where")),
                ("online_url", models.URLField(blank=True, verbose_name="online address")),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5000),
                        ],
                        verbose_name="places",
                    ),
                ),
                ("roles", models.JSONField(default=list)),
                (
                    "ask_sender",
                    models.BooleanField(default=False, verbose_name="the sending library agrees first"),
                ),
                (
                    "fee",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="fee",
                    ),
                ),
                ("currency", models.CharField(default="IDR", max_length=3, verbose_name="currency")),
                (
                    "register_until",
                    models.DateField(blank=True, null=True, verbose_name="last day to register"),
                ),
                (
                    "signer",
                    models.CharField(blank=True, max_length=150, verbose_name="who signs the certificates"),
                ),
                (
                    "signer_role",
                    models.CharField(blank=True, max_length=150, verbose_name="position of who signs"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField()),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="members.library",
                        verbose_name="host",
                    ),
                ),
                ("libraries", models.ManyToManyField(blank=True, related_name="+", to="members.library")),
                (
                    "networks",
                    models.ManyToManyField(blank=True, related_name="programmes", to="members.network"),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "programme",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("useful", models.PositiveSmallIntegerField()),
                ("clear", models.PositiveSmallIntegerField()),
                ("organised", models.PositiveSmallIntegerField()),
                ("words", models.CharField(blank=True, max_length=1000)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evaluations",
                        to="members.programme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProgrammeSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("topic", models.CharField(blank=True, max_length=200)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="members.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("patron", "Reader"),
                            ("librarian", "Librarian"),
                            ("manager", "Library manager"),
                            ("coordinator", "Network coordinator"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for agreement"),
                            ("registered", "Has a place"),
                            ("waiting", "On the waiting list"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="words to the host")),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("needs_sender", models.BooleanField(default=False)),
                ("needs_host", models.BooleanField(default=False)),
                ("sender_agreed_at", models.DateTimeField(null=True)),
                ("sender_agreed_by", models.CharField(blank=True, max_length=150)),
                ("host_agreed_at", models.DateTimeField(null=True)),
                ("host_agreed_by", models.CharField(blank=True, max_length=150)),
                ("evaluated", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="members.library",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="members.programme",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="registrations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["queued_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Internship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("goals", models.TextField(max_length=2000)),
                ("mentor", models.CharField(blank=True, max_length=150)),
                ("hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("assessment", models.TextField(blank=True, max_length=4000)),
                ("reached", models.BooleanField(null=True)),
                ("assessed_at", models.DateTimeField(null=True)),
                ("assessed_by", models.CharField(blank=True, max_length=150)),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="internship",
                        to="members.registration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True)),
                ("data", models.JSONField()),
                ("issued_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_reason", models.CharField(blank=True, max_length=300)),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="members.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at"],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="members.programmesession",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="members.registration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InternshipNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField()),
                ("text", models.TextField(max_length=4000)),
                ("written_at", models.DateTimeField()),
                (
                    "internship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="members.internship",
                    ),
                ),
            ],
            options={
                "ordering": ["week"],
                "constraints": [
                    models.UniqueConstraint(fields=("internship", "week"), name="one_note_a_week")
                ],
            },
        ),
        migrations.CreateModel(
            name="LearningRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("open_at_once", models.BooleanField(default=False)),
                ("ask_sender", models.BooleanField(default=False)),
                (
                    "library",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="learning_rule",
                        to="members.library",
                    ),
                ),
                (
                    "network",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="learning_rule",
                        to="members.network",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("library__isnull", False), ("network", None)),
                            models.Q(("library", None), ("network__isnull", False)),
                            _connector="OR",
                        ),
                        name="learning_rule_of_one",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="programme",
            index=models.Index(fields=["status", "host"], name="programme_status_host"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["seminar", "training", "workshop", "internship"])),
                name="programme_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["proposed", "open", "refused", "cancelled", "done"])),
                name="programme_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee__gte", 0)), name="programme_fee_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("places", None), ("places__gte", 1), _connector="OR"),
                name="programme_has_places",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("clear__range", (1, 5)), ("organised__range", (1, 5)), ("useful__range", (1, 5))
                ),
                name="evaluation_one_to_five",
            ),
        ),
        migrations.AddIndex(
            model_name="programmesession",
            index=models.Index(fields=["starts_at"], name="session_starts"),
        ),
        migrations.AddConstraint(
            model_name="programmesession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="session_ends_after_start"
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["programme", "status"], name="registration_status"),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["asked", "registered", "waiting", "refused", "withdrawn"])
                ),
                name="registration_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["asked", "registered", "waiting"])),
                fields=("programme", "user"),
                name="registered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="internship",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="internship_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("session", "registration"), name="attended_once"),
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
