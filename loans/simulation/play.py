"""Play a year: wishes arrive, plans are made by loans.routing.compiler, libraries answer as their habits say.

Deterministic: one seed gives one report, and the same wishes, holders and habits for every rule that is compared. The
year begins without any history; what the ranking knows of the libraries it learns on the way, by loans.routing.history.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from itertools import accumulate

from loans.routing.balance import decayed
from loans.routing.compiler import compile
from loans.routing.model import Candidate, Facts, Plan, Policy, Snapshot, Stage, Supplier
from loans.routing.runtime import Ask, EndOfRota, Offer, Progress, following
from loans.routing.scoring import lot
from loans.simulation.answers import SILENCE_HOURS, Answer, answer_of
from loans.simulation.report import Report, Tally
from loans.simulation.world import Held, Library, World, holders, material_of

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
YEAR_HOURS = 2_000.0  # working hours
DAYS_AN_HOUR = 365.0 / YEAR_HOURS
SERVICE_HOURS = 16.0  # how long a request that was taken on keeps a library busy
PATIENCE_HOURS = 120.0  # three working weeks; then the wish is closed
ROUTED, RANDOM, NEAREST = "routed", "random", "nearest"
HOPELESS, GAVE_UP, ALL_TRIED = "hopeless", "gave_up", "all_tried"  # why a wish is not filled
Pairs = dict[tuple[int, int], tuple[float, float]]


@dataclass(frozen=True)
class Game:
    """What is played: a network's rule, and how the libraries are put in order."""

    name: str
    policy: Policy
    order: str = ROUTED


@dataclass(frozen=True)
class Wish:
    """What somebody asks for; `patience` in working hours. `hopeless`: nobody could send it."""

    number: int
    asking: Library
    material: str
    at: float
    held: list[Held]
    hopeless: bool
    patience: float


@dataclass
class Year:
    """All that moves while a year is played."""

    world: World
    seed: int
    tally: Tally = field(default_factory=Tally)
    pairs: Pairs = field(default_factory=dict)


def play(world: World, game: Game, *, requests: int, seed: int) -> Report:
    """A year with so many wishes, evenly spread. The libraries' counters start at nothing."""
    for library in world.libraries:
        library.forget()
    year, base = Year(world, seed), _base(world)
    for wish in wishes(world, requests, seed):
        now = START + timedelta(hours=wish.at)
        suppliers = tuple(_supplier(held, wish, world, year.pairs) for held in wish.held)
        facts = Facts(number=str(wish.number), requester=wish.asking.pk, format=wish.material)
        snapshot = replace(base, suppliers=suppliers, taken_at=now)
        plan = compile(game.policy, facts, snapshot, seed=f"{seed}:{wish.number}")
        _walk(ordered(plan, game.order), wish, year)
    return year.tally.report(game.name, world.libraries)


def wishes(world: World, requests: int, seed: int) -> Iterator[Wish]:
    """The year's wishes: the same for every rule."""
    dice = random.Random(f"year {seed}")  # noqa: S311 - a game, no secret
    sizes = list(accumulate(library.size for library in world.libraries))
    for number in range(requests):
        asking = dice.choices(world.libraries, cum_weights=sizes)[0]
        yield Wish(
            number, asking, material_of(world, dice), YEAR_HOURS * number / max(1, requests),
            [held for held in holders(world, dice, sizes) if held.library is not asking],
            dice.random() < world.habits.hopeless,
            min(PATIENCE_HOURS, dice.expovariate(1.0 / world.habits.wane_hours)),
        )  # fmt: skip


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


def _base(world: World) -> Snapshot:
    return Snapshot(
        taken_at=START, suppliers=(), ring=tuple(library.pk for library in world.libraries),
        parents=world.parents, median_hours=12.0, fill_rate=0.75,
    )  # fmt: skip


def _supplier(held: Held, wish: Wish, world: World, pairs: Pairs) -> Supplier:
    """What a portal would know of the library at that moment."""
    row, asking, now = held.library, wish.asking, wish.at
    gave, took = _pair(pairs, row.pk, asking.pk, now), _pair(pairs, asking.pk, row.pk, now)
    row.open_until = [done for done in row.open_until if done > now]
    said, alike = row.record, row.by_format[wish.material]
    for one in (said, alike):
        one.fade(now * DAYS_AN_HOUR)
    return Supplier(
        library_id=row.pk,
        name="",
        availability=held.told,
        told_days=held.days,
        km=world.km[row.pk - 1][asking.pk - 1],
        open_supplies=len(row.open_until),
        daily_capacity=row.capacity,
        pair_surplus=gave - took,
        pair_volume=gave + took,
        net_surplus=row.supplied - row.received,
        net_volume=row.supplied + row.received,
        median_hours=row.hours_sum / row.answers if row.answers else None,
        answered=row.answers,
        fill_rate=said.rate,
        fill_answers=said.all,
        format_fill=alike.rate,
        format_answers=alike.all,
    )


def _pair(pairs: Pairs, left: int, right: int, now: float) -> float:
    units, at = pairs.get((left, right), (0.0, now))
    return decayed(units, START, START + timedelta(days=(now - at) * DAYS_AN_HOUR), 365) if units else 0.0


def _walk(plan: Plan, wish: Wish, year: Year) -> None:
    """Ask until somebody sends it, nobody is left, or the reader's patience is over."""
    now, tries, tried = 0.0, 0, set[int]()
    while not wish.hopeless and now < wish.patience:
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
        sender, hours = _answers(asked, wish, year, window)
        tried |= {row.library_id for row in asked}
        tries += 1
        now += hours
        if sender is not None and now <= wish.patience:
            _supplied(sender, wish, wish.at + now, year.pairs)
            year.tally.filled(tries, now)
            return
    why = HOPELESS if wish.hopeless else GAVE_UP if now >= wish.patience else ALL_TRIED
    year.tally.unfilled(max(1, tries), why)


def _answers(
    asked: list[Candidate], wish: Wish, year: Year, window: float | None
) -> tuple[Library | None, float]:
    """(who sends it, after how many hours). Of several, the quickest yes; where offers are collected for `window`
    hours, the best placed of those willing by then."""
    libraries = year.world.libraries
    told = [(row.library_id, _asked(libraries[row.library_id - 1], row, wish, year)) for row in asked]
    willing = [(answer.hours, library_id) for library_id, answer in told if answer.yes]
    if not willing:
        return None, SILENCE_HOURS if len(asked) > 1 else told[0][1].hours
    by_then = [library_id for hours, library_id in willing if window is not None and hours <= window]
    if window is not None and by_then:
        return libraries[by_then[0] - 1], window
    hours, library_id = min(willing)
    return libraries[library_id - 1], hours


def _asked(library: Library, row: Candidate, wish: Wish, year: Year) -> Answer:
    """The library's answer, noted as a portal notes it."""
    answer = answer_of(year.world, library, row, wish.material, f"{year.seed}:{wish.number}")
    days = wish.at * DAYS_AN_HOUR
    library.record.note(days, answer.yes)
    library.by_format[wish.material].note(days, answer.yes)
    library.answers += 1
    library.hours_sum += answer.hours
    year.tally.said[answer.said] += 1
    return answer


def _supplied(library: Library, wish: Wish, now: float, pairs: Pairs) -> None:
    library.open_until.append(now + SERVICE_HOURS)
    library.supplied += 1
    wish.asking.received += 1
    key = library.pk, wish.asking.pk
    pairs[key] = (_pair(pairs, *key, wish.at) + 1.0, wish.at)
