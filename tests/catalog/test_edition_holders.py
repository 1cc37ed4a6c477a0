"""The libraries on the page of an edition: folded when many, on what terms they lend, and why one can't."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from lxml import html

from catalog.choices import ItemStatus
from catalog.models import Edition
from catalog.presenters import edition_holders
from catalog.presenters.edition_holders import FOLDED_AFTER, held_of, holders_of_edition
from catalog.presenters.edition_lending import Lending, lending_of
from catalog.selectors.lending import Terms, terms_of
from loans.models import SupplierStats
from members.models import ClosedDay, DoNotRoute, Library, LibraryPolicy, Network, NetworkMember, TransitTime
from tests.catalog.search.world import edition, holding, library

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Edition:
    return edition("Bumi manusia", "Pramoedya Ananta Toer")


@pytest.fixture
def home() -> Library:
    return library("HOME", latitude=-6.9, longitude=107.6)


def lending(book: Edition, place: Library, near: Library | None = None) -> Lending:
    with override("en"):
        held = held_of(book, near.pk if near else None)
        found = holders_of_edition(book, held, {"shown": "1000"})
    return next(one.lending for one in found.shown if one.library.pk == place.pk)


def many(book: Edition, count: int) -> None:
    for number in range(count):
        where = {
            "city": "Malang" if number % 10 == 3 else "Bandung",
            "latitude": -7.0,
            "longitude": 108 + number / 9,
        }
        holding(book, library(f"M{number}", f"Perpustakaan {number}", **where))


def test_only_the_nearest_are_shown_and_all_on_request(client: Client, book: Edition, home: Library) -> None:
    many(book, 31)
    held = held_of(book, home.pk)
    found = holders_of_edition(book, held, {})
    assert [one.place.name for one in found.shown] == [f"Perpustakaan {n}" for n in range(FOLDED_AFTER)]
    assert (found.library_count, found.available_count, found.left_out) == (31, 31, 11)
    page = html.fromstring(client.get(f"/edition/{book.pk}").content)
    assert len(page.xpath("//table[contains(@class, 'holdings')]/tbody")) == FOLDED_AFTER
    unfold = page.xpath("//div[@id='holders']//a[contains(@href, 'shown=')]/@href")[0]
    page = html.fromstring(client.get(unfold.partition("#")[0]).content)
    assert len(page.xpath("//table[contains(@class, 'holdings')]/tbody")) == 31


def test_the_filter_finds_by_library_and_town(client: Client, book: Edition) -> None:
    many(book, 31)
    for asked, count in (
        ("malang", 3),
        ("perpustakaan 30", 1),
        ("PERPUSTAKAAN  13 malang", 1),
        ("surabaya", 0),
    ):
        found = holders_of_edition(book, held_of(book, None), {"held_by": asked})
        assert found.matching == len(found.shown) == count, asked
    page = html.fromstring(client.get(f"/edition/{book.pk}?held_by=<b>").content)
    assert page.xpath("//input[@name='held_by']/@value") == ["<b>"]


def test_htmx_gets_the_table_alone(client: Client, book: Edition) -> None:
    many(book, 23)
    answer = client.get(
        f"/edition/{book.pk}?held_by=malang", headers={"HX-Request": "true", "HX-Target": "holders"}
    )
    part = html.fromstring(answer.content)
    assert part.tag == "section"
    assert part.xpath(".//*[@id='holders']") and part.xpath(".//*[@id='holders-status']")
    assert b"<html" not in answer.content
    assert "HX-Request" in answer.headers["Vary"]


def test_few_libraries_need_no_filter(client: Client, book: Edition) -> None:
    many(book, 3)
    assert b"held_by" not in client.get(f"/edition/{book.pk}").content


def test_the_terms_are_one_sentence(book: Edition) -> None:
    place = library("A", loan_days=21)
    held = [holding(book, place)]
    policy = LibraryPolicy(library=place, service="loan", cost_basis="fixed", cost_amount=Decimal(5000))
    terms = Terms(policy, arrives=timezone.localdate() + timedelta(days=6))
    with override("en"):
        found = lending_of(book, place, held, terms, None)
    assert found == Lending(terms="Lends for 21 days, IDR 5,000; with you in about 6 days.")


@pytest.mark.parametrize(
    ("of_library", "of_policy", "of_holding", "told"),
    [
        ({"status": "suspended"}, {}, {}, "membership is suspended"),
        ({"lends": False}, {}, {}, "Does not lend to other libraries."),
        ({}, {"supplies": False}, {}, "Does not lend to other libraries."),
        ({}, {"lends_formats": ["video"]}, {}, "this kind of material"),
        ({}, {"lends_formats": ["book"]}, {}, ""),
        ({}, {}, {"status": ItemStatus.REFERENCE}, "Only to be read there"),
        ({}, {}, {"status": ItemStatus.UNAVAILABLE, "available_count": 0}, "can't hand it out"),
        ({}, {}, {"status": ItemStatus.UNKNOWN, "available_count": None}, ""),
    ],
)
def test_why_a_library_cannot_lend(
    book: Edition,
    of_library: dict[str, Any],
    of_policy: dict[str, Any],
    of_holding: dict[str, Any],
    told: str,
) -> None:
    place = library("A", **of_library)
    LibraryPolicy.objects.create(library=place, service="loan", **of_policy)
    holding(book, place, **of_holding)
    found = lending(book, place)
    assert told in found.refusal if told else not found.refusal and found.terms


def test_one_copy_to_be_lent_is_enough(book: Edition) -> None:
    place = library("A")
    holding(book, place, status=ItemStatus.REFERENCE, location="Rujukan")
    holding(book, place)
    assert not lending(book, place).refusal


def test_a_copy_that_is_out_is_a_reason_to_wait(book: Edition) -> None:
    place = library("A")
    holding(book, place, status=ItemStatus.ON_LOAN, available_count=0)
    found = lending(book, place)
    assert (found.refusal, found.wait) == ("", "Nothing on the shelf: all copies are lent out.")
    assert found.terms == "Lends for 28 days, free of charge."


def test_a_pause_in_the_network_is_told_with_its_end(book: Edition) -> None:
    place = library("A")
    network = Network.objects.create(code="N", name="N")
    until = timezone.localdate() + timedelta(days=3)
    member = NetworkMember.objects.create(network=network, library=place, paused_until=until)
    holding(book, place)
    assert lending(book, place).refusal.startswith("Takes no part in lending until")
    NetworkMember.objects.filter(pk=member.pk).update(paused_until=timezone.localdate() - timedelta(days=1))
    assert not lending(book, place).refusal


@pytest.mark.parametrize(
    ("mine", "direction", "told"),
    [
        (True, "never_ask", "Your library does not borrow from it."),
        (False, "never_serve", "Does not lend to your library."),
        (True, "never_serve", ""),
        (False, "never_ask", ""),
        (True, "both", "Your library does not borrow from it."),
    ],
)
def test_libraries_that_leave_each_other_out(
    book: Edition, home: Library, mine: bool, direction: str, told: str
) -> None:
    place = library("A")
    holding(book, place)
    one, two = (home, place) if mine else (place, home)
    DoNotRoute.objects.create(library=one, other=two, direction=direction)
    assert lending(book, place, home).refusal == told
    assert not lending(book, place).refusal, "of nobody's library nothing is known"


def test_a_library_that_is_closed_for_long_says_until_when(book: Edition) -> None:
    place, today = library("A"), timezone.localdate()
    end = today + timedelta(days=20)
    ClosedDay.objects.create(library=place, day=today, until=end, name="Renovasi", year=today.year)
    holding(book, place)
    found = lending(book, place)
    assert found.wait.startswith("Closed until ")
    assert "about" not in found.terms


def test_the_days_come_from_answers_promises_and_the_post(book: Edition, home: Library) -> None:
    quick, slow, far = library("Q"), library("S"), library("F")
    for place, hours in ((quick, 1), (slow, 160)):
        SupplierStats.objects.create(
            library=place, service="loan", format="", median_hours=hours, fill_rate=1, answered=9,
            window_end=timezone.now(),
        )  # fmt: skip
    LibraryPolicy.objects.create(library=far, service="loan", response_hours=1)
    TransitTime.objects.create(from_library=far, to_library=home, days=11)
    TransitTime.objects.create(from_library=quick, to_library=home, days=1)
    found = terms_of([quick, slow, far], home.pk, "book")
    arrives = {place: found[place.pk].arrives for place in (quick, slow, far)}
    assert arrives[far] - arrives[quick] == timedelta(days=10), "both answer in an hour"
    assert arrives[slow] - arrives[quick] > timedelta(days=20), "twenty days of work"


def test_the_own_library_is_marked_and_lends_by_itself(client: Client, book: Edition, home: Library) -> None:
    holding(book, home)
    holding(book, library("A"))
    found = holders_of_edition(book, held_of(book, home.pk), {}).shown
    assert [one.is_own for one in found] == [True, False]
    assert found[0].lending == Lending()


def test_copies_side_by_side_are_one_line(book: Edition) -> None:
    place = library("A")
    for shelf in ("Lantai 1", "Lantai 1", "Lantai 2"):
        holding(book, place, location=shelf)
    with override("en"):
        lines = holders_of_edition(book, held_of(book, None), {}).shown[0].lines
    assert [(line.location, line.copies) for line in lines] == [
        ("Lantai 1", "2 of 2 copies"),
        ("Lantai 2", ""),
    ]


def test_the_number_of_statements_is_the_same_for_three_libraries_and_thirty(
    book: Edition, home: Library
) -> None:
    def statements(count: int) -> int:
        many(book, count)
        with CaptureQueriesContext(connection) as seen:
            holders_of_edition(book, held_of(book, home.pk), {"shown": "1000"})
        return len(seen)

    assert statements(3) == statements(30) <= 15


def test_a_file_of_the_library_is_linked_beside_its_shelf(client: Client, book: Edition) -> None:
    holding(book, library("A"), url="https://repo.example/1.pdf")
    holding(book, library("B"), url="javascript:alert(1)")
    page = html.fromstring(client.get(f"/edition/{book.pk}").content)
    links = page.xpath("//table[contains(@class, 'holdings')]//td//a")
    assert [(link.get("href"), "noopener" in link.get("rel")) for link in links] == [
        ("https://repo.example/1.pdf", True)
    ]


def test_more_come_in_steps_until_none_is_left(book: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition_holders, "STEP", 8)
    many(book, 35)
    held, asked, steps = held_of(book, None), "", []
    while True:
        found = holders_of_edition(book, held, {"shown": asked})
        steps.append((len(found.shown), found.more))
        if not found.more:
            break
        asked = found.more_url.partition("shown=")[2].partition("#")[0]
    assert steps == [(20, 8), (28, 7), (35, 0)]


@pytest.mark.parametrize("asked", ["-1", "abc", "99999999999999", "٣", "1e9"])
def test_a_number_that_is_none_shows_the_nearest(book: Edition, asked: str) -> None:
    many(book, 22)
    assert len(holders_of_edition(book, held_of(book, None), {"shown": asked}).shown) == FOLDED_AFTER
