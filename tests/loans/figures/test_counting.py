"""Each figure is what its definition says, for the library and for the network."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loans.figures.definitions import BY_KEY, STAGES
from loans.figures.model import Figures, Period, Scope
from loans.figures.query import figures
from loans.figures.tables import tables_of
from loans.models import Charge
from tests.loans.figures.facts import DAY, Facts

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def facts() -> Facts:
    return Facts()


def home_of(facts: Facts, period: Period = MARCH) -> Figures:
    return figures(Scope(facts.home.pk), period)


def test_fill_rate_counts_cancelled_apart(facts: Facts) -> None:
    for _time in range(3):
        facts.supplied()
    facts.request("unfilled", "unfilled")
    for _time in range(4):
        facts.request("cancelled", "cancelled")
    facts.request("refused", "refused")
    ends = home_of(facts).ends[""]
    assert (ends.filled, ends.unfilled, ends.cancelled, ends.refused) == (3, 1, 4, 1)
    assert ends.fill_rate == 0.75


def test_book_still_on_its_way_back_counts_as_filled(facts: Facts) -> None:
    request = facts.request("lent")
    facts.attempt(request, "received", shipped_at=DAY, received_at=DAY)
    assert home_of(facts).ends[""].filled == 1


def test_copy_that_was_rejected_does_not_count_as_filled(facts: Facts) -> None:
    request = facts.request("unfilled", "unfilled", service="copy")
    facts.attempt(request, "refused", uploaded_at=DAY, answered_at=DAY, closed_at=DAY)
    ends = home_of(facts).ends["copy"]
    assert (ends.filled, ends.unfilled) == (0, 1)


def test_found_at_the_own_library_is_counted_apart(facts: Facts) -> None:
    facts.request("filled_locally", "filled")
    ends = home_of(facts).ends[""]
    assert (ends.local, ends.filled, ends.fill_rate) == (1, 0, None)


def test_first_library_share_leaves_out_what_met_a_no_or_silence(facts: Facts) -> None:
    facts.supplied()
    facts.refused(facts.supplied(), "on_loan", position=2)
    facts.attempt(facts.supplied(), "expired", position=2, closed_at=DAY)
    facts.request("unfilled", "unfilled")
    ends = home_of(facts).ends[""]
    assert (ends.first, ends.fill_rate, ends.first_rate) == (1, 0.75, 0.25)


def test_days_outside_the_period_do_not_count(facts: Facts) -> None:
    facts.supplied(at=DAY - timedelta(days=40))
    facts.supplied(at=DAY + timedelta(days=40))
    assert home_of(facts).ends[""].filled == 0


def test_period_follows_the_portals_clock_to_the_last_minute(facts: Facts) -> None:
    late = MARCH.end - timedelta(minutes=1)
    facts.request("cancelled", "cancelled", closed_at=late)
    facts.request("cancelled", "cancelled", closed_at=MARCH.end)
    assert home_of(facts).ends[""].cancelled == 1
    assert timezone.localtime(MARCH.start).hour == 0


def test_turnaround_is_measured_by_stage_service_and_level(facts: Facts) -> None:
    for hours in (10, 20, 60):
        facts.supplied(hours=hours, level="rush" if hours == 60 else "normal")
    facts.supplied(hours=5, service="copy")
    found = {(t.service, t.stage, t.level): t for t in home_of(facts).turnaround}
    assert found["loan", "whole", ""].median == 40
    assert found["loan", "travel", "normal"].median == 15
    assert found["loan", "whole", "rush"].count == 1
    assert found["copy", "whole", ""].median == 5
    assert ("copy", "travel", "") not in found
    # The lender's own stages are its own: the asking library has none.
    assert ("loan", "answer", "") not in found
    lender = {(t.service, t.stage, t.level): t for t in figures(Scope(facts.lender.pk), MARCH).turnaround}
    assert lender["loan", "answer", ""].median == 2
    assert lender["loan", "send", ""].median == 18


def test_answers_count_for_who_gave_them_and_silence_is_one(facts: Facts) -> None:
    facts.supplied()
    request = facts.request("unfilled", "unfilled")
    facts.refused(request, "on_loan")
    facts.attempt(request, "expired", position=2, closed_at=DAY)
    facts.attempt(facts.request("cancelled", "cancelled"), "withdrawn", answered_at=DAY)
    lender, home = figures(Scope(facts.lender.pk), MARCH), home_of(facts)
    assert (lender.answers.yes, lender.answers.no, lender.answers.silent) == (1, 1, 1)
    assert {r.code: (r.said, r.heard) for r in lender.reasons} == {"on_loan": (1, 0), "no_answer": (1, 0)}
    assert {r.code: (r.said, r.heard) for r in home.reasons} == {"on_loan": (0, 1), "no_answer": (0, 1)}
    assert home.answers.yes == 0


def test_balance_is_told_per_pair_and_sums_to_zero_over_the_network(facts: Facts) -> None:
    third = type(facts.home).objects.create(
        short_code="TIGA", name="Tiga", city="Solo", library_type="public"
    )
    for supplier, service in ((facts.lender, "loan"), (facts.lender, "copy"), (third, "loan")):
        facts.supplied(supplier=supplier, service=service)
    partners = {p.code: (p.supplied, p.received_loans, p.received_copies) for p in home_of(facts).partners}
    assert partners == {"LUMBUNG": (0, 1, 1), "TIGA": (0, 1, 0)}
    network = figures(Scope(), MARCH).partners
    assert {p.code: p.balance for p in network} == {"RUMAH": -3, "LUMBUNG": 2, "TIGA": 1}
    assert sum(p.balance for p in network) == 0


def test_months_stand_in_order_even_without_anything_in_them(facts: Facts) -> None:
    facts.supplied()
    found = home_of(facts, Period(date(2026, 1, 15), date(2026, 4, 2))).months
    assert [(m.month.month, m.asked, m.received) for m in found] == [
        (1, 0, 0),
        (2, 0, 0),
        (3, 1, 1),
        (4, 0, 0),
    ]


def test_most_wanted_names_titles_asked_for_more_than_once(facts: Facts) -> None:
    for title in ("Cantik Itu Luka", "cantik itu luka", "Sekali Saja"):
        facts.request("cancelled", "cancelled", title=title)
    (wanted,) = home_of(facts).wanted
    assert (wanted.title.lower(), wanted.count) == ("cantik itu luka", 2)


def test_late_is_what_was_not_on_its_way_back_when_its_day_was_over(facts: Facts) -> None:
    due = date(2026, 3, 20)
    for returned in (DAY + timedelta(days=5), DAY + timedelta(days=15)):
        request = facts.request("completed", "filled")
        facts.attempt(request, "completed", shipped_at=DAY, due_on=due, returned_at=returned)
    facts.attempt(facts.request("lent"), "received", shipped_at=DAY, due_on=due)
    late = figures(Scope(facts.lender.pk), MARCH).overdue
    assert (late.due, late.late, late.now) == (3, 2, 1)


def test_costs_stay_in_their_currency_and_leave_out_what_was_waived(facts: Facts) -> None:
    request = facts.supplied()
    for amount, currency, state in ((5000, "IDR", "due"), (2, "USD", "settled"), (9, "USD", "waived")):
        Charge.objects.create(
            request=request, kind="supply", state=state, payer_library=facts.home, payee_library=facts.lender,
            amount=amount, currency=currency,
        )  # fmt: skip
    Charge.objects.update(at=DAY)
    costs = {(c.currency, c.earned, c.paid) for c in home_of(facts).costs}
    assert costs == {("IDR", Decimal(0), Decimal(5000)), ("USD", Decimal(0), Decimal(2))}


def test_number_of_queries_does_not_grow_with_the_requests(facts: Facts) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            home_of(facts)
        return len(asked)

    facts.supplied()
    few = queries()
    for _time in range(20):
        facts.refused(facts.supplied(), "on_loan", position=2)
    assert queries() == few <= 10


def test_every_table_stage_and_rate_has_a_definition(facts: Facts) -> None:
    facts.supplied()
    found = figures(Scope(), MARCH)
    assert {table.key for table in tables_of(found)} | {"first_rate"} == set(BY_KEY)
    assert {t.stage for t in found.turnaround} == set(STAGES)


def test_empty_portal_has_no_rates_and_no_faults() -> None:
    found = figures(Scope(), MARCH)
    assert found.ends[""].fill_rate is None
    assert [table.shown for table in tables_of(found)]


def test_network_figures_are_kept_for_a_moment(facts: Facts, django_assert_num_queries: Any) -> None:
    first = figures(Scope(), MARCH)
    with django_assert_num_queries(0):
        assert figures(Scope(), MARCH) == first
