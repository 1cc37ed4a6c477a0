"""The page of one edition, and its MARC view."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from datetime import timezone as tz
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from lxml import html

from catalog.choices import ItemStatus
from catalog.covers import provider
from catalog.models import Edition, Holding, Item
from catalog.presenters.edition import edition_view
from catalog.presenters.edition_holders import catalogue_url, due_words
from catalog.presenters.edition_lending import short_day
from catalog.search import indexer
from tests.catalog.search.world import edition, holding, library
from tests.loans.world import make_person

pytestmark = pytest.mark.django_db
BANDUNG = {"latitude": -6.9, "longitude": 107.6}
YOGYAKARTA = {"latitude": -7.8, "longitude": 110.4, "city": "Yogyakarta"}
JAKARTA = {"latitude": -6.2, "longitude": 106.8, "city": "Jakarta"}
DISPLAY = {
    "place": "Yogyakarta", "edition_statement": "Cet. 5", "extent": "xviii, 534 hlm.", "languages": ["ind"],
    "subjects": ["Fiksi Indonesia"], "summary": "Sepuluh anak di Belitung.", "notes": ["Tetralogi <1>"],
    "links": ["https://example.org/a", "javascript:alert(1)", "ftp://example.org/b", "HTTPS://EXAMPLE.ORG/C"],
    "identifiers": [
        {"scheme": "isbn", "value": "9789793062792"},
        {"scheme": "isbn", "value": "979-306", "valid": False},
    ],
}  # fmt: skip


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def pelangi() -> Edition:
    return edition(
        "Laskar Pelangi", "Andrea Hirata", subtitle="sebuah novel", publisher="Bentang", display=DISPLAY
    )


def page_of(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_the_page_says_what_it_is_and_who_has_it(english: Client, pelangi: Edition) -> None:
    holding(
        pelangi, library("BDG", "Perpustakaan Bandung"), item_count=3, available_count=2, location="Lantai 2"
    )
    page = page_of(english, f"/edition/{pelangi.pk}")
    assert page.findtext(".//h1") == "Laskar Pelangi: sebuah novel"
    assert page.find(".//h1").get("lang") == "id"
    text = page.text_content()
    for expected in ("Yogyakarta: Bentang, 2005", "Cet. 5", "9789793062792", "check digit is wrong", "899.221 HIR l",
                     "Lantai 2", "2 of 3 copies", "Tetralogi <1>"):  # fmt: skip
        assert expected in text, expected
    assert not page.xpath("//a[starts-with(@href, 'javascript')]")
    assert page.xpath("//a[@href='/search?subject=Fiksi+Indonesia']")


def test_only_web_addresses_become_links(english: Client, pelangi: Edition) -> None:
    page = page_of(english, f"/edition/{pelangi.pk}")
    followed = [
        link
        for link in page.xpath("//@href")
        if link.lower().partition(":")[0] in ("https", "javascript", "ftp")
    ]
    assert followed == ["https://example.org/a", "HTTPS://EXAMPLE.ORG/C"]
    assert "javascript:alert(1)" in page.text_content()


def test_the_nearest_library_comes_first_and_the_own_before_all(pelangi: Edition) -> None:
    own, near, far = library("BDG", **BANDUNG), library("JKT", **JAKARTA), library("JOG", **YOGYAKARTA)
    for place in (far, near, own):
        holding(pelangi, place)
    holding(pelangi, far, location="Cabang")
    view = edition_view(pelangi, near_library_id=own.pk)
    assert [held.library for held in view.holders.shown] == [own, near, far]
    assert view.holders.shown[0].place.km == 0
    assert [len(held.lines) for held in view.holders.shown] == [1, 1, 2]
    assert view.holders.available_count == 3


def test_a_merged_edition_leads_to_the_survivor_for_good(client: Client, pelangi: Edition) -> None:
    old = edition("Laskar pelangi")
    older = edition("Laskar pelangi (novel)")
    Edition.objects.filter(pk=older.pk).update(merged_into=old)
    Edition.objects.filter(pk=old.pk).update(merged_into=pelangi)
    for path in ("", "/marc"):
        response = client.get(f"/edition/{older.pk}{path}")
        assert (response.status_code, response["Location"]) == (301, f"/edition/{pelangi.pk}{path}")


def test_an_unknown_number_is_not_found(client: Client) -> None:
    assert client.get("/edition/987654321").status_code == 404


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("https://opac.id/?isbn={isbn}", "https://opac.id/?isbn=9789793062792"),
        ("https://opac.id/{id}", "https://opac.id/BDG-{pk}-0"),
        ("https://opac.id/?t={title}", "https://opac.id/?t=Laskar%20Pelangi"),
        ("", ""),
        ("javascript:alert('{id}')", ""),
    ],
)
def test_the_link_into_the_librarys_own_catalogue(pelangi: Edition, pattern: str, address: str) -> None:
    held = holding(pelangi, library("BDG", opac_link_pattern=pattern))
    assert catalogue_url(held, pelangi) == address.replace("{pk}", str(pelangi.pk))


def test_a_link_that_needs_an_isbn_is_left_out_without_one() -> None:
    other = edition("Laut")
    held = holding(other, library("BDG", opac_link_pattern="https://opac.id/{isbn}"))
    assert catalogue_url(held, other) == ""


def test_other_editions_of_the_title_by_the_same_author(pelangi: Edition) -> None:
    held = {"held_by": (library("BDG"),)}
    same = edition("Laskar pelangi", "Hirata, Andrea", year=2015, **held)
    edition("Laskar Pelangi", "Riri Riza", format="video", **held)
    edition("Laskar Pelangi dan kita", "Andrea Hirata", **held)
    edition("Laskar pelangi", "Hirata, Andrea", year=2016)  # nobody has it any more
    view = edition_view(pelangi, near_library_id=None)
    assert [other.edition_id for other in view.work.editions] == [same.pk]
    assert not view.work.translations


def test_the_marc_view_shows_each_record_as_it_came(english: Client, pelangi: Edition) -> None:
    from pymarc import Field, Record, Subfield

    record = Record(force_utf8=True)
    record.add_field(Field("001", data="x1"))
    record.add_field(
        Field("245", ["1", "0"], [Subfield("a", "Laskar pelangi /"), Subfield("c", "Andrea <Hirata>")])
    )
    held = holding(pelangi, library("BDG", "Perpustakaan Bandung"))
    held.record.raw = zlib.compress(record.as_marc()[:-1])
    held.record.save()
    broken = holding(pelangi, library("JKT"))
    broken.record.raw = b"not compressed"
    broken.record.save()
    page = page_of(english, f"/edition/{pelangi.pk}/marc")
    row = next(row for row in page.iter("tr") if row.findtext("th") == "245")
    cells = [" ".join(cell.text_content().split()) for cell in row]
    assert cells == ["245", "10", "$a Laskar pelangi / $c Andrea <Hirata>"]
    assert "cannot be shown" in page.text_content()


def test_the_number_of_statements_does_not_grow_with_the_holdings(client: Client, pelangi: Edition) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/edition/{pelangi.pk}")
        return len(seen)

    holding(pelangi, library("A0"))
    indexer.index_dirty()
    provider.current()  # of covers; asked for once a minute
    few = statements()
    for number in range(12):
        holding(pelangi, library(f"B{number}"))
    assert statements() == few <= 20


def test_the_request_stands_at_the_top_and_again_after_the_holders(english: Client, pelangi: Edition) -> None:
    own, other = library("BDG"), library("JKT")
    holding(pelangi, other)
    english.force_login(make_person("reader@example.org", own, "patron"))
    page = page_of(english, f"/edition/{pelangi.pk}")
    way = f"//a[@href='/request/new?edition={pelangi.pk}']"
    assert len(page.xpath(f"//div[@class='request-foot']{way}")) == 1
    assert len(page.xpath(f"//div[@class='request-again']{way}")) == 1
    assert page.xpath("//table[contains(@class, 'holdings')]/following::div[@class='request-again']")
    with CaptureQueriesContext(connection) as seen:
        english.get(f"/edition/{pelangi.pk}")
    asked = [query for query in seen if "loans_request" in query["sql"] and "part_key" in query["sql"]]
    assert len(asked) == 1, "the offer is made once"


def lend(held: Holding, days: int, barcode: str = "B1") -> None:
    """One of its copies is out, due so many days from now."""
    held.barcodes = [*held.barcodes, barcode]
    held.save(update_fields=["barcodes"])
    Item.objects.create(
        source=held.record.source, record=held.record, item_id=barcode, status="on_loan",
        due_at=timezone.now() + timedelta(days=days), as_of=timezone.now(),
    )  # fmt: skip


def test_a_lent_copy_says_when_it_is_due_back_or_was_due(english: Client, pelangi: Edition) -> None:
    lent = {"status": ItemStatus.ON_LOAN, "available_count": 0}
    for code, days in (("BDG", 9), ("JKT", -9)):
        lend(holding(pelangi, library(code), **lent), days, f"B-{code}")
    there = holding(pelangi, library("JOG"), item_count=2)
    lend(there, 3)
    text = page_of(english, f"/edition/{pelangi.pk}").text_content()
    with translation.override("en"):
        assert f"is due back on {short_day(timezone.localdate() + timedelta(days=9))}." in text
        assert f"was due back on {short_day(timezone.localdate() - timedelta(days=9))}." in text
    assert text.count("due back") == 2, "where another copy is on the shelf nobody has to wait"


def test_of_two_shelves_each_says_when_its_copy_comes_back(pelangi: Edition) -> None:
    place, lent = library("BDG"), {"status": ItemStatus.ON_LOAN, "available_count": 0}
    for number, days in enumerate((9, 4)):
        lend(holding(pelangi, place, location=f"Lantai {number}", **lent), days, f"B{number}")
    with translation.override("en"):
        held = edition_view(pelangi, near_library_id=None).holders.shown[0]
        assert [line.due for line in held.lines] == [
            due_words(timezone.now() + timedelta(days=days)) for days in (9, 4)
        ]
        assert short_day(timezone.localdate() + timedelta(days=4)) in held.lending.wait, "the first of them"


def test_a_due_date_of_another_year_has_its_year() -> None:
    with translation.override("en"):
        assert (
            due_words(datetime(2019, 7, 3, 3, tzinfo=tz.utc))
            == "was due 3\N{NO-BREAK SPACE}Jul\N{NO-BREAK SPACE}2019"
        )
