"""One row per supplier tried: why it stood where it stood, what it answered, and the item on its way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models import Item
from loans.choices import LIVE_ATTEMPTS, OFFERED_ATTEMPTS, SUPPLIED_ATTEMPTS, AskMode, AttemptStatus
from loans.models.desk import CourierBag
from loans.models.requests import Request
from members.models import Library
from network_portal.core.constraints import one_of


class SupplyAttempt(models.Model):
    """Its status follows the request's; only loans.workflow.engine changes either."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="attempts")
    round = models.PositiveSmallIntegerField(default=1)
    stage = models.PositiveSmallIntegerField(default=0)  # of the plan
    position = models.PositiveSmallIntegerField()
    supplier = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="attempts")
    via = models.ForeignKey(
        Library, on_delete=models.PROTECT, null=True, related_name="+"
    )  # hub or coordinator
    mode = models.CharField(max_length=8, choices=AskMode.choices, default=AskMode.SEQ)
    epoch = models.PositiveIntegerField(default=0)  # the request's when it was asked
    rank = models.JSONField(default=dict)  # score and factors; loans.routing.ranking.explain tells them
    why = models.JSONField(default=list)  # the factors with their weights
    status = models.CharField(max_length=24, choices=AttemptStatus.choices)
    reason_unfilled = models.CharField(max_length=40, blank=True)  # a code of loans.choices.UnfilledReason
    retry_reason = models.CharField(max_length=40, blank=True)  # a code of loans.choices.RetryReason
    retry_after = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)

    # --- on what terms
    conditions = models.JSONField(default=list)  # codes of loans.choices.LoanCondition
    condition_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    condition_currency = models.CharField(max_length=3, blank=True)
    condition_deadline = models.DateTimeField(null=True)

    # --- the item
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="+")
    call_number = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=200, blank=True)
    barcode = models.CharField(max_length=60, blank=True)
    pages = models.PositiveSmallIntegerField(null=True)  # of a copy
    bag = models.ForeignKey(CourierBag, on_delete=models.SET_NULL, null=True, related_name="attempts")
    tracking = models.CharField(max_length=100, blank=True)
    return_tracking = models.CharField(max_length=100, blank=True)

    # --- when
    due_on = models.DateField(null=True)  # back at the supplying library; set when it ships
    due_original = models.DateField(null=True)  # before renewals and recalls
    renewed_count = models.PositiveSmallIntegerField(default=0)
    recalled_on = models.DateField(null=True)
    offered_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            one_of("status", AttemptStatus.values, name="attempt_status_known"),
            one_of("mode", AskMode.values, name="attempt_mode_known"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(status__in=LIVE_ATTEMPTS), name="attempt_one_live_per_request"
            ),
            models.UniqueConstraint(fields=["request", "round", "supplier"], name="attempt_once_per_round"),
        ]
        indexes = [
            models.Index(fields=["supplier", "status", "deadline_at"], name="attempt_queue"),
            # What the timer asks every minute.
            models.Index(fields=["deadline_at"], name="attempt_unanswered", condition=Q(status="asked")),
            # What a library may take or has offered to take.
            models.Index(
                fields=["supplier", "status"],
                name="attempt_offered",
                condition=Q(status__in=OFFERED_ATTEMPTS),
            ),
            # How much libraries with a limit gave in the last week and month: asked for each plan.
            models.Index(
                fields=["supplier", "answered_at"],
                name="attempt_supplied",
                condition=Q(status__in=SUPPLIED_ATTEMPTS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} → {self.supplier.short_code}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_ATTEMPTS
