"""What a library's agent and the portal remember of one push that comes in several batches."""

from __future__ import annotations

from django.db import models

from catalog.choices import PushPart
from catalog.models.sources import Run, Source


class PushSession(models.Model):
    """Batches that belong together. `whole` as long as none is missing: only then may the last one say "all of it"."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="push_sessions")
    part = models.CharField(max_length=8, choices=PushPart.choices)
    name = models.CharField(max_length=100)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="push_sessions")
    seq = models.PositiveIntegerField(default=0, help_text="of the last batch that came in its turn")
    whole = models.BooleanField(default=True)
    last_digest = models.BinaryField(max_length=16, default=b"")
    last_answer = models.JSONField(default=dict)  # given again when the same batch comes again
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "part", "name"], name="push_session_key")]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.part}/{self.name}"
