"""Wishes to be erased, and the proof that it was done: numbers and dates, nothing about the person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from members.choices_people import ErasureState
from network_portal.core.constraints import one_of


class ErasureRequest(models.Model):
    """One wish. The person stands here by number, which means nothing once the account is gone."""

    person_id = models.BigIntegerField()
    library_id = models.BigIntegerField(null=True, help_text="whose staff asked; empty when the person did")
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ErasureState.choices, default=ErasureState.WAITING)
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", ErasureState.values, name="erasure_state_known"),
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(state="waiting"), name="erasure_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
