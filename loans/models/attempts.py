"""One row per supplier tried: why it stood where it stood, what it answered, and the item on its way."""

from __future__ import annotations

from django.db import models

from loans.models.requests import Request
from members.models import Library


class SupplyAttempt(models.Model):
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="attempts")
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    supplier = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="attempts")
    rank = models.JSONField(default=dict)  # score, factors, and the sentence that explains them
    status = models.CharField(max_length=24)
    reason_unfilled = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    call_number = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=200, blank=True)
    barcode = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=100, blank=True)
    due_on = models.DateField(null=True)  # set by the supplying library when it ships
    asked_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.request} → {self.supplier.short_code}"
