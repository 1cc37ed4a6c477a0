"""What staff see of buying and keeping on a title's page. Five queries."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.acquiring.numbers import wanted_key
from catalog.acquiring.selectors.last import holders_shown, promises_of
from catalog.acquiring.selectors.wanted import plans_by_key, wanted_for
from catalog.acquiring.selectors.weeding import offered_line
from catalog.models import Edition, KeepPromise, OfferLine, PurchasePlan, WantedTitle
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Panel:
    edition: Edition
    holders: int
    is_own: bool  # the one library that holds it is the actor's
    own_copy: bool
    promises: list[KeepPromise]
    own_promise: bool
    offered: OfferLine | None
    wanted: WantedTitle | None
    plans: list[PurchasePlan]
    may: bool

    @property
    def is_last(self) -> bool:
        return self.holders == 1

    @property
    def may_promise(self) -> bool:
        """What the own library offers is decided there."""
        own_offer = self.offered is not None and self.own_copy and self.is_own
        return self.own_copy and not self.own_promise and not own_offer

    @property
    def is_rare(self) -> bool:
        return self.holders == 2


def panel_of(edition: Edition, actor: Actor) -> Panel:
    holders, own, promises = holders_shown(edition), actor.library_id, promises_of(edition)
    key = wanted_key(edition_id=edition.pk)
    return Panel(
        edition=edition, holders=len(holders), is_own=holders == [own], own_copy=own in holders,
        promises=promises, own_promise=any(one.library_id == own for one in promises),
        offered=offered_line(edition), wanted=wanted_for(edition.pk), plans=plans_by_key({key}).get(key, []),
        may=actor.can(Capability.ACQUIRE) and own is not None,
    )  # fmt: skip
