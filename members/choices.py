"""Values of the members' fields: value, label and tone together."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
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

    BUS = "bus", _("Bus")
    RING = "ring", _("Ring with a mediator")
    STAR = "star", _("Star")
    TREE = "tree", _("Tree")
    MESH = "mesh", _("Mesh")

    @property
    def meaning(self) -> Promise:
        """What it does with a request, in a sentence."""
        return {
            "bus": _("Every member that has the title sees the request at the same moment."),
            "ring": _(
                "The request goes from hand to hand in a fixed order; the mediator sees that it goes on."
            ),
            "star": _(
                "Every request passes one library in the middle, which hands it to the best placed one."
            ),
            "tree": _("The request climbs: first the own region, then the one above it."),
            "mesh": _("Members ask one another directly, one after the other, the best placed first."),
        }[self.value]


class Centre(models.TextChoices):
    """What the library in the middle does, beside being a member."""

    NONE = "none", _("None")
    CATALOGUE = "catalogue", _("Keeps the catalogue")
    CLEARING = "clearing", _("Clearing house")
    SUPPLIES_FIRST = "supplies_first", _("Supplies first")
    SUPPLIES_LAST = "supplies_last", _("Supplies last")

    @property
    def meaning(self) -> Promise:
        """What it does beside being a member, in a sentence."""
        return {
            "none": _("All members are alike."),
            "catalogue": _("One library keeps the joint catalogue; the order stays as it is."),
            "clearing": _("One library settles the accounts between the others; the order stays as it is."),
            "supplies_first": _("One library is asked before all others."),
            "supplies_last": _("One library is asked when all others could not help."),
        }[self.value]


class ClaimMode(models.TextChoices):
    """Who gets a request that several members were shown."""

    FIRST = "first", _("Whoever takes it first")
    OFFERS = "offers", _("The best placed of those who offered in time")


class HubMode(models.TextChoices):
    OPAQUE = "opaque", _("By way of the library in the middle; neither side sees the other")
    TRANSPARENT = "transparent", _("Straight from library to library")


class DraftState(models.TextChoices):
    """What became of a draft of a network's rules."""

    OPEN = "open", _("Draft")
    LIVE = "live", _("Put live")
    DROPPED = "dropped", _("Dropped")

    @property
    def tone(self) -> str:
        return {"open": "info", "live": "ok", "dropped": "plain"}[self.value]


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
