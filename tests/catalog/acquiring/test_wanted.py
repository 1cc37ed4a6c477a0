"""The wanted list: wishes for one title on one line, what came leaves it, and who asked is told once a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from catalog import tasks_acquiring
from catalog.acquiring.choices import WantedKind
from catalog.acquiring.feeds import Asked
from catalog.acquiring.merging import merged
from catalog.acquiring.services import arrivals, plans, wanted
from catalog.models import ArrivedTitle, NewTitle, WantedTitle
from network_portal.core.models import OutgoingMail
from tests.catalog.acquiring.world import ISBNS, World, failed_request, make_world
from tests.catalog.building import marc
from tests.members.world import client_of

DAY = date(2026, 3, 1)


def asked(kind: WantedKind = WantedKind.WISH, **values: Any) -> Asked:
    return Asked(**{"kind": kind, "times": 1, "last": DAY, **values})


def test_wishes_for_one_title_meet_whatever_their_spelling() -> None:
    lines = merged([
        asked(title="Mantri  Jéro", author="Memed, R.", library_id=1),
        asked(title="mantri jero", author="R. Memed", isbn=ISBNS[2], library_id=2),
        asked(title="Mantri Jero (cetakan lama)", isbn=ISBNS[2], library_id=2),
        asked(WantedKind.SEARCH, title="mantri jero", times=7),
    ])  # fmt: skip
    (line,) = lines.values()
    assert (line.isbn, dict(line.libraries)) == (ISBNS[2], {1: 1, 2: 2})
    assert (line.counts[WantedKind.WISH], line.counts[WantedKind.SEARCH], line.weight) == (3, 7, 22)


def test_the_same_title_by_another_author_is_another_wish() -> None:
    lines = merged([asked(title="Puisi", author="Rendra"), asked(title="Puisi", author="Hartojo")])
    assert len(lines) == 2
    assert len(merged([asked(edition_id=1, title="Puisi"), asked(edition_id=2, title="Puisi")])) == 2


@pytest.fixture
def world(tmp_path: Path, db: None) -> World:
    return make_world(tmp_path)


def test_requests_in_vain_are_counted_by_library_without_persons(world: World) -> None:
    edition = world.edition("own", "A1")
    failed_request(world.near, "N-1", edition=edition, title=edition.title)
    failed_request(world.near, "N-2", edition=edition, title=edition.title)
    failed_request(world.far, "F-1", title="Kidung Sunda", citation={"author": "Anonim"})
    wanted.wanted_remake()
    row = WantedTitle.objects.get(edition=edition)
    assert (row.unfilled, row.libraries, row.regions) == (2, {str(world.near.pk): 2}, ["Jawa Barat"])
    wish = WantedTitle.objects.get(edition=None)
    assert (wish.title, wish.wishes, wish.last_asked) == ("Kidung Sunda", 1, timezone.localdate())
    kept = row.pk
    wanted.wanted_remake()
    assert WantedTitle.objects.get(edition=edition).pk == kept, "an address of a line stays"


def test_a_title_that_came_leaves_the_list_and_is_told_of_once(world: World) -> None:
    failed_request(world.near, "N-1", title="Carita Pantun", identifiers={"isbn": ISBNS[2]})
    assert wanted.wanted_remake().wanted == 1
    world.load("far", marc("P1", "Carita pantun Sunda", isbn=ISBNS[2], year=2020))
    assert (wanted.wanted_remake().wanted, ArrivedTitle.objects.count()) == (0, 1)
    wanted.wanted_remake()
    assert (arrivals.arrivals_tell(), arrivals.arrivals_tell()) == (1, 0)
    mail = OutgoingMail.objects.get(template="acquiring_arrived")
    assert (mail.to_email, mail.library_id) == ("meja@near.example", world.near.pk)
    assert "Carita pantun Sunda" in mail.body_text


def test_the_night_settles_plans_first_so_that_a_book_is_told_of_once(world: World) -> None:
    failed_request(world.near, "N-1", title="Carita Pantun", identifiers={"isbn": ISBNS[2]})
    tasks_acquiring.wanted_nightly()
    wish = plans.subject_of_wanted(WantedTitle.objects.get())
    plan = plans.plan_mark(subject=wish, mark=plans.Mark(), actor=world.actor("far"))
    world.load("far", marc("P1", "Carita pantun Sunda", isbn=ISBNS[2], year=2020, call="899 CAR"))
    for _night in range(2):
        tasks_acquiring.wanted_nightly()
    plan.refresh_from_db()
    assert (plan.state, WantedTitle.objects.count()) == ("held", 0)
    assert OutgoingMail.objects.filter(template="acquiring_arrived").count() == 1


def test_one_mail_a_day_holds_all_that_came(world: World) -> None:
    for identifier in ("A1", "B1", "C1"):
        ArrivedTitle.objects.create(library=world.near, edition=world.edition("own", identifier))
    assert arrivals.arrivals_tell(today=DAY) == 1
    ArrivedTitle.objects.update(told_at=None)
    assert arrivals.arrivals_tell(today=DAY) == 0
    assert ArrivedTitle.objects.filter(told_at=None).count() == 3, (
        "what came later that day waits for the next"
    )
    assert arrivals.arrivals_tell(today=DAY + timedelta(days=1)) == 1


def test_a_copy_that_a_library_got_since_answers_a_wish_for_an_edition(world: World) -> None:
    edition = world.edition("own", "A1")
    failed_request(world.near, "N-1", edition=edition, title=edition.title)
    NewTitle.objects.create(
        library=world.far, edition_id=edition.pk, seen_at=timezone.now() + timedelta(days=2)
    )
    assert wanted.wanted_remake().wanted == 0
    assert ArrivedTitle.objects.get().library == world.near


def test_the_list_is_filtered_sorted_and_saved_without_formulas(world: World) -> None:
    edition = world.edition("own", "A1")
    failed_request(world.near, "N-1", edition=edition, title=edition.title)
    failed_request(world.far, "F-1", title="=HYPERLINK(1)", citation={"author": "@sum"})
    wanted.wanted_remake()
    client = client_of(world.staff["own"])
    for query, shown in (
        ("", 2), ("words=MÁNTRI", 1), ("kind=wishes", 1), ("kind=searches", 0), ("region=Bali", 1), ("planned=no", 2),
        ("planned=yes", 0), ("first_year=1900&last_year=1930", 1), ("first_year=x", 2), ("planned=mine", 0),
        ("sort=title&page=99", 2),
    ):  # fmt: skip
        page = client.get(f"/acquisition/?{query}")
        assert page.status_code == 200 and len(page.context["lines"]) == shown, query
    assert len(client_of(world.staff["far"]).get("/acquisition/?planned=mine").context["lines"]) == 1
    answer: Any = client.get("/acquisition/wanted.csv")
    text = b"".join(answer.streaming_content).decode()
    assert "'=HYPERLINK(1)" in text and "'@sum" in text and "Perpustakaan NEAR (1)" in text


def test_a_page_asks_as_often_for_twenty_titles_as_for_one(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = client_of(world.staff["own"])
    client.get("/acquisition/")
    failed_request(world.near, "N-0", title="Judul 0")
    for number in range(1, 20):
        failed_request(world.far if number % 2 else world.near, f"N-{number}", title=f"Judul {number}")
    wanted.wanted_remake()
    with django_assert_max_num_queries(16), override("en"):
        page = client.get("/acquisition/")
    assert len(page.context["lines"]) == 20
