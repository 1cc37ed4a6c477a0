"""The price of a supply: what beats what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from loans.money.quote import Agreement, Basis, Facts, Fee, Terms, quote

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=timezone.utc)
FACTS = Facts(service="copy", requester_id=1, supplier_id=2, at=NOW, pages=12, network_ids=frozenset({7}))
FREE = Agreement(1, "Jaringan Jabar", "pair", date(2026, 1, 1), parties=frozenset({1, 2}))
FEE = Fee("copy", amount=Decimal(5000), first_pages=10, per_page=Decimal(250))


def test_free_by_agreement_beats_fee_rule() -> None:
    found = quote(FACTS, Terms("fixed", Decimal(9000)), [FREE], [FEE])
    assert (found.amount, found.free_by, found.basis) == (Decimal("0.00"), "Jaringan Jabar", Basis.AGREEMENT)
    assert found.agreement_id == 1


def test_fee_rule_beats_policy_and_counts_pages_beyond_the_first() -> None:
    found = quote(FACTS, Terms("fixed", Decimal(9000)), [], [FEE])
    assert (found.amount, found.basis) == (Decimal("5500.00"), Basis.FEE_RULE)


def test_policy_with_a_fixed_amount_charges_each_page() -> None:
    found = quote(FACTS, Terms("fixed", Decimal("100.005"), Decimal(10), "USD"), [], [])
    assert (found.amount, found.currency, found.basis) == (Decimal("220.01"), "USD", Basis.POLICY)


def test_price_on_request_has_no_amount_until_the_supplier_names_it() -> None:
    found = quote(FACTS, Terms("quote"), [], [])
    assert found.amount is None
    assert found.basis is Basis.ON_REQUEST
    assert not found.is_free


def test_library_without_terms_is_free() -> None:
    assert quote(FACTS, None, [], []).is_free


@pytest.mark.parametrize(
    "change",
    [
        {"valid_from": date(2026, 4, 1)},
        {"valid_until": date(2026, 3, 9)},
        {"services": frozenset({"loan"})},
        {"parties": frozenset({1, 3})},
        {"max_per_year": 5, "used": 5},
        {"scope": "network", "network_id": 8},
    ],
    ids=["not begun", "over", "other service", "other libraries", "used up", "other network"],
)
def test_agreement_that_does_not_fit_changes_nothing(change: dict[str, object]) -> None:
    assert quote(FACTS, None, [replace(FREE, **change)], [FEE]).basis is Basis.FEE_RULE  # type: ignore[arg-type]


def test_agreement_of_the_network_covers_its_members() -> None:
    whole = replace(FREE, pk=2, scope="network", network_id=7, parties=frozenset())
    assert quote(FACTS, None, [whole], [FEE]).agreement_id == 2


def test_highest_priority_counts_then_the_more_particular_agreement() -> None:
    whole = replace(FREE, pk=2, scope="network", network_id=7, parties=frozenset())
    assert quote(FACTS, None, [whole, FREE], []).agreement_id == 1
    assert quote(FACTS, None, [replace(whole, priority=3), FREE], []).agreement_id == 2


def test_agreement_can_name_a_price_of_its_own() -> None:
    priced = replace(FREE, free=False, amount=Decimal("1500"))
    found = quote(FACTS, None, [priced], [FEE])
    assert (found.amount, found.free_by) == (Decimal("1500.00"), "")


def test_most_particular_fee_rule_counts() -> None:
    facts = replace(FACTS, level="rush", category_id=4, format="book")
    rules = [
        Fee("copy", amount=Decimal(1)),
        Fee("copy", level="rush", amount=Decimal(2)),
        Fee("copy", level="rush", category_id=4, amount=Decimal(3)),
        Fee("copy", level="express", amount=Decimal(4)),
        Fee("copy", level="rush", category_id=5, amount=Decimal(5)),
        Fee("loan", level="rush", category_id=4, amount=Decimal(6)),
    ]
    assert quote(facts, None, [], rules).amount == 3
    assert (
        quote(facts, None, [], [*rules, Fee("copy", "rush", "patron", "book", 4, amount=Decimal(7))]).amount
        == 7
    )


def test_level_without_a_rule_of_its_own_costs_the_normal_amount() -> None:
    assert quote(replace(FACTS, level="express"), None, [], [FEE]).amount == Decimal("5500.00")


def test_fee_rule_outside_its_days_does_not_count() -> None:
    over = replace(FEE, valid_until=date(2026, 3, 9))
    coming = replace(FEE, valid_from=date(2026, 3, 11))
    assert quote(FACTS, None, [], [over, coming]).basis is Basis.FREE


def test_quote_says_who_pays_and_until_when() -> None:
    found = quote(FACTS, None, [], [replace(FEE, payer="patron")])
    assert (found.payer, found.expires) == ("patron", NOW + timedelta(days=30))
