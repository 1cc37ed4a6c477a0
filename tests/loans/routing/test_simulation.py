"""The simulated year: the same seed tells the same, and our order beats chance and the map."""

from __future__ import annotations

import pytest

from loans.simulation.games import RANKINGS, SHAPES
from loans.simulation.play import play
from loans.simulation.report import table
from loans.simulation.world import make


def test_same_seed_tells_the_same_year() -> None:
    first, second = (play(make(40, 3), RANKINGS[0](make(40, 3)), requests=300, seed=3) for _ in range(2))
    assert first == second


def test_ranking_beats_lot_and_nearest_first() -> None:
    """Twenty libraries with as many wishes each as in the year of docs/routing.md."""
    world = make(20, 3)
    ours, lot, near = (play(world, game(world), requests=6_000, seed=3) for game in RANKINGS)
    for other in (lot, near):
        assert ours.fill_rate >= other.fill_rate - 0.002
        assert ours.first_share > other.first_share
        assert ours.mean_hours < other.mean_hours
        assert ours.load_spread < other.load_spread


@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_every_shape_fills_most_wishes(number: int) -> None:
    world = make(40, 3)
    told = play(world, SHAPES[number](world), requests=200, seed=3)
    assert told.requests == 200
    assert told.fill_rate > 0.5
    assert told.name in table([told])
