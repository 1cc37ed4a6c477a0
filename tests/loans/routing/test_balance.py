"""Give and take fades, and copies count as a part of a loan."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from loans.routing.balance import decayed, surplus, unit_of
from tests.loans.routing.worlds import NOW


def test_a_year_halves_what_was_done() -> None:
    assert decayed(8, NOW, NOW + timedelta(days=365), 365) == 4
    assert decayed(8, NOW, NOW + timedelta(days=730), 365) == 2


def test_a_clock_that_went_back_changes_nothing() -> None:
    assert decayed(8, NOW, NOW - timedelta(days=5), 365) == 8


@given(st.floats(0, 1e6), st.integers(0, 4000), st.integers(0, 4000))
def test_decay_in_two_steps_is_decay_in_one(units: float, first: int, second: int) -> None:
    middle, end = NOW + timedelta(days=first), NOW + timedelta(days=first + second)
    once = decayed(units, NOW, end, 365)
    assert abs(decayed(decayed(units, NOW, middle, 365), middle, end, 365) - once) <= 1e-6 * max(1.0, units)


def test_a_copy_counts_as_the_network_says() -> None:
    assert (unit_of("loan"), unit_of("copy"), unit_of("copy", Decimal("0.5"))) == (
        1,
        Decimal("0.25"),
        Decimal("0.5"),
    )


def test_target_of_two_is_at_balance_when_two_are_given_for_each_received() -> None:
    assert surplus(10, 5, 2.0) == 0
