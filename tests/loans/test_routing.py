"""The order in which libraries are asked, its reasons, and what happens when nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from catalog.choices import ItemStatus
from loans.models import Request, RoutingPlan, SupplyAttempt
from loans.routing import plan
from loans.routing.ranking import explain
from loans.tasks import expire_attempts
from loans.workflow import engine
from members.distance import distance_km
from members.models import Library
from network_portal.core.models import OutgoingMail
from tests.loans.routing.networks import make_network
from tests.loans.world import World, make_edition


def order(request: Request) -> list[str]:
    names = {library.pk: library.short_code for library in Library.objects.all()}
    stages = RoutingPlan.objects.get(pk=plan.compile(request).plan).stages
    return [names[row["library"]] for stage in stages for row in stage["candidates"]]


def time_is_up() -> None:
    past = timezone.now() - timedelta(minutes=1)
    SupplyAttempt.objects.filter(status="asked").update(deadline_at=past)
    Request.objects.filter(status="asked").update(deadline_at=past, times_out_at=past)


def test_nearer_library_comes_first(world: World) -> None:
    assert order(world.submit()) == ["JKT", "SMG", "MKS"]


def test_copy_on_the_shelf_beats_a_near_one_on_loan(world: World) -> None:
    world.edition.holdings.filter(library__short_code="JKT").update(status=ItemStatus.ON_LOAN)
    world.edition.holdings.filter(library__short_code="SMG").update(status=ItemStatus.UNKNOWN)
    assert order(world.submit()) == ["MKS", "SMG", "JKT"]


def test_best_of_several_copies_counts(world: World) -> None:
    world.hold("MKS", status=ItemStatus.ON_LOAN)
    world.edition.holdings.filter(library__short_code__in=("JKT", "SMG")).update(status=ItemStatus.ON_LOAN)
    assert order(world.submit())[0] == "MKS"


def test_busy_library_moves_down(world: World) -> None:
    jakarta = world.libraries["JKT"]
    for number in range(12):
        edition = make_edition(f"Book {number}")
        world.hold("JKT", edition)
        world.take(world.submit(edition=edition), "approve")
    assert SupplyAttempt.objects.filter(supplier=jakarta, status="asked").count() == 12
    assert order(world.submit())[0] == "SMG"


def test_own_library_and_reference_copies_are_left_out(world: World) -> None:
    world.hold("BDG", status=ItemStatus.ON_LOAN)
    world.edition.holdings.filter(library__short_code="SMG").update(status=ItemStatus.REFERENCE)
    assert order(world.submit()) == ["JKT", "MKS"]


def test_a_network_of_equals_is_offered_a_request_at_once(world: World) -> None:
    make_network(world, topology="bus")
    request = world.take(world.submit(), "approve")
    offers = request.attempts.order_by("pk").values_list("supplier__short_code", "status")
    assert request.status == "offered"
    assert sorted(offers) == [("JKT", "offered"), ("MKS", "offered"), ("SMG", "offered")]


def test_distance_of_bandung_and_jakarta() -> None:
    assert distance_km((-6.91, 107.61), (-6.19, 106.84)) == pytest.approx(117, abs=2)
    assert distance_km((-6.91, 107.61), (None, 106.84)) is None
    assert distance_km((0.0, 0.0), (0.0, 0.0)) == 0


def test_reason_is_stored_and_told_in_words(world: World) -> None:
    attempt = world.request_in("asked").attempts.get()
    with translation.override("en"):
        assert explain(attempt.rank) == "available, 117 km, 0 open requests"
    assert explain({}) == ""


def test_attempt_knows_the_shelf(world: World) -> None:
    attempt = world.request_in("asked").attempts.get()
    assert (attempt.location, attempt.call_number) == ("Lt. 2", "899.221 3 HIR l")


def test_library_that_stopped_lending_meanwhile_is_passed_over(world: World) -> None:
    request = world.request_in("asked")
    Library.objects.filter(short_code="SMG").update(lends=False)
    request = world.take(request, "decline")
    live = engine.live_attempt(request)
    assert live is not None and live.supplier.short_code == "MKS"


def test_silent_library_loses_the_request_to_the_next(world: World) -> None:
    request = world.request_in("asked")
    time_is_up()
    assert expire_attempts() == 1
    request.refresh_from_db()
    assert request.status == "asked"
    assert list(request.attempts.values_list("status", flat=True)) == ["expired", "asked"]
    assert OutgoingMail.objects.filter(template="loan_digest", to_email="desk@jkt.example").count() == 1
    assert expire_attempts() == 0


def test_timer_leaves_alone_what_is_in_time(world: World) -> None:
    world.request_in("asked")
    assert expire_attempts() == 0


def test_silence_of_all_ends_with_the_librarian(world: World) -> None:
    request = world.request_in("asked")
    for _round in range(3):
        time_is_up()
        assert expire_attempts() == 1
    request.refresh_from_db()
    assert request.status == "end_of_rota"


def test_request_left_behind_by_a_crash_is_taken_up_by_the_timer(world: World) -> None:
    request = world.request_in("approved")
    assert expire_attempts() == 1
    request.refresh_from_db()
    assert request.status == "asked"


def test_one_broken_request_does_not_stop_the_timer(world: World) -> None:
    first = world.request_in("asked")
    edition = make_edition("Bumi Manusia")
    world.hold("SMG", edition)
    second = world.take(world.submit(edition=edition), "approve")
    time_is_up()
    RoutingPlan.objects.filter(request=first).update(stages=[{"broken": True}])
    assert expire_attempts() == 1
    second.refresh_from_db()
    assert second.status == "end_of_rota"
