"""What the ranking reckons with is counted from what happened."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from loans.models import PairBalance, SupplierStats, SupplyAttempt
from loans.routing import stats
from tests.loans.routing.networks import approved
from tests.loans.world import World, make_edition, make_holding

# A Tuesday, 10:00 in Jakarta: the library is open.
MORNING = datetime(2026, 3, 3, 3, 0, tzinfo=timezone.utc)


def attempt(world: World, code: str, **values: object) -> SupplyAttempt:
    request = values.pop("request", None) or approved(world)
    return SupplyAttempt.objects.create(request=request, supplier=world.libraries[code], position=1, **values)


def test_speed_counts_working_hours_and_silence_counts_as_no(world: World) -> None:
    request = approved(world)
    attempt(
        world, "JKT", request=request, status="completed", asked_at=MORNING,
        answered_at=MORNING + timedelta(days=1),
    )  # fmt: skip
    attempt(world, "JKT", request=request, round=2, status="expired", asked_at=MORNING)
    assert stats.refresh_stats(MORNING + timedelta(days=3)) == 2  # all of it, and the one format
    row = SupplierStats.objects.get(format="")
    assert (row.median_hours, row.fill_rate, row.answered) == (Decimal("8.00"), Decimal("0.5000"), 2)


def test_answers_older_than_half_a_year_no_longer_count(world: World) -> None:
    attempt(world, "JKT", status="expired", asked_at=MORNING)
    assert stats.refresh_stats(MORNING + timedelta(days=100)) == 2
    assert not SupplierStats.objects.exclude(answered=0, median_hours=None).exists()  # speed: 90 days
    assert stats.refresh_stats(MORNING + timedelta(days=181)) == 0
    assert not SupplierStats.objects.exists()


def test_success_is_counted_for_each_format_and_older_answers_weigh_less(world: World) -> None:
    """A no of today and a yes of sixty days ago, which counts half: a third of yes."""
    request = approved(world)
    attempt(
        world, "JKT", request=request, status="completed", asked_at=MORNING - timedelta(days=60),
        answered_at=MORNING,
    )  # fmt: skip
    attempt(world, "JKT", request=request, round=2, status="refused", asked_at=MORNING, answered_at=MORNING)
    article = make_edition("Sebuah artikel", format="article")
    make_holding(world.libraries["JKT"], article)
    other = approved(world, edition=article)
    attempt(world, "JKT", request=other, status="refused", asked_at=MORNING, answered_at=MORNING)
    stats.refresh_stats(MORNING)
    told = {row.format: (row.fill_rate, row.fill_answers) for row in SupplierStats.objects.all()}
    assert told == {
        "": (Decimal("0.2000"), Decimal("2.500")),
        "book": (Decimal("0.3333"), Decimal("1.500")),
        "article": (Decimal("0.0000"), Decimal("1.000")),
    }


def test_supplies_add_up_and_copies_count_a_quarter(world: World) -> None:
    for service in ("loan", "loan", "copy"):
        stats.note_supplied(world.libraries["JKT"].pk, world.home.pk, service, None)
    units = dict(PairBalance.objects.values_list("service", "units"))
    assert units == {"loan": Decimal("2.000"), "copy": Decimal("0.250")}


def test_rebuilt_balance_says_the_same_and_mends_what_was_undone(world: World) -> None:
    request = approved(world)
    attempt(world, "JKT", request=request, status="shipped", shipped_at=MORNING)
    attempt(world, "SMG", request=request, round=2, status="withdrawn", shipped_at=MORNING)
    PairBalance.objects.create(supplier=world.libraries["SMG"], requester=world.home, service="loan", units=9)
    assert stats.rebuild_balances(MORNING + timedelta(days=365)) == 1
    row = PairBalance.objects.get()
    assert (row.supplier, row.units, row.count_supplied) == (world.libraries["JKT"], Decimal("0.500"), 1)
