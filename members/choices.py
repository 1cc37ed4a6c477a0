"""Values of the members' fields: value, label and tone together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LibraryType(models.TextChoices):
    NATIONAL = "national", _("National library")
    PUBLIC = "public", _("Public library")
    ACADEMIC = "academic", _("University library")
    SCHOOL = "school", _("School library")
    SPECIAL = "special", _("Special library")
    RELIGIOUS = "religious", _("Library of a religious institution")
    COMMUNITY = "community", _("Community library")


class LibraryStatus(models.TextChoices):
    PROSPECTIVE = "prospective", _("Joining")
    ACTIVE = "active", _("Member")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left the network")

    @property
    def tone(self) -> str:
        return {"prospective": "info", "active": "ok", "suspended": "attention", "left": "plain"}[self.value]


class Role(models.TextChoices):
    PATRON = "patron", _("Reader")
    LIBRARIAN = "librarian", _("Librarian")
    MANAGER = "manager", _("Library manager")
    COORDINATOR = "coordinator", _("Network coordinator")


STAFF_ROLES = (Role.LIBRARIAN, Role.MANAGER, Role.COORDINATOR)


class MembershipStatus(models.TextChoices):
    PENDING = "pending", _("Waiting for the library")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
    ENDED = "ended", _("Ended")

    @property
    def tone(self) -> str:
        return {"pending": "attention", "confirmed": "ok", "refused": "stop", "ended": "plain"}[self.value]


# The three time zones of Indonesia first; a network elsewhere adds its own here.
TIME_ZONES = (
    ("Asia/Jakarta", _("Western Indonesia Time (WIB)")),
    ("Asia/Makassar", _("Central Indonesia Time (WITA)")),
    ("Asia/Jayapura", _("Eastern Indonesia Time (WIT)")),
    ("UTC", "UTC"),
)
