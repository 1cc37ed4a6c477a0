"""Where a library's catalogue comes from, and each time it was fetched."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.choices import LIVE_RUNS, RunKind, RunStatus, SourceKind
from members.models import Library


class Source(models.Model):
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=16, choices=SourceKind.choices, default=SourceKind.UPLOAD)
    url = models.CharField(_("web address"), max_length=500, blank=True)
    path = models.CharField(_("path on the server"), max_length=500, blank=True)
    fallback_encoding = models.CharField(
        _("character set of last resort"), max_length=20, default="cp1252",
        help_text=_("Used only for records that are neither UTF-8 nor MARC-8."),
    )  # fmt: skip
    is_snapshot = models.BooleanField(
        _("each file is the whole catalogue"), default=False,
        help_text=_("Then records that a complete new file no longer has are taken out."),
    )  # fmt: skip
    interval_hours = models.PositiveIntegerField(
        _("fetch every … hours"),
        null=True,
        blank=True,
        help_text=_("Empty: only when somebody starts it."),
    )
    oai_set = models.CharField(_("set"), max_length=200, blank=True)
    oai_prefix = models.CharField(_("format"), max_length=50, blank=True)
    oai_since = models.DateTimeField(
        null=True, blank=True, help_text="where the next harvest of changes begins"
    )
    oai_profile = models.JSONField(default=dict, blank=True)  # harvesting.oai.quirks.Profile
    oai_probed_at = models.DateTimeField(null=True, blank=True)
    options = models.JSONField(
        default=dict, blank=True
    )  # of this kind alone: harvesting/<kind>/options.py, folder.py
    server = models.JSONField(default=dict, blank=True)  # what an SRU server says of itself: sru/explain.py
    rules = models.JSONField(default=list, blank=True)  # harvesting/rules.py, in their order
    columns = models.JSONField(default=dict, blank=True)  # of a table: formats/csv_guess.py Mapping
    quality_rank = models.SmallIntegerField(
        default=2, db_default=2, help_text="0 to 3, by its newest quality report; 2 before the first"
    )
    delete_after = models.PositiveSmallIntegerField(
        _("taken out after"), default=1,
        help_text=_("In how many complete lists in a row a record must be missing."),
    )  # fmt: skip
    max_bad_percent = models.PositiveSmallIntegerField(
        _("stop when more than … % can't be read"), default=20,
        help_text=_("A loading with more bad records than that has failed."),
    )  # fmt: skip
    night_from = models.TimeField(
        _("fetch only from"), null=True, blank=True, help_text=_("In the library's own time.")
    )
    night_until = models.TimeField(_("fetch only until"), null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    # What the source itself says it has, to be held against what is stored.
    told_count = models.BigIntegerField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    enabled = models.BooleanField(_("active"), default=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    record_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["library__name", "name"]
        indexes = [
            # What the dispatcher asks every half minute.
            models.Index(fields=["next_due_at"], name="source_due", condition=Q(enabled=True)),
        ]

    def __str__(self) -> str:
        return f"{self.library.short_code}: {self.name}"


class Run(models.Model):
    """One pass over a source. `checkpoint` moves in the same transaction as the page of records it stands for."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    job_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=RunKind.choices, default=RunKind.HARVEST)
    status = models.CharField(max_length=12, choices=RunStatus.choices, default=RunStatus.QUEUED)
    file_name = models.CharField(max_length=500, blank=True)
    stored_path = models.CharField(max_length=500, blank=True)
    checkpoint = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=dict, blank=True)  # what had to be repaired: {code: records or pages}
    bytes_total = models.BigIntegerField(null=True)
    bytes_done = models.BigIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    deletes_held = models.BigIntegerField(
        default=0, help_text="records a snapshot would take out, awaiting a word"
    )
    resumed = models.PositiveIntegerField(default=0, help_text="times a lost worker's run was taken up again")
    message_code = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True, help_text="waits for the night, or for its next turn")
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # A run may leave its worker and come back: when its present turn began, and how long the earlier ones took.
    turn_at = models.DateTimeField(null=True)
    worked_seconds = models.FloatField(default=0, db_default=0)
    stop_asked = models.BooleanField(default=False)
    pause_asked = models.BooleanField(default=False)
    any_hour = models.BooleanField(default=False, help_text="a person started it, whatever the hour")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="run_status_known", condition=Q(status__in=RunStatus.values)),
            # Two workers must never read one source at the same time.
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(status__in=LIVE_RUNS),
                name="run_one_live_per_source",
            ),
        ]
        indexes = [
            # The latest runs of each source, and the latest that changed something: the list of sources shows both.
            models.Index(fields=["source", "-id"], name="run_of_source"),
            models.Index(
                fields=["source", "-id"],
                name="run_changing",
                condition=Q(created__gt=0) | Q(updated__gt=0) | Q(deleted__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"

    @property
    def status_tone(self) -> str:
        return RunStatus(self.status).tone

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_RUNS

    @property
    def seconds(self) -> float | None:
        """How long it was worked on, without what it waited for its turns. What an agent sends has none."""
        begun = self.turn_at or (None if self.worked_seconds else self.started_at)
        heard = self.finished_at or self.heartbeat_at
        turn = (heard - begun).total_seconds() if heard and begun else 0.0
        return self.worked_seconds + max(0.0, turn) if self.started_at else None

    @property
    def records_per_second(self) -> float | None:
        return self.read / self.seconds if self.seconds else None


class SourceKey(models.Model):
    """A secret with which a library's agent sends to one source. Only its hash is kept; it is shown once."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=8, help_text="the beginning, to tell keys apart")
    digest = models.CharField(
        max_length=64, unique=True
    )  # SHA-256 of the whole key, which has 256 random bits
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.prefix}…"
