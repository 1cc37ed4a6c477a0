"""What happened to a request, in order, and what the libraries wrote to each other and to themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from loans.choices import Cause, MessageKind
from loans.models.attempts import SupplyAttempt
from loans.models.requests import Request
from loans.models.rules import MessageTemplate
from members.models import Library
from network_portal.core.constraints import one_of


class RequestEvent(models.Model):
    """One step taken. Written by loans.workflow only, never changed but for `undone_by`."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="events")
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, null=True, related_name="events")
    version = models.PositiveIntegerField()  # of the request, after this step
    action = models.CharField(max_length=40)
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, related_name="+")
    side = models.CharField(max_length=12, blank=True)  # for whom the actor acted
    channel = models.CharField(max_length=20)
    cause = models.CharField(max_length=12, choices=Cause.choices, default=Cause.USER)
    cause_version = models.PositiveIntegerField(null=True)  # the event that brought this one about
    before = models.JSONField(default=dict)  # the columns it changed, as they were: what undo puts back
    undone_by = models.PositiveIntegerField(null=True)  # the version of the event that took it back
    key = models.CharField(max_length=64, null=True, unique=True)  # a step sent twice is taken once
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            # One step per version: the same step can never be written twice.
            models.UniqueConstraint(fields=["request", "version"], name="event_once_per_version"),
            one_of("cause", Cause.values, name="event_cause_known"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.action}"


class Message(models.Model):
    """A line about a request: from one library to the other, to the reader, or for the own staff only."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="messages")
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, null=True, related_name="messages")
    kind = models.CharField(max_length=8, choices=MessageKind.choices, default=MessageKind.LIBRARY)
    from_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    to_library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, related_name="+")
    via_coordinator = models.BooleanField(default=False)  # guided networks: members don't write directly
    template = models.ForeignKey(MessageTemplate, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    read_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("kind", MessageKind.values, name="message_kind_known"),
            models.CheckConstraint(
                name="message_internal_stays", condition=~Q(kind="internal") | Q(to_library=None)
            ),
            models.CheckConstraint(
                name="message_library_has_receiver",
                condition=~Q(kind="library") | Q(to_library__isnull=False),
            ),
        ]
        indexes = [
            # The number of unread messages beside a queue.
            models.Index(fields=["to_library", "request"], name="message_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.body[:40]}"
