"""What buying would have cost: a library's own word, else its network's, else the portal's; always with its day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.balance.model import Assumption
from loans.choices.balance import BoughtKind
from loans.models import AssumedPrice
from members.models import Library, Network, NetworkMember
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

SAID = "loans.price.assumed"
CURRENCY = "IDR"
# Round numbers to begin with, in rupiah. A network replaces them with what its members pay.
BEGIN_WITH = {
    BoughtKind.ARTICLE: Decimal(150_000), BoughtKind.BOOK: Decimal(120_000), BoughtKind.SERIAL: Decimal(100_000),
    BoughtKind.MEDIA: Decimal(150_000), BoughtKind.OTHER: Decimal(120_000),
}  # fmt: skip


class Prices:
    """The assumptions in force on a day, of any library. Two queries."""

    def __init__(self, on: date, library_ids: Collection[int] | None = None) -> None:
        homes = NetworkMember.objects.filter(is_home=True, is_active=True, network__is_active=True)
        if library_ids is not None:
            homes = homes.filter(library_id__in=library_ids)
        found = homes.order_by("library_id", "-pk").values_list(
            "library_id", "network_id", "network__currency"
        )
        self._home = {library: (network, currency) for library, network, currency in found}
        self._said: dict[tuple[str, int, str], AssumedPrice] = {}
        rows = AssumedPrice.objects.filter(valid_from__lte=on)
        if library_ids is not None:
            networks = {network for network, _currency in self._home.values()}
            rows = rows.filter(Q(library_id__in=library_ids) | Q(network_id__in=networks))
        for row in rows.order_by("valid_from", "pk"):  # the latest word stays
            said_by = "library" if row.library_id else "network"
            self._said[said_by, row.library_id or row.network_id or 0, row.kind] = row

    def of(self, library_id: int, kind: str) -> Assumption:
        network, _currency = self._home.get(library_id, (0, CURRENCY))
        for said_by, pk in (("library", library_id), ("network", network)):
            row = self._said.get((said_by, pk, kind))
            if row is not None:
                return Assumption(kind, row.amount, row.currency, said_by, row.valid_from, row.reason)
        amount = BEGIN_WITH[BoughtKind(kind)]
        return Assumption(kind, amount, CURRENCY, "portal")

    def all_of(self, library_id: int) -> list[Assumption]:
        return [self.of(library_id, kind) for kind in BoughtKind.values]


def prices_said(library: Library | None) -> QuerySet[AssumedPrice]:
    """Everything that the library ever said, or without one all networks; the newest first."""
    rows = AssumedPrice.objects.select_related("network", "library").order_by("-valid_from", "-pk")
    return rows.filter(library=library) if library else rows.filter(library=None)


@transaction.atomic
def price_assume(
    *, kind: str, amount: Decimal, valid_from: date, reason: str, actor: Actor,
    library: Library | None = None, network: Network | None = None,
) -> AssumedPrice:  # fmt: skip
    """Say what buying one item costs, from a day on. Raises RuleViolation without a reason or for a past year.

    What was counted for a year that is over stays as it was: a report that was sent must not change.
    """
    if not reason.strip():
        raise RuleViolation("no_reason", _("Please say where the price comes from."))
    if valid_from.year < timezone.localdate().year:
        raise RuleViolation("past_year", _("A price cannot be changed for a year that is over."))
    home = NetworkMember.objects.filter(library=library, is_home=True).select_related("network").first()
    currency = network.currency if network else home.network.currency if home else CURRENCY
    row = AssumedPrice.objects.create(
        library=library, network=network, kind=kind, amount=amount, currency=currency, valid_from=valid_from,
        reason=reason.strip(), by_name=actor.user_name[:150],
    )  # fmt: skip
    data = {"kind": kind, "amount": str(amount), "currency": currency, "from": valid_from.isoformat()}
    audit.record(SAID, actor=actor, target=library or network, data={**data, "reason": row.reason})
    return row
