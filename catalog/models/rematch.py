"""Matching everything anew beside what is in use: the run, and where it puts each record (services/rematch.py)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.choices import RematchStatus


class Rematch(models.Model):
    """One matching of the whole catalogue from scratch. Only one at a time is neither switched to nor dropped."""

    rules = models.CharField(max_length=40, help_text="version of the rules that it was made with")
    status = models.CharField(max_length=10, choices=RematchStatus.choices, default=RematchStatus.BUILDING)
    position = models.BigIntegerField(default=0, help_text="the last record that was placed")
    clusters = models.BigIntegerField(default=0, help_text="how many numbers were given to clusters")
    figures = models.JSONField(default=dict, help_text="how it differs from what is in use")
    started_at = models.DateTimeField()
    caught_up_at = models.DateTimeField(null=True, help_text="until when changes of harvests are in it")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(status__in=("building", "built", "switching")),
                name="one_rematch",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rules} {self.status}"


class ShadowRecord(models.Model):
    """Where a record stands in the matching beside. `features`: null where the stored ones are the same."""

    record = models.OneToOneField(
        "catalog.SourceRecord",
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )
    cluster = models.BigIntegerField(db_index=True)
    features = models.JSONField(null=True)
    doubts = models.JSONField(null=True, help_text="[[other record, points, caution], …]")
    target = models.BigIntegerField(
        null=True, help_text="the edition that the cluster will be; null where no change"
    )

    def __str__(self) -> str:
        return f"{self.record_id} in {self.cluster}"


class ShadowKey(models.Model):
    """The blocking keys of the matching beside, as MatchKey holds those in use."""

    pk = models.CompositePrimaryKey("key", "record_id")
    key = models.BigIntegerField()
    record = models.ForeignKey(
        "catalog.SourceRecord", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    def __str__(self) -> str:
        return f"{self.record_id}:{self.key}"
