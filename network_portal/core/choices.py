"""Values of core's status fields: value and label together; the tone is what the page shows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn before it was sent")

    @property
    def tone(self) -> str:
        return {"queued": "info", "sent": "ok", "failed": "stop", "withdrawn": "plain"}[self.value]


class JobStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")

    @property
    def tone(self) -> str:
        return {"queued": "info", "running": "info", "done": "ok", "failed": "stop", "stopped": "attention"}[
            self.value
        ]
