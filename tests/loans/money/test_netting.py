"""Netting over a network: nothing appears, nothing is lost."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.money.netting import Line, balances, converted, net

LINES = st.lists(
    st.builds(
        Line,
        payee=st.integers(1, 6),
        payer=st.integers(1, 6),
        amount=st.decimals(0, 10_000_000, places=2),
        currency=st.sampled_from(["IDR", "USD", "EUR"]),
        rate=st.decimals("0.0001", "20000", places=4),
    ),
    max_size=40,
)


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_netting_sums_to_zero_over_the_network(lines: list[Line]) -> None:
    sums: Counter[str] = Counter()
    for (_library, currency), amount in balances(net(lines)).items():
        sums[currency] += amount  # type: ignore[assignment]
    assert all(amount == 0 for amount in sums.values())


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_netting_never_loses_a_cent(lines: list[Line]) -> None:
    between_two = [line for line in lines if line.payee != line.payer]
    pairs = net(lines)
    assert sum(pair.gross_left + pair.gross_right for pair in pairs) == sum(
        line.amount for line in between_two
    )
    for pair in pairs:
        owed = {pair.left: Decimal(0), pair.right: Decimal(0)}
        for line in between_two:
            if {line.payee, line.payer} == {pair.left, pair.right} and line.currency == pair.currency:
                owed[line.payee] += line.amount
        assert (pair.gross_left, pair.gross_right) == (owed[pair.left], owed[pair.right])


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_currencies_stay_apart_until_they_are_changed(lines: list[Line]) -> None:
    assert {pair.currency for pair in net(lines)} <= {line.currency for line in lines}
    assert {pair.currency for pair in net(converted(lines, "IDR"))} <= {"IDR"}
    assert sum(balances(net(converted(lines, "IDR"))).values()) == 0


def test_stored_rate_changes_each_line_once() -> None:
    lines = [
        Line(1, 2, Decimal("0.10"), "USD", Decimal("15650.5")),
        Line(2, 1, Decimal(1000), "IDR"),
    ]
    (pair,) = net(converted(lines, "IDR"))
    assert (pair.gross_left, pair.gross_right, pair.net) == (
        Decimal("1565.05"),
        Decimal(1000),
        Decimal("565.05"),
    )


def test_each_pair_stands_once_whichever_way_the_amounts_go() -> None:
    pairs = net(
        [Line(9, 4, Decimal(30), "IDR"), Line(4, 9, Decimal(50), "IDR"), Line(4, 9, Decimal(1), "USD")]
    )
    assert [(p.left, p.right, p.currency, p.net) for p in pairs] == [
        (4, 9, "IDR", Decimal(20)),
        (4, 9, "USD", Decimal(1)),
    ]


def test_what_a_library_owes_itself_is_left_out() -> None:
    assert net([Line(3, 3, Decimal(10), "IDR")]) == []
