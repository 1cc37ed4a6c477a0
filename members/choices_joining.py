"""Values of applications: value, label and tone together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    WAITING = "waiting", _("Waiting for a decision")
    ASKED = "asked", _("Question asked back")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by the library")

    @property
    def tone(self) -> str:
        return {
            "unconfirmed": "plain", "waiting": "attention", "asked": "info", "accepted": "ok", "refused": "stop",
            "withdrawn": "plain",
        }[self.value]  # fmt: skip

    @classmethod
    def open(cls) -> tuple[ApplicationStatus, ...]:
        """A coordinator can still decide."""
        return (cls.WAITING, cls.ASKED)


class CatalogueSystem(models.TextChoices):
    """With what a library keeps its catalogue: it decides how its records come here."""

    SLIMS = "slims", "SLiMS"
    INLISLITE = "inlislite", "INLISLite"
    KOHA = "koha", "Koha"
    DSPACE = "dspace", "DSpace, EPrints"
    OTHER = "other", _("Another system")
    SPREADSHEET = "spreadsheet", _("A spreadsheet")
    CARDS = "cards", _("Cards or a book, no computer yet")
