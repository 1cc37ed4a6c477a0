"""What is open beside the state of a request: overdue, recalled, lost … Each has an owner and mostly a deadline."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from loans.choices import OWNER_SIDES, FlagKind
from loans.models.attempts import SupplyAttempt
from loans.models.requests import Request
from members.models import Library
from network_portal.core.constraints import one_of


class RequestFlag(models.Model):
    """Raised and cleared by steps of the workflow; at most one of a kind is open."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="flags")
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, null=True, related_name="flags")
    kind = models.CharField(max_length=16, choices=FlagKind.choices)
    raised_at = models.DateTimeField(auto_now_add=True)
    raised_by_name = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=12)  # who must act
    library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, related_name="+")
    deadline_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("kind", FlagKind.values, name="flag_kind_known"),
            one_of("side", OWNER_SIDES, name="flag_side_known"),
            models.UniqueConstraint(
                fields=["request", "kind"], condition=Q(cleared_at=None), name="flag_one_open_of_a_kind"
            ),
            # A damaged item waits until somebody settles it; everything else has a day.
            models.CheckConstraint(
                name="flag_has_deadline", condition=Q(deadline_at__isnull=False) | Q(kind="damaged")
            ),
        ]
        indexes = [
            models.Index(
                fields=["library", "kind", "deadline_at"], name="flag_queue", condition=Q(cleared_at=None)
            ),
            models.Index(fields=["deadline_at"], name="flag_due", condition=Q(cleared_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.cleared_at is None
