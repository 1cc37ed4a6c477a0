"""Scans on their way to the reader: uploads, files, the link that opens them, and what was declared and looked at."""

from __future__ import annotations

import secrets
from pathlib import PurePosixPath
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from loans.choices import DeliveryState, FileCheck, FileKind, UploadState
from loans.models.attempts import SupplyAttempt
from loans.models.copyright import DeclarationText
from loans.models.requests import Request
from network_portal.core.constraints import one_of


def storage_name(instance: Any, filename: str) -> str:
    """A name that tells nothing and cannot be guessed; the one the sender gave is kept in the row only."""
    return str(PurePosixPath("copies") / str(timezone.now().year) / secrets.token_hex(16))


class UploadSession(models.Model):
    """A file on its way in, piece by piece, so that a broken line goes on where it stopped."""

    key = models.CharField(max_length=64, unique=True)
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    size_announced = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    path = models.CharField(max_length=200, blank=True)  # of the piece so far, below MEDIA_ROOT
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the whole, once it is complete
    state = models.CharField(max_length=8, choices=UploadState.choices, default=UploadState.OPEN)
    user_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("state", UploadState.values, name="upload_state_known"),
            models.CheckConstraint(
                name="upload_not_more_than_announced",
                condition=Q(received__gte=0, received__lte=F("size_announced")),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="upload_expires", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.name}: {self.received}/{self.size_announced}"


class ScanFile(models.Model):
    """One file of a copy. The bytes go when the copy is deleted; digest and size stay as evidence."""

    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=FileKind.choices)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(null=True)
    check_state = models.CharField(max_length=8, choices=FileCheck.choices, default=FileCheck.PENDING)
    fault = models.CharField(max_length=40, blank=True)  # code of what the check found
    file = models.FileField(upload_to=storage_name, max_length=200, blank=True)
    is_cover = models.BooleanField(default=False)
    is_bound = models.BooleanField(default=False)  # cover and scans in one PDF: what the reader gets
    superseded = models.BooleanField(default=False)  # a scan made again takes its place
    uploaded_at = models.DateTimeField(auto_now_add=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["attempt", "position", "id"]
        constraints = [
            one_of("kind", FileKind.values, name="scan_kind_known"),
            one_of("check_state", FileCheck.values, name="scan_check_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """The link by which a reader gets a copy: only its hash is kept."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="deliveries")
    attempt = models.OneToOneField(SupplyAttempt, on_delete=models.CASCADE, related_name="delivery")
    token_hash = models.CharField(max_length=64, unique=True)
    max_views = models.PositiveSmallIntegerField(default=5)
    views = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    cover = models.ForeignKey(ScanFile, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by_name = models.CharField(max_length=200, blank=True)
    purge_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", DeliveryState.values, name="delivery_state_known"),
            models.CheckConstraint(name="delivery_views_bounded", condition=Q(views__lte=F("max_views"))),
        ]
        indexes = [models.Index(fields=["purge_at"], name="delivery_to_purge", condition=Q(purged_at=None))]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}"


class DeliveryView(models.Model):
    """That the link was opened, and whether it was answered. What was read is not kept."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="viewings")
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=8)  # ok or refused
    why = models.CharField(max_length=40, blank=True)  # code of the refusal

    class Meta:
        ordering = ["id"]
        constraints = [one_of("outcome", ("ok", "refused"), name="view_outcome_known")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.at}"


class DeclarationAcceptance(models.Model):
    """Who accepted which text, when. Only ever added to; goes when the law no longer asks for it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="acceptances")
    text = models.ForeignKey(DeclarationText, on_delete=models.PROTECT, related_name="acceptances")
    text_hash = models.CharField(max_length=64)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8)
    ip_hash = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.at}"
