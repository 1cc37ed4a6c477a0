"""What parties answer to an agreement beside a yes: no, and that they will leave it. Kept when the person leaves."""

from __future__ import annotations

from django.db import models

from members.models.agreement import AgreementVersion
from members.models.library import Library


class AgreementRefusal(models.Model):
    """A library said no to one version, with words. It may still accept; then this row goes."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="refusals")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    words = models.TextField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "library"], name="refused_once")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.library_id}"


class AgreementNotice(models.Model):
    """A library that has accepted a version leaves it; its terms count for the library to the end of `last_day`."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="notices")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=200)
    words = models.TextField(max_length=2000, blank=True)
    last_day = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "library"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.library_id}"
