"""What a desk still has to be told: lines that a tick of the clock leaves, and that one mail per desk gathers up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from loans.models.requests import Request
from members.models import Library


class DeskNotice(models.Model):
    """Written in the transaction of what it tells, joined to its mail in that mail's: a killed worker loses none."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    template = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    mail_id = models.BigIntegerField(
        null=True
    )  # core.OutgoingMail, once the line is told; the log finds it by this

    class Meta:
        indexes = [
            models.Index(fields=["library"], name="notice_waiting", condition=Q(mail_id=None)),
        ]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.template} {self.request_id}"
