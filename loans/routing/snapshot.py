"""From the database to the plain values that the compiler reads: who holds the title, and all that counts for the
order. `snapshot_for_many` reads for many requests together: the number of queries depends on the number of networks
and services among them, neither on the requests nor on the libraries. Called by plans.py and the coordinator's desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import fmean

from django.db.models import prefetch_related_objects
from django.utils import timezone

from catalog.models import Holding
from loans.models import Request
from loans.money import quote as pricing
from loans.routing import reading
from loans.routing.balance import surplus
from loans.routing.model import EXPRESS, NORMAL, RUSH, WEIGHTS, Facts, Neighbour, Policy, Snapshot, Supplier
from loans.routing.progress import currents
from loans.selectors.money import Prices, pages_of
from members.calendars import Calendar, calendars_of, next_opening
from members.distance import distance_km
from members.models import Library, LibraryPolicy, Network, NetworkMember
from network_portal.core.errors import RuleViolation

DECAY_DAYS = 365
NEVER_OPENS_HOURS = 24.0 * 365
SCOPE_RANK = {"pair": 3, "group": 2, "network": 1}
NOTHING = (0.0, 0.0)


@dataclass(frozen=True)
class Wish:
    """A request, or one only thought of (dry run), as far as the snapshot needs it. `edition_id`: after any merges."""

    library: Library
    network: Network | None
    edition_id: int | None
    service: str
    facts: Facts
    tried: frozenset[int] = frozenset()
    currency: str = ""
    now: datetime = field(default_factory=timezone.now)
    category_id: int | None = None
    pages: int = 0


def wishes_of(requests: Sequence[Request]) -> dict[int, Wish]:
    """What each request asks for, by its id; in a handful of queries for all."""
    prefetch_related_objects(list(requests), "requesting_library", "edition", "network")
    homeless = {request.requesting_library_id for request in requests if request.network is None}
    homes = reading.homes_of(homeless) if homeless else {}
    tried = reading.tried_by(requests)
    editions = currents({request.edition_id for request in requests if request.edition_id is not None})
    now = timezone.now()
    found = {}
    for request in requests:
        place = homes.get(request.requesting_library_id)
        found[request.pk] = Wish(
            library=request.requesting_library,
            network=request.network or (place.network if place else None),
            edition_id=editions.get(request.edition_id) if request.edition_id is not None else None,
            service=request.service,
            facts=facts_of(request),
            tried=tried[request.pk],
            currency=request.currency,
            now=now,
            category_id=request.patron_category_id,
            pages=pages_of(request),
        )
    return found


def facts_of(request: Request) -> Facts:
    return Facts(
        number=request.number,
        requester=request.requesting_library_id,
        service=request.service,
        level=request.level,
        format=request.edition.format if request.edition else "",
        round=request.round,
        cost_limit=request.cost_limit_amount,
    )


def snapshot_for(request: Request) -> tuple[Wish, Snapshot]:
    """Everything the plan of this request depends on, as it is now."""
    return snapshot_for_many([request])[request.pk]


def snapshot_for_many(requests: Sequence[Request]) -> dict[int, tuple[Wish, Snapshot]]:
    """The same for many, by request id. In a ring that takes turns each is entered one place further on."""
    wishes = wishes_of(requests)
    return {pk: (wishes[pk], now) for pk, now in take_many(wishes).items()}


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
    return take_many({0: wish})[0]


def take_many(wishes: dict[int, Wish]) -> dict[int, Snapshot]:
    """One reading of the tables for all wishes of one network and service."""
    alike: dict[tuple[int | None, str], dict[int, Wish]] = defaultdict(dict)
    for key, wish in wishes.items():
        alike[wish.network.pk if wish.network else None, wish.service][key] = wish
    holdings = reading.best_holdings({w.edition_id for w in wishes.values() if w.edition_id is not None})
    found: dict[int, Snapshot] = {}
    for group in alike.values():
        tables = _Tables(list(group.values()), holdings)
        for turn, (key, wish) in enumerate(group.items()):
            found[key] = _Reader(tables, wish, holdings.get(wish.edition_id or 0, {})).snapshot(turn)
    return {key: found[key] for key in wishes}


class _Tables:
    """All that is known of the libraries which hold one of the titles, read once for wishes of one network."""

    def __init__(self, wishes: list[Wish], holdings: dict[int, dict[int, Holding]]) -> None:
        first = wishes[0]
        self.network, self.service, self.now = first.network, first.service, first.now
        self.today = timezone.localdate(first.now)
        ids = {pk for wish in wishes for pk in holdings.get(wish.edition_id or 0, {})}
        askers = {wish.library.pk for wish in wishes}
        decay = self.network.decay_days if self.network else DECAY_DAYS
        self.policies = reading.policies_of(ids, self.service)
        self.unspoken = LibraryPolicy(service=self.service)  # of those which have set none
        self.open = reading.open_supplies(ids)
        limited = {pk for pk, policy in self.policies.items() if policy.max_per_requester_year is not None}
        self.served = reading.served_by(limited, askers, self.today) if limited else {}
        paced = {
            pk for pk, row in self.policies.items() if row.max_week is not None or row.max_month is not None
        }
        self.lately = reading.supplied_lately(paced, self.service, self.now) if paced else {}
        self.balances = reading.balances_of(ids, askers, self.now, decay)
        self.unconnected = reading.unconnected(ids, askers, self.service, self.today)
        self.prices = Prices(ids, askers, self.service)
        self.closed = {pk: closed_hours(row, self.now) for pk, row in calendars_of(ids).items()}
        self._places()
        formats = {wish.facts.format for wish in wishes}
        self.stats = reading.stats_of({*ids, *self.home}, self.service, formats)
        told = [r for (pk, kind), r in self.stats.items() if not kind and (not self.home or pk in self.home)]
        self.median_hours = _mean([row.median_hours for row in told], 16.0)
        self.fill_rate = _mean([row.fill_rate for row in told], 0.8)

    def _places(self) -> None:
        """The members of the network and of those linked with it, and their places."""
        self.home: dict[int, NetworkMember] = {}
        self.abroad: dict[int, NetworkMember] = {}
        self.names: dict[int, str] = {}
        self.parents: dict[int, int | None] = {}
        self.ring: list[int] = []
        self.cursor: int | None = None
        if self.network is None:
            return
        own = self.network.pk
        for place in reading.members_of([own, *reading.linked_with(own)]):
            self.names.setdefault(place.library_id, place.library.name)
            (self.home if place.network_id == own else self.abroad)[place.library_id] = place
        by_pk = {place.pk: place.library_id for place in self.home.values()}
        self.parents = {p.library_id: by_pk.get(p.parent_id or 0) for p in self.home.values()}
        self.ring = [
            place.library_id
            for place in self.home.values()
            if place.ring_position is not None and self.takes_part(place) and place.library.is_active
        ]
        if self.network.topology == "ring" and self.network.ring_turns:
            self.cursor = reading.cursors_of([own]).get(own, 0)

    def takes_part(self, place: NetworkMember | None) -> bool:
        if place is None:
            return True
        return place.is_active and (place.paused_until is None or place.paused_until < self.today)


class _Reader:
    """Joins the tables for one wish."""

    def __init__(self, tables: _Tables, wish: Wish, held: dict[int, Holding]) -> None:
        self.tables, self.wish, self.held = tables, wish, held
        home = tables.home.get(wish.library.pk)
        self.own_cell = home.cell if home else ""

    def snapshot(self, turn: int = 0) -> Snapshot:
        """`turn`: how many requests enter the ring before this one."""
        tables = self.tables
        neighbours = self._neighbours()
        near = {supplier.library_id for neighbour in neighbours for supplier in neighbour.suppliers}
        inside = tables.network is not None
        rows = tuple(
            self._supplier(row, tables.home.get(pk), outside=inside and pk not in tables.home)
            for pk, row in self.held.items()
            if pk not in near
        )
        ring, cursor = tables.ring, tables.cursor
        return Snapshot(
            taken_at=self.wish.now,
            suppliers=rows,
            ring=tuple(ring),
            cursor=ring[(cursor + turn) % len(ring)] if ring and cursor is not None else None,
            parents=tables.parents,
            names={**{pk: row.library.name for pk, row in self.held.items()}, **tables.names},
            neighbours=neighbours,
            median_hours=tables.median_hours,
            fill_rate=tables.fill_rate,
        )

    def _neighbours(self) -> tuple[Neighbour, ...]:
        found: dict[int, list[Supplier]] = defaultdict(list)
        networks: dict[int, Network] = {}
        for pk, row in self.held.items():
            place = self.tables.abroad.get(pk)
            if place is not None and pk not in self.tables.home:
                networks[place.network_id] = place.network
                found[place.network_id].append(self._supplier(row, place))
        return tuple(
            Neighbour(
                pk, networks[pk].name, networks[pk].guided, networks[pk].coordinator_library_id, tuple(rows)
            )
            for pk, rows in sorted(found.items())
        )

    def _supplier(self, row: Holding, place: NetworkMember | None, *, outside: bool = False) -> Supplier:
        library, wish, tables, pk = row.library, self.wish, self.tables, row.library_id
        policy = tables.policies.get(pk, tables.unspoken)
        gave, took = tables.balances.total.get(pk, NOTHING)
        pairs, asker = tables.balances.pairs, wish.library.pk
        to_asker, from_asker = pairs.get((pk, asker), 0.0), pairs.get((asker, pk), 0.0)
        stats = tables.stats.get((pk, ""))
        alike = tables.stats.get((pk, wish.facts.format)) if wish.facts.format else None
        ratio = float(policy.target_ratio)
        cost, currency, terms = self._price(pk)
        return Supplier(
            library_id=pk,
            name=library.name,
            availability=row.status,
            told_days=max(0, (wish.now - row.as_of).days),
            call_number=row.call_number,
            location=row.location,
            km=distance_km(
                (wish.library.latitude, wish.library.longitude), (library.latitude, library.longitude)
            ),
            active=library.is_active and tables.takes_part(place),
            outside=outside,
            supplies=library.lends and policy.supplies,
            levels=_levels(policy),
            formats=frozenset(policy.lends_formats),
            closed_hours=tables.closed[pk],
            do_not_route=tables.unconnected.get((asker, pk), ""),
            tried=pk in wish.tried,
            open_supplies=tables.open.get(pk, 0),
            daily_capacity=policy.daily_capacity,
            max_open=policy.max_open,
            served_this_year=tables.served.get((pk, asker), 0),
            max_per_requester=policy.max_per_requester_year,
            supplied_week=tables.lately.get(pk, (0, 0))[0],
            supplied_month=tables.lately.get(pk, (0, 0))[1],
            max_week=policy.max_week,
            max_month=policy.max_month,
            agreement_name=terms.name if terms else "",
            agreement_rank=SCOPE_RANK[terms.scope] if terms else 0,
            cost=cost,
            currency=currency,
            pair_surplus=to_asker - from_asker,
            pair_volume=to_asker + from_asker,
            net_surplus=surplus(gave, took, ratio),
            net_volume=gave + took * ratio,
            no_reciprocity=terms.no_reciprocity if terms else False,
            pause_deficit=policy.pause_deficit,
            median_hours=_number(stats.median_hours if stats else None),
            answered=stats.answered if stats else 0,
            fill_rate=_number(stats.fill_rate if stats else None),
            fill_answers=float(stats.fill_answers) if stats else 0.0,
            format_fill=_number(alike.fill_rate if alike else None),
            format_answers=float(alike.fill_answers) if alike else 0.0,
            same_cell=bool(place and self.own_cell and place.cell == self.own_cell),
            network_id=place.network_id if place else None,
        )

    def _price(self, supplier_id: int) -> tuple[Decimal | None, str, pricing.Agreement | None]:
        """What the library would charge, as loans.money reckons it; None where it is told on request or in other
        money than the reader's limit. With the agreement that sets it."""
        wish = self.wish
        quote = self.tables.prices.of(
            pricing.Facts(
                service=wish.service, requester_id=wish.library.pk, supplier_id=supplier_id,
                at=timezone.localtime(wish.now), level=wish.facts.level, format=wish.facts.format,
                category_id=wish.category_id, pages=wish.pages,
            )
        )  # fmt: skip
        other_money = quote.amount and wish.currency and quote.currency != wish.currency
        terms = self.tables.prices.agreement(quote.agreement_id)
        return (None if other_money else quote.amount), quote.currency, terms


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


__all__ = [
    "Wish",
    "closed_hours",
    "facts_of",
    "policy_of",
    "snapshot_for",
    "snapshot_for_many",
    "take",
    "take_many",
    "wishes_of",
]
