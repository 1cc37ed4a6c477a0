"""What happened to a library's membership: suspended, leaving, left, back. Written with each change."""

from __future__ import annotations

from django.db import models

from members.choices_standing import StandingKind
from members.models.library import Library
from network_portal.core.constraints import one_of


class StandingChange(models.Model):
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="standing_changes")
    kind = models.CharField(max_length=12, choices=StandingKind.choices)
    reason = models.CharField(max_length=500, blank=True)
    last_day = models.DateField(
        null=True, blank=True
    )  # of a membership that ends: until then things come back
    back_on = models.DateField(null=True, blank=True)  # of a suspension that ends by itself: that day
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["library", "at"], name="standing_by_library")]
        constraints = [one_of("kind", StandingKind.values, name="standing_kind_known")]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.kind}"
