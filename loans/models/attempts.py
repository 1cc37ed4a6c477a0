"""One row per supplier tried: why it stood where it stood, what it answered, and the item on its way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from loans.choices import AttemptStatus
from loans.models.requests import Request
from loans.workflow.states import LIVE_ATTEMPT
from members.models import Library


class SupplyAttempt(models.Model):
    """Its status follows the request's; only loans.workflow.engine changes either."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="attempts")
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    supplier = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="attempts")
    rank = models.JSONField(default=dict)  # score and factors; loans.routing.ranking.explain tells them
    status = models.CharField(max_length=24, choices=AttemptStatus.choices)
    reason_unfilled = models.CharField(max_length=40, blank=True)  # a code of loans.choices.UnfilledReason
    note = models.CharField(max_length=500, blank=True)
    call_number = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=200, blank=True)
    barcode = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=100, blank=True)
    return_tracking = models.CharField(max_length=100, blank=True)
    due_on = models.DateField(null=True)  # back at the supplying library; set when it ships
    asked_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.CheckConstraint(name="attempt_status_known", condition=Q(status__in=AttemptStatus.values)),
            models.UniqueConstraint(
                fields=["request"], condition=Q(status__in=LIVE_ATTEMPT), name="attempt_one_live_per_request"
            ),
            models.UniqueConstraint(fields=["request", "round", "supplier"], name="attempt_once_per_round"),
        ]
        indexes = [
            models.Index(fields=["supplier", "status", "deadline_at"], name="attempt_queue"),
            # What the timer asks every minute.
            models.Index(fields=["deadline_at"], name="attempt_unanswered", condition=Q(status="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.request} → {self.supplier.short_code}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_ATTEMPT
