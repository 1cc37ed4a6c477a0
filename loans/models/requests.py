"""The wish of a patron, from asking to the returned book. Status only ever changes in loans.workflow.engine."""

from __future__ import annotations

from django.db import models

from catalog.models import Edition
from members.models import Library, User


class Request(models.Model):
    number = models.CharField(max_length=32, unique=True)  # UNPAD-2026-000412
    service = models.CharField(max_length=8, default="loan")  # loan, copy
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="requests")
    # Copied at submission, so that the request tells what was wanted whatever happens to the record.
    citation = models.JSONField(default=dict)
    patron = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests")
    requesting_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="requests")
    status = models.CharField(max_length=24)
    outcome = models.CharField(max_length=16, blank=True)  # filled, unfilled, cancelled, refused
    outcome_reason = models.CharField(max_length=300, blank=True)
    patron_note = models.CharField(max_length=1000, blank=True)
    needed_by = models.DateField(null=True)
    plan = models.JSONField(default=dict)  # the routing plan with the reason of each rank
    round = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True)  # for the patron
    deadline_at = models.DateTimeField(null=True)  # by when whoever has to act should have acted
    version = models.PositiveIntegerField(default=0)  # a page shows it, a form sends it back: no stale action
    submit_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  a form sent twice
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number
