"""Parcels between two libraries, and what was printed for them."""

from __future__ import annotations

from django.db import models

from loans.choices import PrintKind
from loans.models.requests import Request
from members.models import Library, User
from network_portal.core.constraints import one_of


class CourierBag(models.Model):
    """Several items that travel together; an open bag takes more."""

    from_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    to_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    tracking = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["from_library", "-id"], name="bag_library")]

    def __str__(self) -> str:
        return self.code


class Handling(models.Model):
    """Who at a library looks after a request; without a row it is everybody's."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="handlings")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "library"], name="handling_one_per_library")
        ]
        indexes = [models.Index(fields=["library", "user"], name="handling_person")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.user_id}"


class PrintJob(models.Model):
    """One press of the print button, so that the same slips can be printed again."""

    kind = models.CharField(max_length=8, choices=PrintKind.choices)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    ids = models.JSONField(default=list)  # of requests
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["library", "-id"], name="print_library")]
        constraints = [one_of("kind", PrintKind.values, name="print_kind_known")]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at}"
