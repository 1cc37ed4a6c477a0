"""Weeding: what the network says of each row, promises that hold, and offers where the first to ask comes first."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from catalog.acquiring.services import checks, keeping, offers, plans
from catalog.models import KeepPromise, OfferLine, WeedingCheck, WeedingOffer, WeedingRow
from members.choices import LibraryStatus, Role
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.jobs import JobRun
from network_portal.core.models import AuditEntry
from tests.catalog.acquiring.world import ISBNS, World, make_world, person
from tests.members.world import client_of


@pytest.fixture
def world(tmp_path: Path, db: None) -> World:
    return make_world(tmp_path)


def checked(world: World, *values: str, who: str = "own") -> WeedingCheck:
    check = checks.check_start(name="Rak 1", data="\n".join(values).encode(), actor=world.actor(who))
    assert check.job_id is not None
    checks.check_work(job_id=check.job_id)
    check.refresh_from_db()
    assert check.state == "done"
    return check


def findings(check: WeedingCheck) -> list[str]:
    return list(
        WeedingRow.objects.filter(source=check).order_by("position").values_list("finding", flat=True)
    )


def in_weeks(weeks: int) -> Any:
    return timezone.localdate() + timedelta(weeks=weeks)


def test_each_row_says_whether_it_is_the_last(world: World) -> None:
    check = checked(world, "A1", ISBNS[0], "BC1", "tidak-ada", "9786020331608", ISBNS[2])
    assert findings(check) == [
        "last_network",
        "last_region",
        "others",
        "not_found",
        "unreadable",
        "not_found",
    ]
    rows = {row.value: row for row in check.rows.all()}
    assert (rows["A1"].kind, rows[ISBNS[0]].kind, rows["BC1"].kind) == ("number", "isbn", "barcode")
    assert (rows["BC1"].others, rows["BC1"].nearby) == (2, 1)
    assert check.packed is None and check.counts["last_network"] == 1


def test_only_the_own_numbers_count_and_only_own_copies_can_go(world: World) -> None:
    assert findings(checked(world, "A1", "BA1", who="far")) == ["not_found", "not_found"]
    assert findings(checked(world, ISBNS[0], who="near")) == ["not_yours"]


def test_libraries_that_left_or_weed_it_themselves_do_not_count(world: World) -> None:
    world.far.status = LibraryStatus.LEFT
    world.far.save()
    assert findings(checked(world, ISBNS[0])) == ["last_network"]
    world.far.status = LibraryStatus.ACTIVE
    world.far.save()
    offer(world, checked(world, ISBNS[0], who="far"), who="far")
    assert findings(checked(world, ISBNS[0])) == ["last_network"], "the other copy is about to go too"


def test_a_promise_is_respected_by_the_next_check_until_its_day(world: World) -> None:
    edition, actor = world.edition("own", "A1"), world.actor("own")
    keeping.keep_promise(edition=edition, until=timezone.localdate(), note="", actor=actor)
    keeping.keep_promise(edition=edition, until=timezone.localdate(), note="", actor=actor)
    check = checked(world, "A1")
    assert findings(check) == ["promised"]
    with pytest.raises(RuleViolation) as refusal:
        offers.offer_make(check=check, closes_on=in_weeks(3), note="", actor=actor, finding="promised")
    assert refusal.value.code == "nothing"
    KeepPromise.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert findings(checked(world, "A1")) == ["last_network"]


def test_the_row_tells_what_others_want_plan_and_keep(world: World) -> None:
    edition = world.edition("own", "C1")
    plans.plan_mark(subject=plans.Subject(edition), mark=plans.Mark(), actor=world.actor("near"))
    keeping.keep_promise(edition=edition, until=None, note="", actor=world.actor("far"))
    (row,) = checked(world, ISBNS[1]).rows.all()
    assert (row.finding, row.planned, row.promised) == ("others", 1, 1)


def test_a_promise_needs_a_copy_and_a_day_to_come(world: World) -> None:
    edition = world.edition("own", "A1")
    for who, until, code in (
        ("near", None, "not_held"),
        ("own", timezone.localdate() - timedelta(days=1), "past"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            keeping.keep_promise(edition=edition, until=until, note="", actor=world.actor(who))
        assert refusal.value.code == code


def offer(world: World, check: WeedingCheck, who: str = "own") -> WeedingOffer:
    rows = list(check.rows.values_list("pk", flat=True))
    return offers.offer_make(check=check, closes_on=in_weeks(3), note="", actor=world.actor(who), rows=rows)


def test_the_first_to_say_we_take_it_gets_it_unless_the_owner_names_another(world: World) -> None:
    made = offer(world, checked(world, "A1", ISBNS[0]))
    last, other = made.lines.order_by("-is_last")
    assert (last.is_last, other.is_last) == (True, False)
    for who in ("far", "near", "far"):
        offers.line_claim(line=last, actor=world.actor(who))
    offers.line_claim(line=other, actor=world.actor("near"))
    with pytest.raises(RuleViolation):
        offers.line_claim(line=last, actor=world.actor("own"))
    given = offers.line_decide(line=last, state="given", actor=world.actor("own"))
    assert given.given_to == world.far and last.claims.count() == 2
    offers.line_decide(line=last, state="given", actor=world.actor("own"))  # a second click
    with pytest.raises(Conflict):
        offers.claim_withdraw(line=last, actor=world.actor("far"))
    offers.line_reopen(line=last, actor=world.actor("own"))
    offers.claim_withdraw(line=last, actor=world.actor("far"))
    assert offers.line_decide(line=last, state="given", actor=world.actor("own")).given_to == world.near
    with pytest.raises(RuleViolation) as refusal:
        offers.line_decide(line=other, state="given", actor=world.actor("own"), to=world.far.pk)
    assert refusal.value.code == "not_claimed"


def test_a_last_copy_is_not_weeded_before_the_others_could_answer(world: World) -> None:
    made, actor = offer(world, checked(world, "A1", ISBNS[1])), world.actor("own")
    last = made.lines.get(is_last=True)
    with pytest.raises(RuleViolation) as refusal:
        offers.line_decide(line=last, state="weeded", actor=actor)
    assert refusal.value.code == "still_open"
    with pytest.raises(RuleViolation) as refusal:
        offers.offer_close(offer=made, actor=actor)
    assert refusal.value.code == "undecided"
    offers.line_decide(line=last, state="kept", actor=actor)
    assert KeepPromise.objects.get().edition == last.edition
    offers.offer_close(offer=made, actor=actor)
    assert sorted(made.lines.values_list("state", flat=True)) == ["kept", "weeded"]
    with pytest.raises(Conflict):
        offers.line_reopen(line=last, actor=actor)


def test_the_coordinator_hears_of_last_copies_that_nobody_took(world: World) -> None:
    boss = client_of(person(Role.COORDINATOR, world.near))
    made = offer(world, checked(world, "A1"))

    def told() -> bool:
        return "/acquisition/offers/?last=1" in boss.get("/overview/").content.decode()

    assert not told(), "there is time yet"
    WeedingOffer.objects.update(closes_on=timezone.localdate() + timedelta(days=2))
    assert told() and len(boss.get("/acquisition/offers/?last=1").context["page"]) == 1
    offers.line_claim(line=made.lines.get(), actor=world.actor("far"))
    assert not told()


def test_the_pages_show_it_and_the_file_holds_no_formula(world: World) -> None:
    client = client_of(world.staff["own"])
    answer = client.post("/acquisition/checks/", {"pasted": "A1\n=cmd()\n", "name": "Rak 7"})
    check = WeedingCheck.objects.get()
    assert answer["Location"] == f"/acquisition/checks/{check.pk}/"
    assert client.get(answer["Location"]).context["check"].is_live
    checks.check_work(job_id=check.job_id or 0)
    assert "Mantri Jero" in client.get(answer["Location"] + "?finding=last_network").content.decode()
    file: Any = client.get(f"/acquisition/checks/{check.pk}/rows.csv")
    assert "'=cmd()" in b"".join(file.streaming_content).decode()
    form = {"what": "last_network", "closes_on": in_weeks(4).isoformat()}
    made = client.post(f"/acquisition/checks/{check.pk}/offer/", form)["Location"]
    assert client.post(f"/acquisition/checks/{check.pk}/offer/", form).status_code == 422, (
        "it is offered already"
    )
    line = OfferLine.objects.get()
    other = client_of(world.staff["far"])
    assert other.post(f"/acquisition/offers/lines/{line.pk}/take/").status_code == 302
    assert other.post(f"/acquisition/offers/lines/{line.pk}/decide/", {"state": "weeded"}).status_code == 404
    assert "Perpustakaan FAR" in client.get(made).content.decode()
    assert other.get(f"/acquisition/checks/{check.pk}/").status_code == 404
    assert client.post(f"/acquisition/checks/{check.pk}/delete/").status_code == 302
    assert not WeedingRow.objects.exists() and WeedingOffer.objects.count() == 1


def test_bad_files_are_answered_with_why(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of(world.staff["own"])
    for data in (b"PK\x03\x04 no", b"\n\n"):
        answer = client.post("/acquisition/checks/", {"file": SimpleUploadedFile("a.xlsx", data)})
        assert answer.status_code == 422 and answer.context["form"].errors["file"]
    assert client.post("/acquisition/checks/", {}).status_code == 422
    assert not WeedingCheck.objects.exists()


def test_a_list_whose_worker_died_is_read_again_from_its_beginning(world: World) -> None:
    check = checks.check_start(name="Rak", data=b"A1\nC1\n", actor=world.actor("own"))
    WeedingRow.objects.create(source=check, position=1, value="A1")
    old = timezone.now() - timedelta(hours=1)
    JobRun.objects.filter(pk=check.job_id).update(status="running", heartbeat_at=old)
    checks.check_work(job_id=check.job_id or 0)
    assert findings(check) == ["last_network", "others"]
    checks.check_work(job_id=check.job_id or 0)  # a second worker that comes late does nothing
    assert AuditEntry.objects.filter(code="catalog.weeding.checked").count() == 1


def test_last_copies_are_listed_filtered_and_flagged(world: World) -> None:
    client = client_of(world.staff["own"])
    page = client.get("/acquisition/last-copies/")
    assert [row.title for row in page.context["page"]] == ["Mantri Jero dan kisah lain"]
    for query, shown in (
        ("first_year=1930", 0),
        ("requested=no", 1),
        ("requested=yes", 0),
        ("kept=yes", 0),
        ("language=ind", 1),
    ):
        assert len(client.get(f"/acquisition/last-copies/?{query}").context["page"]) == shown, query
    edition = world.edition("own", "A1")
    assert "Membeli dan menyimpan" in client.get(f"/edition/{edition.pk}").content.decode()
    reader = client_of(person(Role.PATRON, world.own))
    assert "/acquisition/" not in reader.get(f"/edition/{edition.pk}").content.decode()
    answer: Any = client.get("/acquisition/last-copies.csv")
    assert "Mantri Jero" in b"".join(answer.streaming_content).decode()


def test_a_page_of_rows_asks_no_query_a_row(world: World, django_assert_max_num_queries: Any) -> None:
    check = checked(world, *(f"N{n}" for n in range(40)), "A1", ISBNS[0], ISBNS[1])
    made = offer(world, check)
    client = client_of(world.staff["far"])
    for line in made.lines.all():
        offers.line_claim(line=line, actor=world.actor("far"))
    own = client_of(world.staff["own"])
    for address in (
        f"/acquisition/checks/{check.pk}/",
        f"/acquisition/offers/{made.pk}/",
        "/acquisition/last-copies/",
    ):
        own.get(address)
        with django_assert_max_num_queries(20):
            own.get(address)
    with django_assert_max_num_queries(20):
        client.get(f"/acquisition/offers/{made.pk}/")


@pytest.mark.django_db(transaction=True)
def test_of_two_takers_at_the_same_moment_exactly_one_comes_first(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    line = offer(world, checked(world, "A1")).lines.get()
    actors = [world.actor("far"), world.actor("near")]
    barrier, order = threading.Barrier(2), []

    def take(actor: Any) -> None:
        try:
            barrier.wait(5)
            order.append((offers.line_claim(line=line, actor=actor).pk, actor.library_id))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    given = offers.line_decide(line=line, state="given", actor=world.actor("own"))
    assert len(order) == 2 and given.given_to_id == min(order)[1]
