"""The token of a ring, as the mediator keeps it: one holder, an epoch that only rises, a lease, and hops that run out.

Pure; services.routing stores it (loans.models.RingToken). Only who holds the token may answer, and only with the
epoch it was handed over with: a late answer of an earlier holder is refused (fencing).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


class StaleEpoch(Exception):
    """The answer belongs to an earlier hop."""


@dataclass(frozen=True)
class Token:
    holder: int
    position: int  # in the order of the plan's ring stage, from 0
    epoch: int
    lease_until: datetime
    hops_left: int

    def accepts(self, library_id: int, epoch: int) -> None:
        """Raise StaleEpoch unless this library holds the token now, with this epoch."""
        if library_id != self.holder or epoch != self.epoch:
            raise StaleEpoch(f"epoch {epoch} of {library_id}; the token is at {self.epoch}")

    def lost(self, now: datetime) -> bool:
        return now >= self.lease_until


def start(order: tuple[int, ...], now: datetime, lease: timedelta, *, members: int) -> Token | None:
    """The token with the first of the order; None in a ring where nobody may answer. At most members-1 hops."""
    if not order:
        return None
    return Token(order[0], 0, 1, now + lease, max(1, members - 1) - 1)


def pass_on(
    token: Token,
    order: tuple[int, ...],
    now: datetime,
    lease: timedelta,
    *,
    skip: frozenset[int] = frozenset(),
) -> Token | None:
    """To the successor, past those closed or suspended by now; None when the hops are used up or nobody follows."""
    if token.hops_left <= 0:
        return None
    for position in range(token.position + 1, len(order)):
        if order[position] not in skip:
            return replace(
                token, holder=order[position], position=position, epoch=token.epoch + 1,
                lease_until=now + lease, hops_left=token.hops_left - 1,
            )  # fmt: skip
    return None


def regenerate(
    token: Token,
    order: tuple[int, ...],
    now: datetime,
    lease: timedelta,
    *,
    skip: frozenset[int] = frozenset(),
) -> Token | None:
    """The mediator's part when the lease ran out: a new token, one epoch on, with the successor."""
    return pass_on(token, order, now, lease, skip=skip) if token.lost(now) else token
