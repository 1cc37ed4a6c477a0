"""Play a year: wishes arrive, plans are made by loans.routing.compiler, libraries answer as their habits say.

Deterministic: one seed gives one report, whatever the ranking, for chance is drawn per request and library.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from hashlib import blake2b
from itertools import accumulate

from loans.routing.balance import decayed
from loans.routing.compiler import compile
from loans.routing.model import Candidate, Facts, Plan, Policy, Snapshot, Stage, Supplier
from loans.routing.runtime import Ask, EndOfRota, Offer, Progress, following
from loans.routing.scoring import lot
from loans.simulation.report import Report, Tally
from loans.simulation.world import Library, World, holders

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
YEAR_HOURS = 2_000.0  # working hours
SILENCE_HOURS = 24.0  # the deadline of an unanswered question
SERVICE_HOURS = 16.0  # how long a request that was taken on keeps a library busy
PATIENCE_HOURS = 120.0  # three working weeks; then the wish is closed
TRULY = {"available": 1.0, "unknown": 0.7, "on_loan": 0.12}
ROUTED, RANDOM, NEAREST = "routed", "random", "nearest"


@dataclass(frozen=True)
class Game:
    """What is played: a network's rule, and how the libraries are put in order."""

    name: str
    policy: Policy
    order: str = ROUTED


def play(world: World, game: Game, *, requests: int, seed: int) -> Report:
    """A year with so many wishes, evenly spread. The libraries' counters start at nothing."""
    dice = random.Random(f"year {seed}")  # noqa: S311 - a game, no secret
    sizes = list(accumulate(library.size for library in world.libraries))
    for library in world.libraries:
        _forget(library)
    pairs: dict[tuple[int, int], tuple[float, float]] = {}
    tally = Tally()
    base = _base(world)
    for number in range(requests):
        now = YEAR_HOURS * number / max(1, requests)
        asking = dice.choices(world.libraries, cum_weights=sizes)[0]
        hopeless = dice.random() < world.habits.hopeless
        held = [(row, told) for row, told in holders(world, dice, sizes) if row is not asking]
        facts = Facts(number=str(number), requester=asking.pk)
        suppliers = tuple(_supplier(row, told, asking, world, now, pairs) for row, told in held)
        snapshot = replace(base, suppliers=suppliers, taken_at=START + timedelta(hours=now))
        plan = ordered(compile(game.policy, facts, snapshot, seed=f"{seed}:{number}"), game.order)
        if hopeless:
            tally.unfilled(1)
        else:
            _walk(plan, world, asking, now, tally, seed, pairs)
    return tally.report(game.name, world.libraries)


def ordered(plan: Plan, order: str) -> Plan:
    """The same libraries in the order of a rule to compare with: by lot, or the nearest first."""
    if order == ROUTED:
        return plan

    def key(row: Candidate) -> tuple[int, bytes]:
        near = (row.supplier.km or 0) if order == NEAREST else 0
        return near, lot(plan.seed, row.library_id)

    def again(stage: Stage) -> Stage:
        return replace(stage, candidates=tuple(sorted(stage.candidates, key=key)))

    return replace(plan, stages=tuple(again(stage) for stage in plan.stages))


def _forget(library: Library) -> None:
    library.supplied = library.received = library.hours_sum = 0.0
    library.answers = library.fills = 0
    library.open_until = []


def _base(world: World) -> Snapshot:
    return Snapshot(
        taken_at=START, suppliers=(), ring=tuple(library.pk for library in world.libraries),
        parents=world.parents, median_hours=12.0, fill_rate=0.75,
    )  # fmt: skip


