"""The wish of a patron, from asking to the returned book. Status only ever changes in loans.workflow.engine."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models import Edition
from loans.choices import Outcome, RequestStatus, Service
from loans.workflow.states import OPEN
from members.models import Library, User


class Request(models.Model):
    number = models.CharField(max_length=32, unique=True)  # UNPAD-2026-000412
    service = models.CharField(max_length=8, choices=Service.choices, default=Service.LOAN)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="requests")
    # Copied at submission, so that the request tells what was wanted whatever happens to the record.
    title = models.CharField(max_length=1000)
    citation = models.JSONField(default=dict)
    patron = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests")
    requesting_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="requests")
    status = models.CharField(max_length=24, choices=RequestStatus.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=40, blank=True)  # a code of loans.choices.REASONS
    outcome_note = models.CharField(max_length=500, blank=True)
    patron_note = models.CharField(max_length=1000, blank=True)
    needed_by = models.DateField(null=True)
    plan = models.JSONField(default=dict)  # the routing plan with the factors of each rank
    round = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True)  # for the patron
    deadline_at = models.DateTimeField(null=True)  # by when whoever has to act should have acted
    version = models.PositiveIntegerField(default=0)  # a page shows it, a form sends it back: no stale action
    submit_key = models.CharField(
        max_length=64, null=True, unique=True
    )  # a form sent twice makes one request
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="request_status_known", condition=Q(status__in=RequestStatus.values)),
            models.CheckConstraint(
                name="request_closed_with_outcome",
                condition=(Q(status__in=OPEN) & Q(outcome="") & Q(closed_at=None))
                | (~Q(status__in=OPEN) & Q(outcome__in=Outcome.values) & Q(closed_at__isnull=False)),
            ),
            # A reader waits for a title once, whatever two browser windows do.
            models.UniqueConstraint(
                fields=["patron", "edition"], condition=Q(status__in=OPEN), name="request_one_open_per_title"
            ),
        ]
        indexes = [
            models.Index(fields=["requesting_library", "status", "deadline_at"], name="request_queue"),
            models.Index(fields=["patron", "-id"], name="request_patron"),
            models.Index(fields=["status", "deadline_at"], name="request_network"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class RequestCounter(models.Model):
    """The last number given out, per library and year; raised in one statement, so that no two are the same."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "year"], name="counter_per_library_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.library_id}/{self.year}: {self.last}"
