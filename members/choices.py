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


class Topology(models.TextChoices):
    """How requests travel in a network."""

    BUS = "bus", _("Bus: all members are equal, the best one is asked first")
    RING = "ring", _("Ring: the request goes round, each member looks at it in turn")
    STAR = "star", _("Star: one library in the middle is asked first")
    TREE = "tree", _("Tree: the own region first, then the one above it")
    MESH = "mesh", _("Mesh: groups of members ask one another")


class Centre(models.TextChoices):
    """What the library in the middle does, beside being a member."""

    NONE = "none", _("No library in the middle")
    CATALOGUE = "catalogue", _("It only keeps the catalogue")
    CLEARING = "clearing", _("Everything passes through it")
    SUPPLIES_FIRST = "supplies_first", _("It is asked first")
    SUPPLIES_LAST = "supplies_last", _("It is asked last")


class ClaimMode(models.TextChoices):
    """Who gets a request that several members were shown."""

    FIRST = "first", _("Whoever takes it first")
    OFFERS = "offers", _("The best of those who offered in time")


class HubMode(models.TextChoices):
    OPAQUE = "opaque", _("Parcels travel by way of the library in the middle")
    TRANSPARENT = "transparent", _("Parcels travel straight from library to library")


class ServiceLevel(models.TextChoices):
    NORMAL = "normal", _("Normal")
    RUSH = "rush", _("Rush")
    EXPRESS = "express", _("Express")


class ServiceKind(models.TextChoices):
    LOAN = "loan", _("Loan")
    COPY = "copy", _("Copy")


class Direction(models.TextChoices):
    """Which way two libraries leave each other out."""

    NEVER_ASK = "never_ask", _("We never ask them")
    NEVER_SERVE = "never_serve", _("We never supply them")
    BOTH = "both", _("Neither asks the other")


class CostBasis(models.TextChoices):
    FREE = "free", _("Free of charge")
    FIXED = "fixed", _("A fixed amount")
    QUOTE = "quote", _("A quote for each request")


class AgreementScope(models.TextChoices):
    NETWORK = "network", _("The whole network")
    GROUP = "group", _("A group of libraries")
    PAIR = "pair", _("Two libraries")


class Payer(models.TextChoices):
    PATRON = "patron", _("The reader")
    LIBRARY = "library", _("The reader's library")


class BlockKind(models.TextChoices):
    """Why a reader may not ask for anything at the moment."""

    EXPIRED = "expired", _("The membership has run out")
    FINES = "fines", _("Fees are not paid")
    OVERDUE = "overdue", _("Books are overdue")
    STAFF = "staff_decision", _("The library decided so")
    LIMIT = "limit", _("The limit is reached")


class HistoryPrivacy(models.TextChoices):
    """How long the portal remembers who borrowed what."""

    KEEP = "keep", _("Keep my history")
    AFTER_RETURN = "after_return", _("Forget each loan as soon as it is over")
    AFTER_PERIOD = "after_period", _("Forget each loan after the library's usual period")
