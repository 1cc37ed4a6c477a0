"""What was found when looking over the catalogue: kept, so that a trend can be seen."""

from __future__ import annotations

from django.db import models

from catalog.models.sources import Source


class QualityReport(models.Model):
    """How good one source's records are, as of one day. `figures`: services/quality.py."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="quality_reports")
    figures = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source_id}@{self.made_at:%Y-%m-%d}"


class OverlapReport(models.Model):
    """Who holds what others hold, over the whole network. `figures`: services/overlap.py."""

    figures = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"
