"""Amounts of money: always Decimal, always whole cents. Used by the rest of loans.money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents, half a cent upward: the one place where money is rounded."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
