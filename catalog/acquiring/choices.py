"""Values of buying and weeding together: value, label and tone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WantedKind(models.TextChoices):
    """Why a title is wanted."""

    SEARCH = "searches", _("Searched in vain")
    UNFILLED = "unfilled", _("Requests not filled")
    WISH = "wishes", _("Asked for, in no catalogue")
    WAITING = "waiting", _("More requests than copies")


class PlanState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ORDERED = "ordered", _("Ordered")
    BOUGHT = "bought", _("Bought")
    HELD = "held", _("In the catalogue")
    CANNOT = "cannot", _("We can't buy it")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def tone(self) -> str:
        return {
            "planned": "info",
            "ordered": "info",
            "bought": "ok",
            "held": "ok",
            "cannot": "attention",
        }.get(self.value, "plain")


# Somebody is still to get it.
OPEN_PLANS = (PlanState.PLANNED, PlanState.ORDERED, PlanState.BOUGHT)


class CheckState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Finding(models.TextChoices):
    """What a weeding check says of one row, the gravest first."""

    PROMISED = "promised", _("Your library promised to keep it")
    LAST_NETWORK = "last_network", _("Last copy in the network")
    LAST_REGION = "last_region", _("Last copy in the region")
    OTHERS = "others", _("Other libraries hold it")
    OWN_LEFT = "own_left", _("Your library keeps another copy")
    NOT_YOURS = "not_yours", _("Not in your library's catalogue")
    NOT_FOUND = "not_found", _("Found in no catalogue")
    UNREADABLE = "unreadable", _("Not readable")

    @property
    def tone(self) -> str:
        return {
            "promised": "stop", "last_network": "stop", "last_region": "attention", "others": "ok", "own_left": "ok",
        }.get(self.value, "plain")  # fmt: skip


# What can be offered to the network.
OFFERABLE = (Finding.LAST_NETWORK, Finding.LAST_REGION, Finding.OTHERS)


class RowProblem(models.TextChoices):
    """Why a row of a weeding check could not be read."""

    EMPTY = "empty", _("The row holds no number.")
    TOO_LONG = "too_long", _("The value is too long for a number.")
    ISBN_WRONG = "isbn_wrong", _("The last digit of the ISBN does not fit the others: there is a slip in it.")
    ROUNDED = "rounded", _("The spreadsheet rounded the number. Format the column as text and save again.")
    TWICE = "twice", _("This number stands in the list already.")


class LineState(models.TextChoices):
    """What becomes of a copy that was offered."""

    OPEN = "open", _("Not decided yet")
    GIVEN = "given", _("Given to another library")
    KEPT = "kept", _("Kept after all")
    WEEDED = "weeded", _("Weeded")

    @property
    def tone(self) -> str:
        return {"open": "info", "given": "ok", "kept": "ok", "weeded": "plain"}[self.value]
