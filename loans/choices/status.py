"""Where a request and each supplier's part in it can stand. What follows what stands in loans.workflow."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Service(models.TextChoices):
    """The values are those of members.choices.ServiceKind."""

    LOAN = "loan", _("Loan")
    COPY = "copy", _("Copy")


class RequestStatus(models.TextChoices):
    SUBMITTED = "submitted", _("To approve")
    APPROVED = "approved", _("Looking for a library")
    ASKED = "asked", _("Library asked")
    WILL_SUPPLY = "will_supply", _("Promised")
    SHIPPED = "shipped", _("On the way")
    RECEIVED = "received", _("Arrived")
    READY = "ready", _("Ready to collect")
    LENT = "lent", _("With the reader")
    RETURNED = "returned", _("Returned by the reader")
    SENT_BACK = "sent_back", _("On the way back")
    END_OF_ROTA = "end_of_rota", _("Nobody can lend it so far")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Not approved")
    CANCELLED = "cancelled", _("Cancelled")
    UNFILLED = "unfilled", _("Could not be filled")
    # A wish before it leaves the house.
    NEEDS_PATRON_FIX = "needs_patron_fix", _("Waits for the reader's correction")
    NEEDS_METADATA = "needs_metadata", _("Details to complete")
    DUPLICATE_REVIEW = "duplicate_review", _("Possibly asked for already")
    LOCAL_REVIEW = "local_review", _("Possibly on our own shelves")
    COPYRIGHT_REVIEW = "copyright_review", _("Copyright to check")
    COST_APPROVAL = "cost_approval", _("Waits for the reader's yes to the price")
    # Guided networks, and several libraries at once.
    COORDINATOR_OUT = "coordinator_out", _("With the coordinator")
    COORDINATOR_IN = "coordinator_in", _("With the other network's coordinator")
    OFFERED = "offered", _("Shown to several libraries")
    CONDITIONAL = "conditional", _("Library names conditions")
    RETRY_ASKED = "retry_asked", _("Library asks to try again")
    # Copies.
    SCANNING = "scanning", _("Being scanned")
    FILE_RECEIVED = "file_received", _("Scan to check")
    RESEND_ASKED = "resend_asked", _("To be scanned again")
    RELEASED = "released", _("Copy ready for the reader")
    DOWNLOADED = "downloaded", _("Copy collected")
    PURGED = "purged", _("Copy delivered, file deleted")
    # Other ends.
    FILLED_LOCALLY = "filled_locally", _("Found at the reader's own library")
    CLOSED_MANUALLY = "closed_manually", _("Closed by the coordinator")
    WRITTEN_OFF = "written_off", _("Lost or kept, written off")

    @property
    def is_closed(self) -> bool:
        return self in CLOSED_STATUSES


CLOSED_STATUSES = frozenset(
    {
        RequestStatus.COMPLETED,
        RequestStatus.REFUSED,
        RequestStatus.CANCELLED,
        RequestStatus.UNFILLED,
        RequestStatus.PURGED,
        RequestStatus.FILLED_LOCALLY,
        RequestStatus.CLOSED_MANUALLY,
        RequestStatus.WRITTEN_OFF,
    }
)
# In the order of the list: the database's constraints are made of it.
OPEN_STATUSES = tuple(str(status.value) for status in RequestStatus if status not in CLOSED_STATUSES)
# Whoever has collected a copy may ask for the title again while its file still waits to be deleted.
WAITED_FOR = tuple(status for status in OPEN_STATUSES if status != "downloaded")


class AttemptStatus(models.TextChoices):
    """One supplier's part: what it has done with the request."""

    ASKED = "asked", _("To answer")
    WILL_SUPPLY = "will_supply", _("To send")
    SHIPPED = "shipped", _("On the way")
    RECEIVED = "received", _("Lent out")
    SENT_BACK = "sent_back", _("On the way back")
    COMPLETED = "completed", _("Back at the library")
    REFUSED = "refused", _("Could not lend")
    EXPIRED = "expired", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    AWAITING_COORDINATOR = "awaiting_coordinator", _("With the coordinator")
    OFFERED = "offered", _("May take it")
    VOLUNTEERED = "volunteered", _("Has offered to lend")
    CONSIDERING = "considering", _("Being looked at")
    CONDITIONAL = "conditional", _("Conditions named")
    RETRY_ASKED = "retry_asked", _("Asked to try again")
    SCANNING = "scanning", _("To scan")
    UPLOADED = "uploaded", _("Scan sent")
    DELIVERED = "delivered", _("Copy delivered")
    WRITTEN_OFF = "written_off", _("Written off")
    OUTBID = "outbid", _("Taken by another library")


# One library has the request: at most one of these at a time.
LIVE_ATTEMPTS = tuple(
    str(status.value)
    for status in AttemptStatus
    if status.value
    in {
        "asked", "will_supply", "shipped", "received", "sent_back", "awaiting_coordinator", "considering",
        "conditional", "scanning", "uploaded",
    }
)  # fmt: skip
# Several libraries look at it at the same time.
OFFERED_ATTEMPTS = ("offered", "volunteered")
# The library has promised it or sent it.
SUPPLIED_ATTEMPTS = (
    "will_supply", "scanning", "shipped", "received", "sent_back", "uploaded", "delivered", "completed",
)  # fmt: skip


class Outcome(models.TextChoices):
    """How a request ended, kept apart from its status."""

    FILLED = "filled", _("Filled")
    UNFILLED = "unfilled", _("Not filled")
    CANCELLED = "cancelled", _("Cancelled")
    REFUSED = "refused", _("Not approved")
    CLOSED = "closed", _("Closed by the coordinator")


# Whose turn it is, as kept with the request; the values of loans.workflow.vocabulary.Side.
OWNER_SIDES = ("patron", "requesting", "supplying", "coordinator", "portal", "none")
