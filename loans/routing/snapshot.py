"""From the database to the plain values that the compiler reads: who holds the title, and all that counts for the
order. `take` is called by services.routing; the number of queries does not depend on the number of libraries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from statistics import fmean

from django.utils import timezone

from catalog.models import Holding
from loans.models import Request
from loans.models.routing import RingCursor
from loans.routing import reading
from loans.routing.balance import surplus
from loans.routing.model import EXPRESS, NORMAL, RUSH, WEIGHTS, Facts, Neighbour, Policy, Snapshot, Supplier
from members.calendars import Calendar, calendars_of, next_opening
from members.distance import distance_km
from members.models import Library, LibraryPolicy, Network, NetworkMember
from network_portal.core.errors import RuleViolation

DECAY_DAYS = 365
NEVER_OPENS_HOURS = 24.0 * 365


@dataclass(frozen=True)
class Wish:
    """A request, or one only thought of (dry run), as far as the snapshot needs it."""

    library: Library
    network: Network | None
    edition_id: int | None
    service: str
    facts: Facts
    tried: frozenset[int] = frozenset()
    currency: str = ""
    now: datetime = field(default_factory=timezone.now)


def wish_of(request: Request, edition_id: int | None) -> Wish:
    """`edition_id`: the title as it is now, after any merges."""
    network = request.network
    if network is None:
        home = reading.home_of(request.requesting_library_id)
        network = home.network if home else None
    facts = Facts(
        number=request.number,
        requester=request.requesting_library_id,
        service=request.service,
        level=request.level,
        format=request.edition.format if request.edition else "",
        round=request.round,
        cost_limit=request.cost_limit_amount,
    )
    tried = frozenset(reading.tried_by(request))
    return Wish(
        request.requesting_library, network, edition_id, request.service, facts, tried, request.currency
    )


def policy_of(network: Network | None) -> Policy:
    """The network's rule; libraries without a network form a mesh of all."""
    if network is None:
        return Policy()
    weights = {
        **WEIGHTS,
        **{name: float(value) for name, value in network.weights.items() if name in WEIGHTS},
    }
    return Policy(
        topology=network.topology, guided=network.guided, centre=network.centre, network_id=network.pk,
        network_name=network.name, hub=network.hub_id, centre_library=network.centre_library_id,
        coordinator=network.coordinator_library_id, deputy=network.deputy_library_id,
        claim_mode=network.claim_mode, offer_hours=network.offer_hours, parallel=network.parallel,
        retain_holders=network.retain_holders, climb_hours=network.climb_hours,
        opaque=network.hub_mode == "opaque", last_resort=network.last_resort_id, weights=weights,
        version=network.version,
    )  # fmt: skip


def take(wish: Wish) -> Snapshot:
    """Everything the plan of this wish depends on, as it is now."""
    holdings = reading.best_holdings(wish.edition_id)
    reader = _Reader(wish, holdings)
    if wish.network is None:
        rows = tuple(reader.supplier(row, None) for row in holdings.values())
        return reader.snapshot(rows, [], ())
    linked = reading.linked_with(wish.network.pk)
    places = reading.members_of([wish.network.pk, *linked])
    home = [place for place in places if place.network_id == wish.network.pk]
    at_home = {place.library_id: place for place in home}
    abroad = [place for place in places if place.network_id != wish.network.pk]
    neighbours = _neighbours(reader, abroad, at_home, holdings)
    near = {supplier.library_id for neighbour in neighbours for supplier in neighbour.suppliers}
    reader.own_cell = at_home[wish.library.pk].cell if wish.library.pk in at_home else ""
    rows = tuple(
        reader.supplier(row, at_home.get(library_id), outside=library_id not in at_home)
        for library_id, row in holdings.items()
        if library_id not in near
    )
    return reader.snapshot(rows, home, neighbours)


def _neighbours(
    reader: _Reader,
    abroad: list[NetworkMember],
    at_home: dict[int, NetworkMember],
    holdings: dict[int, Holding],
) -> tuple[Neighbour, ...]:
    found: dict[int, list[Supplier]] = {}
    networks = {place.network_id: place.network for place in abroad}
    for place in abroad:
        reader.names.setdefault(place.library_id, place.library.name)
        if place.library_id in holdings and place.library_id not in at_home:
            row = reader.supplier(holdings[place.library_id], place)
            found.setdefault(place.network_id, []).append(row)
    return tuple(
        Neighbour(
            pk, networks[pk].name, networks[pk].guided, networks[pk].coordinator_library_id, tuple(rows)
        )
        for pk, rows in sorted(found.items())
    )


