"""What people decided about records that may be one edition, and what still waits for a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.choices import Decided
from catalog.models.records import SourceRecord
from catalog.models.sources import Source


class MatchAct(models.Model):
    """One decision of one person, with the pairs it is about and what it moved. Never deleted; undone by a mark."""

    kind = models.CharField(max_length=10, choices=Decided)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_library = models.ForeignKey("members.Library", on_delete=models.SET_NULL, null=True, related_name="+")
    moved = models.JSONField(default=list, help_text="[[record, edition before, edition after], …]")
    led = models.JSONField(default=list, help_text="[[edition, the one it led to before], …]")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["-at"], name="match_act_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MatchDecision(models.Model):
    """Two records that a person put together or apart: one (`is_same`) or never one edition.

    The records are remembered by what their sources call them too: one that was gone and comes back finds its
    decisions again (harvesting/decided.py). `one` has the smaller number when the decision is made.
    """

    act = models.ForeignKey(MatchAct, on_delete=models.CASCADE, related_name="pairs")
    one = models.ForeignKey(SourceRecord, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    other = models.ForeignKey(
        SourceRecord, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    one_source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    one_identifier = models.CharField(max_length=200)
    other_source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    other_identifier = models.CharField(max_length=200)
    is_same = models.BooleanField()
    is_active = models.BooleanField(default=True, help_text="neither undone nor decided otherwise since")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], name="match_decided_once", condition=Q(is_active=True)
            ),
        ]
        indexes = [
            # Which decisions concern a record that is new under its name.
            models.Index(fields=["one_source", "one_identifier"], name="match_decision_one"),
            models.Index(fields=["other_source", "other_identifier"], name="match_decision_other"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {'=' if self.is_same else '≠'} {self.other_id}"


class MatchDoubt(models.Model):
    """Two records that the matcher kept apart though they may be one edition, until a person says."""

    one = models.ForeignKey(
        SourceRecord, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    other = models.ForeignKey(
        SourceRecord, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    score = models.SmallIntegerField(help_text="points; the higher the likelier")
    why = models.CharField(max_length=30, blank=True, help_text="the caution; empty for a middling score")
    rules = models.CharField(max_length=40)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="match_doubt_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="match_doubt_order"),
        ]
        indexes = [models.Index(fields=["-score", "id"], name="match_doubt_likeliest")]

    def __str__(self) -> str:
        return f"{self.one_id}? {self.other_id}"
