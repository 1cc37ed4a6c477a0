"""Opening a request: what is checked, what is refused, and numbers that never collide."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from catalog.choices import ItemStatus
from loans.models import Request
from loans.numbers import next_number
from loans.services import request_submit
from loans.workflow import engine
from members.choices import LibraryStatus, Role
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.world import World, make_edition, make_person, make_world


def refused(world: World, **values: Any) -> RuleViolation:
    with pytest.raises(RuleViolation) as error:
        world.submit(**values)
    assert Request.objects.filter(edition=values.get("edition", world.edition)).count() <= 1
    return error.value


def test_request_keeps_what_was_wanted(world: World) -> None:
    request = world.submit(note="  Any edition.  ")
    year = timezone.localdate().year
    assert (request.number, request.status, request.version) == (f"BDG-{year}-000001", "submitted", 1)
    assert (request.title, request.citation["author"]) == ("Laskar Pelangi", "Hirata, Andrea")
    assert request.patron_note == "Any edition."
    assert request.deadline_at is not None


def test_reader_and_library_are_written_to(world: World) -> None:
    world.submit()
    mails = dict(OutgoingMail.objects.values_list("template", "to_email"))
    assert mails == {"loan_received": "ayu@example.org", "loan_to_approve": "desk@bdg.example"}


def test_merged_edition_is_followed(world: World) -> None:
    old = make_edition("Laskar pelangi", merged_into=world.edition)
    assert world.submit(edition=old).edition == world.edition


def test_same_form_sent_twice_makes_one_request(world: World) -> None:
    assert world.submit(submit_key="k1") == world.submit(submit_key="k1")
    assert Request.objects.count() == 1


def test_second_open_request_of_a_title_is_refused_with_a_link(world: World) -> None:
    first = world.submit()
    error = refused(world)
    assert (error.code, error.extra["number"]) == ("duplicate", first.number)
    assert first.number in error.extra["url"]


def test_title_can_be_asked_for_again_after_the_end(world: World) -> None:
    engine.transition(world.submit(), "cancel", world.reader)
    assert world.submit().status == "submitted"


@pytest.mark.parametrize(("status", "told"), [("available", True), ("unknown", True), ("on_loan", False)])
def test_own_copy_is_told_before_asking_elsewhere(world: World, status: str, told: bool) -> None:
    world.hold("BDG", status=status, location="Lt. 1", call_number="X")
    if not told:
        assert world.submit()
        return
    error = refused(world)
    assert (error.code, error.extra["locations"]) == ("own_copy", ["Lt. 1 X"])
    assert world.submit(confirm_own_copy=True)


def test_title_that_nobody_lends_is_refused(world: World) -> None:
    world.edition.holdings.update(status=ItemStatus.REFERENCE)
    assert refused(world).code == "no_lender"


def test_library_that_does_not_lend_or_has_left_is_no_lender(world: World) -> None:
    Library.objects.filter(short_code="JKT").update(lends=False)
    Library.objects.filter(short_code="SMG").update(status=LibraryStatus.SUSPENDED)
    world.edition.holdings.filter(library__short_code="MKS").delete()
    assert refused(world).code == "no_lender"


def test_waiting_reader_is_told_to_wait(world: World) -> None:
    new = world.people["new"] = make_person("new@example.org", world.home, Role.PATRON, confirmed=False)
    assert refused(world, patron=new, actor=world.actor("new")).code == "membership_pending"


def test_reader_of_another_library_is_refused(world: World) -> None:
    assert refused(world, requesting_library=world.libraries["SMG"]).code == "membership_pending"


def test_suspended_library_starts_nothing_new(world: World) -> None:
    actor = world.reader
    Library.objects.filter(pk=world.home.pk).update(status=LibraryStatus.SUSPENDED)
    world.home.refresh_from_db()
    assert refused(world, actor=actor).code == "library_inactive"


def test_day_that_has_passed_is_refused(world: World) -> None:
    assert refused(world, needed_by=timezone.localdate() - timedelta(days=2)).code == "date_past"


def test_nobody_asks_in_a_strangers_name(world: World) -> None:
    stranger = make_person("x@example.org", world.libraries["SMG"], Role.PATRON)
    world.people["x"] = stranger
    with pytest.raises(PermissionDenied):
        world.submit(actor=world.actor("x"))


def test_librarian_asks_for_a_reader_of_the_own_library_only(world: World) -> None:
    assert world.submit(actor=world.desk)
    assert refused(world, actor=world.actor("SMG"), edition=_held(world)).code == "other_library"


def _held(world: World) -> Any:
    edition = make_edition("Bumi Manusia")
    world.hold("JKT", edition)
    return edition


def test_numbers_start_again_per_library_and_year(world: World) -> None:
    bdg, jkt = world.libraries["BDG"], world.libraries["JKT"]
    assert [next_number(bdg, 2026), next_number(bdg, 2026), next_number(bdg, 2027), next_number(jkt, 2026)] == [
        "BDG-2026-000001", "BDG-2026-000002", "BDG-2027-000001", "JKT-2026-000001",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_numbers_given_out_at_the_same_moment_differ() -> None:
    world = make_world()
    editions = [_held(world) for _number in range(8)]
    errors: list[RuleViolation] = []
    barrier = threading.Barrier(8)

    def ask(edition: Any) -> None:
        try:
            barrier.wait(5)
            request_submit(
                edition=edition,
                patron=world.patron,
                requesting_library=world.home,
                actor=Actor.system("test"),
            )
        except RuleViolation as error:
            errors.append(error)
        finally:
            connection.close()

    _run([threading.Thread(target=ask, args=(edition,)) for edition in editions])
    assert errors == []
    numbers = sorted(Request.objects.values_list("number", flat=True))
    assert [number[-6:] for number in numbers] == [f"{n:06d}" for n in range(1, 9)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "same"])
def test_two_windows_at_the_same_moment_make_one_request(key: str) -> None:
    world = make_world()
    results: list[Any] = []
    barrier = threading.Barrier(2)

    def ask() -> None:
        try:
            barrier.wait(5)
            results.append(world.submit(submit_key=key).number)
        except RuleViolation as rule:
            results.append(rule.code)
        finally:
            connection.close()

    _run([threading.Thread(target=ask) for _n in range(2)])
    assert Request.objects.count() == 1
    number = Request.objects.get().number
    assert sorted(results) == sorted([number, number if key else "duplicate"])


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
