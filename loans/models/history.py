"""What happened to a request, in order, and the messages between the two libraries."""

from __future__ import annotations

from django.db import models

from loans.models.attempts import SupplyAttempt
from loans.models.requests import Request
from members.models import Library


class RequestEvent(models.Model):
    """One step taken. Written by loans.workflow.engine only, never changed."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="events")
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, null=True, related_name="events")
    version = models.PositiveIntegerField()  # of the request, after this step
    action = models.CharField(max_length=40)
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        # One step per version: the same step can never be written twice.
        constraints = [models.UniqueConstraint(fields=["request", "version"], name="event_once_per_version")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.action}"


class Message(models.Model):
    """A line from one library to the other about a request; each side sees both, nobody else does."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="messages")
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, related_name="messages")
    from_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    to_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            # The number of unread messages beside a queue.
            models.Index(
                fields=["to_library", "request"], name="message_unread", condition=models.Q(read_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.body[:40]}"
