"""The order in which libraries are asked, its reasons, and what happens when nobody answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from catalog.choices import ItemStatus
from loans.models import Request, SupplyAttempt
from loans.routing import plan
from loans.routing.ranking import Candidate, Factors, explain, rank, score
from loans.tasks import expire_attempts
from loans.workflow import engine
from members.distance import distance_km
from members.models import Library
from network_portal.core.models import OutgoingMail
from tests.loans.world import World, make_edition


def order(request: Request) -> list[str]:
    names = {library.pk: library.short_code for library in Library.objects.all()}
    return [names[candidate.library_id] for candidate in plan.compile(request).candidates]


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
    assert order(world.submit()) == ["SMG", "JKT", "MKS"]


def test_own_library_and_reference_copies_are_left_out(world: World) -> None:
    world.hold("BDG", status=ItemStatus.ON_LOAN)
    world.edition.holdings.filter(library__short_code="SMG").update(status=ItemStatus.REFERENCE)
    assert order(world.submit()) == ["JKT", "MKS"]


def test_plan_costs_the_same_for_three_libraries_and_for_thirty(
    world: World, django_assert_num_queries: Any
) -> None:
    request = world.submit()
    with django_assert_num_queries(4):
        plan.compile(request)
    for number in range(27):
        code = f"L{number:02d}"
        library = Library.objects.create(short_code=code, name=code, city="X", library_type="public")
        world.libraries[library.short_code] = library
        world.hold(library.short_code)
    with django_assert_num_queries(4):
        assert len(plan.compile(request).candidates) == 30


def test_same_snapshot_gives_the_same_plan(world: World) -> None:
    request = world.submit()
    assert plan.compile(request) == plan.compile(request)


def test_ties_are_drawn_by_the_request_and_not_always_for_the_same_library() -> None:
    equal = [Candidate(pk, f"L{pk}", Factors("available", 10, 0), score=1) for pk in range(1, 6)]
    firsts = {rank(equal, seed=f"BDG-2026-{n:06d}")[0].library_id for n in range(60)}
    assert firsts == {1, 2, 3, 4, 5}


def test_score_orders_availability_before_distance_and_distance_with_load() -> None:
    near_out, far_in = Factors("on_loan", 1, 0), Factors("available", 4000, 50)
    assert score(far_in) > score(near_out)
    assert score(Factors("available", 100, 0)) > score(Factors("available", 80, 1))
    assert score(Factors("available", None, 0)) < score(Factors("available", 999, 0))


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
    SupplyAttempt.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    assert expire_attempts() == 1
    request.refresh_from_db()
    assert request.status == "asked"
    assert list(request.attempts.values_list("status", flat=True)) == ["expired", "asked"]
    assert OutgoingMail.objects.filter(template="loan_expired", to_email="desk@jkt.example").count() == 1
    assert expire_attempts() == 0


def test_timer_leaves_alone_what_is_in_time(world: World) -> None:
    world.request_in("asked")
    assert expire_attempts() == 0


def test_silence_of_all_ends_with_the_librarian(world: World) -> None:
    request = world.request_in("asked")
    for _round in range(3):
        SupplyAttempt.objects.filter(status="asked").update(deadline_at=timezone.now() - timedelta(minutes=1))
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
    SupplyAttempt.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    Request.objects.filter(pk=first.pk).update(plan={"round": 1, "stages": [{"broken": True}]})
    assert expire_attempts() == 1
    second.refresh_from_db()
    assert second.status == "end_of_rota"
