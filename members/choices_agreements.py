"""Values of agreements: value, label and tone together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    REPLACED = "replaced", _("Replaced by a newer version")
    ENDED = "ended", _("Ended")

    @property
    def tone(self) -> str:
        return {"draft": "info", "published": "ok", "replaced": "plain", "ended": "plain"}[self.value]
