"""Who owes whom: units supplied, fading with time. Pure; the rows are loans.models.PairBalance.

A loan counts 1, a copy a fraction that the network sets; what was done `decay_days` ago counts half.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

COPY_UNIT = Decimal("0.25")
SECONDS_A_DAY = 86_400.0


def unit_of(service: str, copy_unit: Decimal = COPY_UNIT) -> Decimal:
    return copy_unit if service == "copy" else Decimal(1)


def decayed(units: float, as_of: datetime, now: datetime, decay_days: int) -> float:
    """What `units` counted at `as_of` are worth `now`. A clock that went back changes nothing."""
    if decay_days <= 0:
        return units
    days = max(0.0, (now - as_of).total_seconds() / SECONDS_A_DAY)
    return float(units * 0.5 ** (days / decay_days))


def surplus(supplied: float, received: float, target_ratio: float = 1.0) -> float:
    """Units given beyond what the library's target asks of it: target 2 means to give two for each one received."""
    return supplied - target_ratio * received
