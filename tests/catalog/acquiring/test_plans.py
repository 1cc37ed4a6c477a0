"""Plans to buy: said once however often, seen by all, taken back, and held when the catalogue brings the copy."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from catalog.acquiring.selectors.plans import overdue_count, second_thoughts
from catalog.acquiring.selectors.waiting import acquiring_todo
from catalog.acquiring.services import arrivals, following, keeping, plans, wanted
from catalog.acquiring.services.plans import Mark, Subject
from catalog.models import ArrivedTitle, Edition, KeepPromise, PurchasePlan, WantedTitle
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry
from tests.catalog.acquiring.world import ISBNS, World, failed_request, make_world
from tests.catalog.building import marc
from tests.members.world import client_of


@pytest.fixture
def world(tmp_path: Path, db: None) -> World:
    return make_world(tmp_path)


def test_a_wanted_title_is_planned_in_the_browser_and_others_are_warned(world: World) -> None:
    edition = world.edition("own", "A1")
    failed_request(world.near, "N-1", edition=edition, title=edition.title)
    wanted.wanted_remake()
    client = client_of(world.staff["near"])
    line = client.get("/acquisition/").context["lines"][0].row
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    form = {"state": "ordered", "copies": "2", "expected_on": day, "price": "85000", "note": "Gramedia"}
    address = f"/acquisition/plans/new/?wanted={line.pk}"
    first, second = client.post(address, form), client.post(address, form)
    assert first.status_code == 302 and first["Location"] == second["Location"]
    plan = PurchasePlan.objects.get()
    assert (plan.edition, plan.copies, AuditEntry.objects.filter(code="catalog.purchase.marked").count()) == (
        edition, 2, 1,
    )  # fmt: skip
    other = client_of(world.staff["far"])
    assert "Perpustakaan NEAR" in other.get(f"/acquisition/plans/new/?edition={edition.pk}").content.decode()
    assert "Gramedia" in other.get(first["Location"]).content.decode()
    assert "Perpustakaan NEAR" in other.get("/acquisition/").content.decode()
    assert "Perpustakaan NEAR" in other.get(f"/edition/{edition.pk}").content.decode()
    assert other.get(f"/acquisition/plans/{plan.pk}/edit/").status_code == 404
    assert other.post(f"/acquisition/plans/{plan.pk}/undo/").status_code == 404


def test_a_last_change_is_taken_back_and_a_plan_withdrawn(world: World) -> None:
    actor, edition = world.actor("own"), world.edition("far", "B1")
    day = timezone.localdate() + timedelta(days=9)
    plan = plans.plan_mark(subject=Subject(edition), mark=Mark(expected_on=day, copies=3), actor=actor)
    plans.plan_change(plan=plan, mark=Mark(state="cannot", note="salah"), actor=actor)
    back = plans.plan_undo(plan=plan, actor=actor)
    assert (back.state, back.copies, back.expected_on, back.note) == ("planned", 3, day, "")
    assert plans.plan_undo(plan=plan, actor=actor).state == "withdrawn"
    assert plans.plan_undo(plan=plan, actor=actor).state == "withdrawn"
    with pytest.raises(RuleViolation) as refusal:
        plans.plan_change(plan=plan, mark=Mark(), actor=actor)
    assert refusal.value.code == "plan_over"


def test_whoever_cannot_buy_may_change_its_mind(world: World) -> None:
    subject, actor = Subject(None, "Kidung Sunda", "Anonim"), world.actor("own")
    plans.plan_mark(subject=subject, mark=Mark(state="cannot"), actor=actor)
    plans.plan_mark(subject=subject, mark=Mark(state="planned"), actor=actor)
    assert PurchasePlan.objects.get().state == "planned"


def test_a_plan_is_held_when_the_own_catalogue_brings_the_copy_and_askers_hear(world: World) -> None:
    edition = world.edition("own", "A1")
    failed_request(world.far, "F-1", edition=edition, title=edition.title)
    wanted.wanted_remake()
    plans.plan_mark(subject=Subject(edition), mark=Mark(), actor=world.actor("near"))
    again = plans.plan_mark(subject=Subject(edition), mark=Mark(), actor=world.actor("own"))
    new = plans.plan_mark(
        subject=Subject(None, "Carita Pantun", isbn=ISBNS[2]), mark=Mark(), actor=world.actor("near")
    )
    assert arrivals.plans_settle() == 0, "the own copy that was there before fulfils no plan"
    world.load(
        "near", marc("A9", "Mantri Jero dan kisah lain", author="Memed, R.", year=1928, call="899 MEM")
    )
    world.load("near", marc("P1", "Carita pantun Sunda", isbn=ISBNS[2], year=2020, call="899 CAR"))
    assert arrivals.plans_settle() == 2
    assert set(PurchasePlan.objects.filter(state="held").values_list("library", flat=True)) == {world.near.pk}
    new.refresh_from_db()
    assert new.edition == world.edition("near", "P1")
    again.refresh_from_db()
    assert again.state == "planned"
    assert list(ArrivedTitle.objects.values_list("library", "edition")) == [(world.far.pk, edition.pk)]


def test_copies_nearby_and_own_ones_are_a_warning_no_ban(world: World) -> None:
    edition = world.edition("own", "C1")
    second = second_thoughts(key=f"e:{edition.pk}", edition=edition, actor=world.actor("own"))
    assert (second.nearby, second.holders, second.own, second.is_enough_nearby) == (1, 3, 1, False)
    page = client_of(world.staff["own"]).get(f"/acquisition/plans/new/?edition={edition.pk}")
    assert page.context["second"].own == 1


def test_overdue_plans_are_asked_about(world: World) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    actor = world.actor("own")
    plans.plan_mark(subject=Subject(None, "Kidung Sunda"), mark=Mark(expected_on=yesterday), actor=actor)
    assert (overdue_count(actor), overdue_count(world.actor("near"))) == (1, 0)
    client = client_of(world.staff["own"])
    assert [plan.title for plan in client.get("/acquisition/plans/?overdue=on").context["page"]] == [
        "Kidung Sunda"
    ]
    assert acquiring_todo(actor) == 1


@pytest.mark.parametrize(
    "form",
    [{"state": "held"}, {"state": "planned", "copies": "0"},
     {"state": "planned", "copies": "1", "isbn": "9786020331608"},
     {"state": "planned", "copies": "1", "price": "-5"}],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_answered_with_why(world: World, form: dict[str, str]) -> None:
    answer = client_of(world.staff["own"]).post("/acquisition/plans/new/", {"title": "", **form})
    assert answer.status_code == 422 and not PurchasePlan.objects.exists()


def test_what_is_not_there_answers_404(world: World) -> None:
    client = client_of(world.staff["own"])
    for query in ("edition=0", "edition=x", "wanted=99999999999999999999", "edition=²"):
        assert client.get(f"/acquisition/plans/new/?{query}").status_code == 404, query


def test_the_file_of_plans_holds_no_formula(world: World) -> None:
    plans.plan_mark(subject=Subject(None, "=1+1"), mark=Mark(note="@x"), actor=world.actor("own"))
    answer: Any = client_of(world.staff["near"]).get("/acquisition/plans.csv")
    text = b"".join(answer.streaming_content).decode()
    assert "'=1+1" in text and "'@x" in text


def test_what_was_said_of_an_edition_goes_along_when_it_is_joined(world: World) -> None:
    old, new, actor = world.edition("own", "A1"), world.edition("own", "C1"), world.actor("own")
    for edition in (old, new):
        keeping.keep_promise(edition=edition, until=None, note=edition.title, actor=actor)
    plan = plans.plan_mark(subject=Subject(old), mark=Mark(), actor=world.actor("near"))
    failed_request(world.far, "F-1", edition=old, title=old.title)
    Edition.objects.filter(pk=old.pk).update(merged_into=new)
    following.editions_follow()
    plan.refresh_from_db()
    assert (plan.edition, plan.key) == (new, f"e:{new.pk}")
    assert KeepPromise.objects.get(edition=new).note == new.title, "its own promise stays"
    wanted.wanted_remake()
    assert WantedTitle.objects.get().edition == new


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_plan(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    actor, found = world.actor("own"), []
    barrier = threading.Barrier(2)

    def click() -> None:
        try:
            barrier.wait(5)
            found.append(plans.plan_mark(subject=Subject(None, "Kidung Sunda"), mark=Mark(), actor=actor).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 2 and len(set(found)) == 1


@pytest.mark.parametrize(
    ("sort", "order"),
    [("", "BAC"), ("new", "CBA"), ("title", "ABC"), ("library", "ABC"), ("library__email", "BAC")],
)
def test_plans_stand_in_the_order_that_is_asked_for(world: World, sort: str, order: str) -> None:
    today = timezone.localdate()
    for title, days in (("A", 5), ("B", 2), ("C", 9)):
        mark = Mark(expected_on=today + timedelta(days=days))
        plans.plan_mark(subject=Subject(None, title, ""), mark=mark, actor=world.actor("own"))
    client = client_of(world.staff["own"])
    page = client.get("/acquisition/plans/", {"sort": sort})
    assert "".join(row.title for row in page.context["page"]) == order
    file: Any = client.get("/acquisition/plans.csv", {"sort": sort})
    rows = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert "".join(row.split(",")[1] for row in rows) == order