class _Reader:
    """All tables for all holders, read once; `supplier` then joins them for one library."""

    def __init__(self, wish: Wish, holdings: dict[int, Holding]) -> None:
        self.wish = wish
        self.own_cell = ""
        self.today: date = timezone.localdate(wish.now)
        self.names: dict[int, str] = {pk: row.library.name for pk, row in holdings.items()}
        ids = list(holdings)
        home, service = wish.library.pk, wish.service
        decay = wish.network.decay_days if wish.network else DECAY_DAYS
        self.policies = reading.policies_of(ids, service)
        self.work = reading.work_of(ids, home, self.today)
        self.balances = reading.balances_of(ids, home, wish.now, decay)
        self.stats = reading.stats_of(ids, service)
        self.unconnected = reading.unconnected(ids, home, service, self.today)
        network_id = wish.network.pk if wish.network else None
        self.agreements = reading.agreements_of(ids, home, network_id, service, self.today)
        self.calendars = calendars_of(ids)

    def supplier(self, row: Holding, place: NetworkMember | None, *, outside: bool = False) -> Supplier:
        library, wish = row.library, self.wish
        policy = self.policies.get(library.pk) or LibraryPolicy(library=library, service=wish.service)
        terms = self.agreements.of(library.pk)
        work = self.work.get(library.pk, reading.Work())
        balance = self.balances.get(library.pk, reading.Balance())
        stats = self.stats.get(library.pk)
        cost, currency = self._cost(policy, terms)
        yearly = [limit for limit in (policy.max_per_requester_year, terms.max_per_year) if limit is not None]
        return Supplier(
            library_id=library.pk,
            name=library.name,
            availability=row.status,
            call_number=row.call_number,
            location=row.location,
            km=distance_km(
                (wish.library.latitude, wish.library.longitude), (library.latitude, library.longitude)
            ),
            active=library.is_active and self._takes_part(place),
            outside=outside,
            supplies=library.lends and policy.supplies,
            levels=_levels(policy),
            formats=frozenset(policy.lends_formats),
            closed_hours=closed_hours(self.calendars[library.pk], wish.now),
            do_not_route=self.unconnected.get(library.pk, ""),
            tried=library.pk in wish.tried,
            open_supplies=work.open,
            daily_capacity=policy.daily_capacity,
            max_open=policy.max_open,
            served_this_year=work.served,
            max_per_requester=min(yearly, default=None),
            agreement_name=terms.name,
            agreement_rank=terms.rank,
            cost=cost,
            currency=currency,
            pair_surplus=balance.to_requester - balance.from_requester,
            pair_volume=balance.to_requester + balance.from_requester,
            net_surplus=surplus(balance.supplied, balance.received, float(policy.target_ratio)),
            net_volume=balance.supplied + balance.received * float(policy.target_ratio),
            no_reciprocity=terms.no_reciprocity,
            pause_deficit=policy.pause_deficit,
            median_hours=_number(stats.median_hours if stats else None),
            fill_rate=_number(stats.fill_rate if stats else None),
            answered=stats.answered if stats else 0,
            same_cell=bool(place and self.own_cell and place.cell == self.own_cell),
            network_id=place.network_id if place else None,
        )

    def _takes_part(self, place: NetworkMember | None) -> bool:
        if place is None:
            return True
        return place.is_active and (place.paused_until is None or place.paused_until < self.today)

    def _cost(self, policy: LibraryPolicy, terms: reading.Terms) -> tuple[Decimal | None, str]:
        """The agreement's price before the library's own; None where it is told on request or in other money."""
        if terms.rank:
            cost, currency = (Decimal(0) if terms.free else terms.amount), terms.currency
        elif policy.cost_basis == "quote":
            return None, policy.currency
        else:
            cost, currency = (
                (policy.cost_amount if policy.cost_basis == "fixed" else Decimal(0)),
                policy.currency,
            )
        other_money = cost and self.wish.currency and currency != self.wish.currency
        return (None if other_money else cost), currency

    def snapshot(
        self, rows: tuple[Supplier, ...], home: list[NetworkMember], neighbours: tuple[Neighbour, ...]
    ) -> Snapshot:
        names = {**self.names, **{place.library_id: place.library.name for place in home}}
        by_pk = {place.pk: place.library_id for place in home}
        ring = [
            p for p in home if p.ring_position is not None and self._takes_part(p) and p.library.is_active
        ]
        return Snapshot(
            taken_at=self.wish.now,
            suppliers=rows,
            ring=tuple(place.library_id for place in ring),
            cursor=self._cursor(ring),
            parents={p.library_id: by_pk.get(p.parent_id) if p.parent_id else None for p in home},
            names=names,
            neighbours=neighbours,
            median_hours=_mean([s.median_hours for s in self.stats.values()], 16.0),
            fill_rate=_mean([s.fill_rate for s in self.stats.values()], 0.8),
        )

    def _cursor(self, ring: list[NetworkMember]) -> int | None:
        """The member that the ring's cursor points to; None where each request starts behind its own library."""
        if not ring or self.wish.network is None or self.wish.network.topology != "ring":
            return None
        row = RingCursor.objects.filter(network=self.wish.network).first()
        return ring[row.position % len(ring)].library_id if row else None


def closed_hours(calendar: Calendar, now: datetime) -> float:
    """Clock hours until the library opens; 0 while it is open, endless where it never opens."""
    try:
        return max(0.0, (next_opening(calendar, now) - now).total_seconds() / 3600)
    except RuleViolation:
        return NEVER_OPENS_HOURS


def _levels(policy: LibraryPolicy) -> frozenset[str]:
    offered = [(NORMAL, True), (RUSH, policy.rush), (EXPRESS, policy.express)]
    return frozenset(level for level, yes in offered if yes)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _mean(values: list[Decimal | None], otherwise: float) -> float:
    told = [float(value) for value in values if value is not None]
    return fmean(told) if told else otherwise


__all__ = ["Wish", "closed_hours", "policy_of", "take", "wish_of"]
