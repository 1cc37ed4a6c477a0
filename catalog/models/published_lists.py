"""Lists that a library publishes under its name: an address that stays, whatever the list is called later."""

from __future__ import annotations

from django.db import models

from catalog.models.lists import ReadingList
from members.models import Library


class PublishedList(models.Model):
    """The slug is kept when a list is withdrawn, so that its address never leads to another one."""

    list = models.OneToOneField(ReadingList, on_delete=models.CASCADE, related_name="published")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="published_lists")
    slug = models.SlugField(max_length=80, unique=True)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.slug
