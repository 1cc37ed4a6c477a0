"""Questions that readers keep, to ask them again or to be told by mail when new titles fit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.choices import Alert
from members.models import User


class SavedSearch(models.Model):
    """One person's own. `query` is the question as an address has it, from its first page."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=2000)
    alert = models.CharField(max_length=8, choices=Alert.choices, default=Alert.OFF)
    told_until = models.DateTimeField(help_text="titles added till then have been told of")
    due_at = models.DateTimeField(null=True, help_text="when to look again; never where no mail is wanted")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_once"),
            models.CheckConstraint(
                name="saved_search_is_due",
                condition=Q(alert="off", due_at=None) | (~Q(alert="off") & Q(due_at__isnull=False)),
            ),
        ]
        indexes = [
            # What the alerts ask; most searches are kept without mail.
            models.Index(fields=["due_at"], name="saved_search_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name
