"""What is known of an edition's cover: the picture that was fetched, or that there is none to be had for now."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.choices import CoverState
from catalog.models.editions import Edition


class Cover(models.Model):
    """One for each edition that somebody looked at while a provider was set. Asked for anew after `expires_at`."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, primary_key=True, related_name="cover")
    isbn = models.CharField(max_length=13, blank=True)  # that was asked for
    host = models.CharField(max_length=100, blank=True)  # of the provider
    state = models.CharField(max_length=8, choices=CoverState.choices)
    digest = models.CharField(max_length=32, blank=True)  # names the files (covers/store.py)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # in a row that failed
    checked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="cover_expiry")]
        constraints = [
            models.CheckConstraint(name="cover_state_known", condition=Q(state__in=CoverState.values)),
            models.CheckConstraint(name="cover_found_has_file", condition=~Q(state="found") | ~Q(digest="")),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.state}"


class CoverProvider(models.Model):
    """What the coordinators set instead of COVER_URL and its like; one row at most."""

    is_on = models.BooleanField(default=True)
    address = models.CharField(max_length=300, blank=True)
    hosts = models.CharField(max_length=300, blank=True)  # apart by blanks; ".example.org": all below it
    per_minute = models.PositiveSmallIntegerField(default=20)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cover_provider_once", condition=Q(pk=1)),
            models.CheckConstraint(
                name="cover_provider_pace", condition=Q(per_minute__gte=1, per_minute__lte=600)
            ),
        ]

    def __str__(self) -> str:
        return self.address
