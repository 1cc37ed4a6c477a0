"""Titles that a reader keeps: lists with notes, of people with an account and of guests."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models.editions import Edition
from members.models import User


class ReadingList(models.Model):
    """Somebody's own, or a guest's, whose browser alone knows the key. Shared by a token that can be taken back."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="reading_lists")
    guest = models.CharField(max_length=32, blank=True, db_index=True)
    name = models.CharField(max_length=120)
    note = models.TextField(max_length=2000, blank=True)
    share_token = models.CharField(max_length=43, null=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="list_is_somebodys",
                condition=Q(owner__isnull=False, guest="") | (Q(owner=None) & ~Q(guest="")),
            ),
            models.UniqueConstraint(
                fields=["owner", "name"], name="list_name_once", condition=Q(owner__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["guest", "name"], name="list_name_once_guest", condition=Q(owner=None)
            ),
        ]
        indexes = [
            # What the clearing of guests' lists asks each night.
            models.Index(fields=["changed_at"], name="list_of_guests", condition=Q(owner=None)),
        ]

    def __str__(self) -> str:
        return self.name


class ListEntry(models.Model):
    """A title on a list. An edition that was merged is shown as the one it leads to; the entry keeps its number."""

    list = models.ForeignKey(ReadingList, on_delete=models.CASCADE, related_name="entries")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "edition"], name="list_title_once"),
        ]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.edition_id}"
