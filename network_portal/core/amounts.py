"""Sums of money in words, the same on every page, mail and paper."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format


def money_told(currency: str, amount: Decimal) -> str:
    """ "IDR 5.000" in Indonesian, "IDR 5,000" in English; cents only where there are any."""
    return f"{currency} {number_format(amount, 2 if amount % 1 else 0, use_l10n=True, force_grouping=True)}"