def _supplier(
    row: Library, told: str, asking: Library, world: World, now: float,
    pairs: dict[tuple[int, int], tuple[float, float]],
) -> Supplier:  # fmt: skip
    gave, took = _pair(pairs, row.pk, asking.pk, now), _pair(pairs, asking.pk, row.pk, now)
    row.open_until = [done for done in row.open_until if done > now]
    return Supplier(
        library_id=row.pk,
        name="",
        availability=told,
        km=world.km[row.pk - 1][asking.pk - 1],
        open_supplies=len(row.open_until),
        daily_capacity=row.capacity,
        pair_surplus=gave - took,
        pair_volume=gave + took,
        net_surplus=row.supplied - row.received,
        net_volume=row.supplied + row.received,
        median_hours=row.hours_sum / row.answers if row.answers else None,
        fill_rate=row.fills / row.answers if row.answers else None,
        answered=row.answers,
    )


def _pair(pairs: dict[tuple[int, int], tuple[float, float]], left: int, right: int, now: float) -> float:
    units, at = pairs.get((left, right), (0.0, now))
    return decayed(units, START, START + timedelta(hours=(now - at) * 4.38), 365) if units else 0.0


def _walk(
    plan: Plan, world: World, asking: Library, start: float, tally: Tally, seed: int,
    pairs: dict[tuple[int, int], tuple[float, float]],
) -> None:  # fmt: skip
    """Ask until somebody sends it, nobody is left, or the reader's patience is over."""
    now, tries, tried = start, 0, set[int]()
    while now - start < PATIENCE_HOURS:
        move = following(plan, Progress(tried=frozenset(tried), released=True))
        if isinstance(move, EndOfRota):
            break
        asked = (
            list(move.candidates)
            if isinstance(move, Offer)
            else [move.candidate]
            if isinstance(move, Ask)
            else []
        )
        window = float(move.hours or SILENCE_HOURS) if isinstance(move, Offer) and move.offers else None
        yes, hours = _answers(asked, world, plan.facts.number, seed, window)
        tried |= {row.library_id for row in asked}
        tries += 1
        now += hours
        if yes is not None:
            _supplied(yes, asking, now, pairs)
            tally.filled(tries, now - start)
            return
    tally.unfilled(tries)


def _answers(
    asked: list[Candidate], world: World, number: str, seed: int, window: float | None
) -> tuple[Library | None, float]:
    """(who sends it, after how many hours). Of several, the quickest yes; where offers are collected for `window`
    hours, the best placed of those willing by then."""
    told = [(_answer(world.libraries[row.library_id - 1], row, number, seed), row) for row in asked]
    willing = [(hours, row.library_id) for (yes, hours), row in told if yes]
    if not willing:
        return None, SILENCE_HOURS if len(asked) > 1 else told[0][0][1]
    by_then = [library_id for hours, library_id in willing if window is not None and hours <= window]
    if window is not None and by_then:
        return world.libraries[by_then[0] - 1], window
    hours, library_id = min(willing)
    return world.libraries[library_id - 1], hours


def _answer(library: Library, row: Candidate, number: str, seed: int) -> tuple[bool, float]:
    """Yes or no, and when. A library with more open than a day's work answers later."""
    one, two, three = _chances(f"{seed}:{number}:{library.pk}")
    busy = 1.0 + max(0.0, len(library.open_until) / library.capacity - 1.0)
    hours = library.hours * busy * (0.4 + 1.2 * two)
    silent = three < library.silence or hours > 4 * SILENCE_HOURS
    yes = not silent and one < library.honesty * TRULY.get(row.supplier.availability, 0.0)
    hours = min(hours, 4 * SILENCE_HOURS) if not silent else SILENCE_HOURS
    library.answers += 1
    library.fills += yes
    library.hours_sum += hours
    return yes, hours


def _chances(key: str) -> tuple[float, float, float]:
    """Three numbers in 0..1 that belong to this request and this library, however the order is made."""
    raw = struct.unpack("<III", blake2b(key.encode(), digest_size=12).digest())
    return raw[0] / 2**32, raw[1] / 2**32, raw[2] / 2**32


def _supplied(
    library: Library, asking: Library, now: float, pairs: dict[tuple[int, int], tuple[float, float]]
) -> None:
    library.open_until.append(now + SERVICE_HOURS)
    library.supplied += 1
    asking.received += 1
    pairs[library.pk, asking.pk] = (_pair(pairs, library.pk, asking.pk, now) + 1.0, now)
