"""Values of the requests' fields: value, label and tone together. What follows what stands in loans.workflow."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Service(models.TextChoices):
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


class Outcome(models.TextChoices):
    """How a request ended, kept apart from its status."""

    FILLED = "filled", _("Filled")
    UNFILLED = "unfilled", _("Not filled")
    CANCELLED = "cancelled", _("Cancelled")
    REFUSED = "refused", _("Not approved")


class UnfilledReason(models.TextChoices):
    """Why a supplier says no. `iso_code` is the open code of ISO 18626 (ReasonUnfilled, or ReasonRetry)."""

    ON_LOAN = "on_loan", _("On loan")
    NOT_ON_SHELF = "not_on_shelf", _("Not on the shelf")
    NON_CIRCULATING = "non_circulating", _("For use in the library only")
    NOT_HELD = "not_held", _("Not in our collection")
    POOR_CONDITION = "poor_condition", _("Too fragile to send")
    POLICY = "policy", _("Our rules do not allow it")
    NOT_AVAILABLE = "not_available", _("Not available for lending to libraries")

    @property
    def iso_code(self) -> str:
        return {
            "on_loan": "OnLoan", "not_on_shelf": "NotOnShelf", "non_circulating": "NonCirculating",
            "not_held": "NotHeld", "poor_condition": "PoorCondition", "policy": "PolicyProblem",
            "not_available": "NotAvailableForILL",
        }[self.value]  # fmt: skip

    @property
    def may_change(self) -> bool:
        """A later round may ask this library again: what stood in the way passes."""
        return self in (UnfilledReason.ON_LOAN, UnfilledReason.NOT_ON_SHELF)


class RefusalReason(models.TextChoices):
    """Why the reader's own library does not pass a request on."""

    HELD_HERE = "held_here", _("We have this title ourselves")
    NOT_LENT = "not_lent", _("Items of this kind are not lent between libraries")
    UNCLEAR = "unclear", _("It is not clear which title is meant")
    LIMIT = "limit", _("Too many open requests or books not returned")
    OTHER = "other", _("Another reason")


class WithdrawReason(models.TextChoices):
    """Why the reader's own library takes a request back."""

    READER_ASKED = "reader_asked", _("The reader no longer needs it")
    FOUND_OTHERWISE = "found_otherwise", _("We found the title another way")
    OTHER = "other", _("Another reason")


class CloseReason(models.TextChoices):
    """Why a request is closed without a loan."""

    NO_LIBRARY = "no_library", _("No member library can lend it")
    WILL_BUY = "will_buy", _("The library buys the title")
    OTHER = "other", _("Another reason")


REASONS: dict[str, str] = {
    str(choice.value): choice.label  # type: ignore[misc]
    for group in (UnfilledReason, RefusalReason, WithdrawReason, CloseReason)
    for choice in group
}


def reason_label(code: str) -> str:
    """The reason in words, in the language in use; '' for none, the code itself for one no longer listed."""
    return str(REASONS.get(code, code))
