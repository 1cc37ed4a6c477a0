"""Rows that every app writes: audit entries, the mail outbox, and runs of long jobs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network_portal.core.choices import JobStatus, MailStatus


class AuditEntry(models.Model):
    """One thing that somebody did. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE.

    Actor, library and target are kept as id plus copied name, so that history outlives what it tells of.
    """

    at = models.DateTimeField(auto_now_add=True)
    code = models.CharField(max_length=80)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    library_id = models.BigIntegerField(null=True)
    library_name = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=20)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=60, blank=True)
    target_name = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_target"),
            models.Index(fields=["library_id", "-id"], name="audit_library"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.target_name}"

    @property
    def who(self) -> str:
        """The name, or what stands for a reader (core/audit.py) in the language in use."""
        number = self.actor_name.removeprefix("reader ")
        return _("reader %(number)s") % {"number": number} if number != self.actor_name else self.actor_name


class OutgoingMail(models.Model):
    """A mail that waits to leave. Written in the transaction that caused it; sent, and retried, by a task."""

    created_at = models.DateTimeField(auto_now_add=True)
    template = models.CharField(max_length=80)
    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=300)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    sensitive = models.BooleanField(
        default=False, help_text=_("Staff see that it was sent, not what it says.")
    )
    unsubscribe_url = models.CharField(
        max_length=500, blank=True, db_default="", help_text=_("One click there ends mails of this kind.")
    )
    library_id = models.BigIntegerField(null=True, help_text=_("The library whose staff may see it."))
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=60, blank=True)
    dedupe_key = models.CharField(max_length=200, null=True, unique=True)
    status = models.CharField(max_length=12, choices=MailStatus.choices, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # What the sender asks every ten seconds; sent mail is not in it.
            models.Index(fields=["next_attempt_at"], name="mail_waiting", condition=Q(status="queued")),
            models.Index(fields=["library_id", "-id"], name="mail_library"),
            # All mail about one thing: its log, and what is withdrawn with it.
            models.Index(fields=["target_type", "target_id", "-id"], name="mail_target"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_email}"

    @property
    def status_tone(self) -> str:
        return MailStatus(self.status).tone


class JobRun(models.Model):
    """One run of something that takes longer than a second: who started it, how far it is, what came of it."""

    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=JobStatus.choices, default=JobStatus.QUEUED)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    library_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    total = models.BigIntegerField(null=True, help_text=_("Units to do, where known (records, bytes)."))
    done = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    log = models.TextField(blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["library_id", "-id"], name="job_library")]

    def __str__(self) -> str:
        return self.label

    @property
    def status_tone(self) -> str:
        return JobStatus(self.status).tone


class NetworkSetting(models.Model):
    """What the network decided otherwise than by default (core/netsettings). Written by netsettings.deciding alone."""

    code = models.CharField(primary_key=True, max_length=60)
    value = models.JSONField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code
