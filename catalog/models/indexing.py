"""The outbox toward search: which editions changed, and which generation of the index is in use."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from catalog.choices import GenerationState


class DirtyEdition(models.Model):
    """Written in the transaction that changes an edition; taken by the index worker; removed after its commit.

    Append-only without a unique key, so that writers never wait for each other; duplicates are harmless.
    """

    edition_id = models.BigIntegerField()
    marked_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.edition_id)


class IndexGeneration(models.Model):
    """One build of the index in its own folder; exactly one is live."""

    name = models.CharField(max_length=40, unique=True)
    engine = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=GenerationState.choices, default=GenerationState.BUILDING)
    documents = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    switched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="live"), name="one_live_generation"),
        ]

    def __str__(self) -> str:
        return self.name
