"""Values of the fields of programmes, registrations and internships: value, label and tone together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgrammeKind(models.TextChoices):
    SEMINAR = "seminar", _("Seminar")
    TRAINING = "training", _("Training")
    WORKSHOP = "workshop", _("Workshop")
    INTERNSHIP = "internship", _("Internship")


class ProgrammeStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waits for the coordinator")
    OPEN = "open", _("Open")
    REFUSED = "refused", _("Not accepted")
    CANCELLED = "cancelled", _("Cancelled")
    DONE = "done", _("Done")

    @property
    def tone(self) -> str:
        return {
            "proposed": "attention",
            "open": "ok",
            "refused": "stop",
            "cancelled": "stop",
            "done": "plain",
        }[self.value]


# What everybody may read; the others are for the host and for who runs the network.
PUBLIC_STATUSES = (ProgrammeStatus.OPEN, ProgrammeStatus.DONE, ProgrammeStatus.CANCELLED)


class RegistrationStatus(models.TextChoices):
    ASKED = "asked", _("Waits for agreement")
    REGISTERED = "registered", _("Has a place")
    WAITING = "waiting", _("On the waiting list")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def tone(self) -> str:
        return {
            "asked": "attention",
            "registered": "ok",
            "waiting": "info",
            "refused": "stop",
            "withdrawn": "plain",
        }[self.value]


LIVE_REGISTRATIONS = (RegistrationStatus.ASKED, RegistrationStatus.REGISTERED, RegistrationStatus.WAITING)


class ProgrammeLanguage(models.TextChoices):
    INDONESIAN = "id", _("Indonesian")
    ENGLISH = "en", _("English")
    BOTH = "both", _("Indonesian and English")
