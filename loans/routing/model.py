"""What routing knows and what it answers: plain values, no database. Written by snapshot, read by every other module.

`Policy` is the network's rule, `Facts` the request, `Supplier` one library that holds the title, `Snapshot` all of it
at one moment; `Plan` is the answer: stages of libraries in order, each with its factors, and who was left out and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

# How a stage asks: one after the other, a few at once, everyone at once, or the token from hand to hand.
SEQ, PAR, CLAIM, RING = "seq", "par", "claim", "ring"
# The shapes of a network and what its special centre does; the values of members.choices.
BUS, RING_SHAPE, STAR, TREE, MESH = "bus", "ring", "star", "tree", "mesh"
CENTRE_NONE, CENTRE_CLEARING = "none", "clearing"
CENTRE_FIRST, CENTRE_LAST = "supplies_first", "supplies_last"
LOAN, COPY = "loan", "copy"
NORMAL, RUSH, EXPRESS = "normal", "rush", "express"
FIRST_CLAIM, OFFERS = "first", "offers"

WEIGHTS: Mapping[str, float] = {
    "reciprocity": 0.34,
    "fill": 0.32,
    "load": 0.18,
    "speed": 0.06,
    "freshness": 0.06,
    "distance": 0.04,
}


@dataclass(frozen=True)
class Policy:
    """The three axes of a network and their numbers; `version` says which wording of the rule a plan followed."""

    topology: str = MESH
    guided: bool = False
    centre: str = CENTRE_NONE
    network_id: int | None = None
    network_name: str = ""
    hub: int | None = None  # the star's hub, the ring's mediator
    centre_library: int | None = None
    coordinator: int | None = None
    deputy: int | None = None
    claim_mode: str = FIRST_CLAIM
    offer_hours: int = 4
    parallel: int = 1  # copies only: how many are asked at once
    retain_holders: int = 3
    climb_hours: int = 8
    opaque: bool = False
    last_resort: int | None = None
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    version: int = 1


@dataclass(frozen=True)
class Facts:
    """The request, as far as routing looks at it."""

    number: str
    requester: int
    service: str = LOAN
    level: str = NORMAL
    format: str = ""
    round: int = 1
    cost_limit: Decimal | None = None


@dataclass(frozen=True)
class Supplier:
    """One library that holds the title, seen from the requesting library at the moment of the snapshot."""

    library_id: int
    name: str
    availability: str = "unknown"  # catalog.choices.ItemStatus: the best copy as last told
    told_days: int | None = None  # how many days ago; None: not known
    call_number: str = ""
    location: str = ""
    km: int | None = None
    active: bool = True
    outside: bool = False  # neither in the network nor in one that is linked with it
    supplies: bool = True  # this service, at all
    levels: frozenset[str] = frozenset((NORMAL, RUSH, EXPRESS))
    formats: frozenset[str] = frozenset()  # lends these only; empty: all
    closed_hours: float = 0.0  # until it opens again in its own calendar and zone
    do_not_route: str = ""  # "never_ask" (the requester says so) or "never_serve" (the supplier does)
    tried: bool = False  # in this round, or before with an answer that will not change
    open_supplies: int = 0
    daily_capacity: int = 10
    max_open: int | None = None
    served_this_year: int = 0  # for this requester
    max_per_requester: int | None = None
    supplied_week: int = 0  # promised in the last seven days, of this service; counted where there is a limit
    supplied_month: int = 0  # in the last thirty
    max_week: int | None = None
    max_month: int | None = None
    agreement_name: str = ""
    agreement_rank: int = 0  # higher is closer: 2 a pair, 1 a group, 0 the network's general terms
    cost: Decimal | None = None  # None: told on request only
    currency: str = ""
    pair_surplus: float = 0.0  # supplied minus received, decayed units, with this requester
    net_surplus: float = 0.0  # the same against the library's target ratio, with the whole network
    pair_volume: float = 0.0  # supplied plus received: what the surplus is measured against
    net_volume: float = 0.0
    no_reciprocity: bool = False
    pause_deficit: int | None = None
    median_hours: float | None = None
    answered: int = 0  # how many answers it stands on
    fill_rate: float | None = None  # share of yes, older answers counting less
    fill_answers: float = 0.0  # how many answers of today it is worth
    format_fill: float | None = None  # the same of requests for this format
    format_answers: float = 0.0
    same_cell: bool = False
    network_id: int | None = None
    stands_for: int = 0  # a guided network's coordinator: how many of its members hold the title


@dataclass(frozen=True)
class Neighbour:
    """Another network that requests may be forwarded to, with its holders of the title."""

    network_id: int
    name: str
    guided: bool
    coordinator: int | None
    suppliers: tuple[Supplier, ...]


@dataclass(frozen=True)
class Snapshot:
    """Everything a plan depends on besides policy, request and seed."""

    taken_at: datetime
    suppliers: tuple[Supplier, ...]
    ring: tuple[int, ...] = ()  # every active member in the ring's order, holders or not
    cursor: int | None = None  # the member with whom the next round of the ring begins, for fairness
    parents: Mapping[int, int | None] = field(default_factory=dict)  # the tree: library → its regional centre
    names: Mapping[int, str] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
    median_hours: float = 16.0  # of the whole network: what a library without history is taken to need
    fill_rate: float = 0.8

    def fingerprint(self) -> str:
        """Sixteen hex digits that change when anything a plan depends on changes.

        Neither the order of reading does, nor the minutes that pass until a library opens.
        """
        groups = (self.suppliers, *(near.suppliers for near in self.neighbours))
        rows = [
            (*_VALUES(one), one.closed_hours > 0)
            for group in groups
            for one in sorted(group, key=_BY_LIBRARY)
        ]
        told = (rows, self.ring, self.cursor, sorted(self.parents.items()), self.median_hours, self.fill_rate)
        return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()


_NAMES = [
    column.name for column in fields(Supplier) if column.name not in ("levels", "formats", "closed_hours")
]
_VALUES = attrgetter(*_NAMES)
_BY_LIBRARY = attrgetter("library_id")


@dataclass(frozen=True)
class Candidate:
    """A library with its place in the order: group first, then score, then the lot. All of it is stored."""

    supplier: Supplier
    group: tuple[int, ...]
    points: Mapping[str, float]  # per factor, 0..1
    score: float

    @property
    def library_id(self) -> int:
        return self.supplier.library_id


@dataclass(frozen=True)
class Left:
    """A library that holds the title and is not asked: `rule` is a code of explain.LEFT, `args` fill its sentence."""

    library_id: int
    name: str
    rule: str
    args: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    kind: str  # a code of explain.STAGES
    mode: str
    candidates: tuple[Candidate, ...]
    via: tuple[int, ...] = ()  # the libraries that everything between requester and supplier passes, in order
    hold_hours: int | None = None  # after so many hours the next stage begins
    width: int = 1  # how many are asked at once in PAR
    offers: bool = False  # CLAIM: collect volunteers for hold_hours, then award to the best ranked
    by_hand: bool = False  # only a coordinator may go on to this stage
    args: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    policy: Policy
    facts: Facts
    stages: tuple[Stage, ...]
    left: tuple[Left, ...]
    seed: str
    fingerprint: str = ""
    notes: tuple[str, ...] = ()  # codes of explain.NOTES

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(candidate for stage in self.stages for candidate in stage.candidates)


def path(plan: Plan, stage: Stage, library_id: int) -> tuple[int, ...]:
    """The libraries that a message between requester and supplier passes, ends included, nobody twice in a row."""
    hops: list[int] = []
    for hop in (plan.facts.requester, *stage.via, library_id):
        if not hops or hops[-1] != hop:
            hops.append(hop)
    return tuple(hops)
