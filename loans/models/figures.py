"""Figures that were counted once and are shown again: many requests take long to count while somebody waits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from members.models import Library


class KeptFigures(models.Model):
    """All figures of a library, or without one of the network, in a period; `data` as loans.figures.kept writes it."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, null=True, related_name="+")
    first = models.DateField()
    last = models.DateField()
    made_at = models.DateTimeField()
    seconds = models.FloatField()
    asked_on = models.DateField()  # when somebody last looked; what nobody looks at is not counted again
    data = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "first", "last"], nulls_distinct=False, name="figures_kept_once"
            ),
            models.CheckConstraint(name="figures_period_in_order", condition=Q(last__gte=models.F("first"))),
        ]
        indexes = [models.Index(fields=["asked_on"], name="figures_asked_on")]

    def __str__(self) -> str:
        return f"{self.library_id or 'network'} {self.first} – {self.last}"
