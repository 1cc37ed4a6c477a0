"""What libraries owe each other at the end of a month. Pure; services.money writes the statements from it.

Each pair is netted for itself and each currency for itself. A refund is an amount that goes the other way, so that
nothing here has a sign but the balances.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from loans.money.amounts import ZERO, cents


@dataclass(frozen=True)
class Line:
    """One charge: `payer` owes `payee`. `rate` changes it into the network's currency."""

    payee: int
    payer: int
    amount: Decimal
    currency: str
    rate: Decimal = Decimal(1)


@dataclass(frozen=True)
class Netting:
    """The accounts of two libraries in one currency; the smaller id is on the left."""

    left: int
    right: int
    currency: str
    gross_left: Decimal  # what the left one is owed
    gross_right: Decimal

    @property
    def net(self) -> Decimal:
        """What the right one pays the left one; below zero it is the other way round."""
        return self.gross_left - self.gross_right


def net(lines: Iterable[Line]) -> list[Netting]:
    """The pairs of a month, ordered. What a library owes itself (a branch, a mistake) nets to nothing: left out."""
    owed: dict[tuple[int, int, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for line in lines:
        if line.payee == line.payer:
            continue
        left, right = sorted((line.payee, line.payer))
        side = 0 if line.payee == left else 1
        owed[left, right, line.currency][side] += cents(line.amount)
    return [Netting(*key, *sides) for key, sides in sorted(owed.items())]


def converted(lines: Iterable[Line], currency: str) -> list[Line]:
    """The same lines in one currency, each by its stored rate, each rounded once: so both sides see the same cents."""
    return [
        line
        if line.currency == currency
        else Line(line.payee, line.payer, cents(line.amount * line.rate), currency)
        for line in lines
    ]


def balances(nettings: Iterable[Netting]) -> dict[tuple[int, str], Decimal]:
    """What each library gets (above zero) or pays, per currency; over all libraries a currency sums to zero."""
    result: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    for pair in nettings:
        result[pair.left, pair.currency] += pair.net
        result[pair.right, pair.currency] -= pair.net
    return dict(result)
