"""Why somebody says no, or not like this. `iso_code` is the open code of ISO 18626 nearest in meaning."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from loans.choices.terms import QualityFault


class UnfilledReason(models.TextChoices):
    """Why a supplier says no (ReasonUnfilled, or ReasonRetry)."""

    ON_LOAN = "on_loan", _("On loan")
    NOT_ON_SHELF = "not_on_shelf", _("Not on the shelf")
    NON_CIRCULATING = "non_circulating", _("For use in the library only")
    NOT_HELD = "not_held", _("Not in our collection")
    POOR_CONDITION = "poor_condition", _("Too fragile to send")
    POLICY = "policy", _("Our rules do not allow it")
    NOT_AVAILABLE = "not_available", _("Not available for lending to libraries")
    DUPLICATE = "duplicate", _("Asked for twice")
    LICENCE = "licence", _("Our licence does not allow it")
    TOO_LONG = "too_long", _("Too many pages")
    COST = "cost", _("Costs more than the limit")
    OTHER = "other", _("Another reason")

    @property
    def iso_code(self) -> str:
        return {
            "on_loan": "OnLoan", "not_on_shelf": "NotOnShelf", "non_circulating": "NonCirculating",
            "not_held": "NotHeld", "poor_condition": "PoorCondition", "policy": "PolicyProblem",
            "not_available": "NotAvailableForILL", "duplicate": "Duplicate", "licence": "PolicyProblem",
            "too_long": "PolicyProblem", "cost": "CostExceedsMaxCost", "other": "NotAvailableForILL",
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


class RetryReason(models.TextChoices):
    """Why a supplier cannot supply it like this, but could otherwise or later (ReasonRetry)."""

    AT_BINDERY = "at_bindery", _("At the bindery")
    ON_LOAN = "on_loan", _("On loan")
    ON_ORDER = "on_order", _("On order, not here yet")
    COST_EXCEEDS = "cost_exceeds", _("Costs more than the limit")
    NOT_FOUND_AS_CITED = "not_found_as_cited", _("Not found as described")
    EDITION = "edition_not_possible", _("Not in this edition")
    FORMAT = "format_not_possible", _("Not in this form")
    VOLUME = "volume_choice", _("Several volumes: say which one")
    LOAN_POSSIBLE = "loan_possible", _("Not as a copy, but as a loan")
    COPY_POSSIBLE = "copy_possible", _("Not as a loan, but as a copy")
    LEVEL = "level_not_possible", _("Not so fast")
    DELIVERY = "delivery_not_possible", _("Not by this way of delivery")
    DATE = "delivery_date", _("Not by the day needed")

    @property
    def iso_code(self) -> str:
        return {
            "at_bindery": "AtBindery", "on_loan": "OnLoan", "on_order": "OnOrder",
            "cost_exceeds": "CostExceedsMaxCost", "not_found_as_cited": "NotFoundAsCited",
            "edition_not_possible": "ReqEditionNotPossible", "format_not_possible": "ReqFormatNotPossible",
            "volume_choice": "MultiVolAvail", "loan_possible": "LoanPossible",
            "copy_possible": "ReqServTypeNotPossible", "level_not_possible": "ReqServLevelNotSupp",
            "delivery_not_possible": "ReqDelMethodNotSupp", "delivery_date": "ReqDelDateNotPossible",
        }[self.value]  # fmt: skip


class LoanCondition(models.TextChoices):
    """On what terms a supplier lends (LoanCondition)."""

    LIBRARY_USE_ONLY = "library_use_only", _("To be read in the library only")
    NO_REPRODUCTION = "no_reproduction", _("Not to be copied")
    SIGNATURE_REQUIRED = "signature_required", _("The reader signs for it")
    SPECIAL_COLLECTIONS = "special_collections", _("To be read under supervision")
    WATCH_LIBRARY_USE_ONLY = "watch_library_use_only", _("To be watched in the library only")
    COST = "cost", _("It costs something")
    OTHER = "other", _("Another condition")

    @property
    def iso_code(self) -> str:
        return {
            "library_use_only": "LibraryUseOnly", "no_reproduction": "NoReproduction",
            "signature_required": "SignatureRequired", "special_collections": "SpecCollSupervReq",
            "watch_library_use_only": "WatchLibraryUseOnly",
        }.get(self.value, "Other")  # fmt: skip


REASONS: dict[str, str] = {
    str(choice.value): choice.label  # type: ignore[misc]
    for group in (QualityFault, UnfilledReason, RefusalReason, WithdrawReason, CloseReason, RetryReason)
    for choice in group
}


def reason_label(code: str) -> str:
    """The reason in words, in the language in use; '' for none, the code itself for one no longer listed."""
    return str(REASONS.get(code, code))
