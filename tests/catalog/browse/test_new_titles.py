"""What is new, the union list of serials and the directory of libraries."""

from __future__ import annotations

import csv
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from catalog.browsing import new_titles
from catalog.browsing.keeping import keep_headings
from catalog.models import Edition, HeadingOutbox, Holding, NewTitle, Run, Source, SourceRecord
from members.models import Library, WorkingHours
from members.presenters_directory import HEIGHT, WIDTH, catalogue_of, hours_of, map_of
from tests.catalog.search.world import edition, holding, library

NOW = timezone.now()


def page_at(address: str, **asked: str) -> Any:
    return html.fromstring(Client().get(address, asked).content.decode())


def file_at(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def ran(place: Library, *, days_ago: float, created: int = 1) -> None:
    source, _made = Source.objects.get_or_create(library=place, name="Katalog")
    at = NOW - timedelta(days=days_ago)
    Run.objects.create(
        source=source, status="done", created=created, started_at=at - timedelta(hours=1), finished_at=at
    )


def seen(made: Edition, days_ago: float) -> None:
    SourceRecord.objects.filter(edition=made).update(first_seen_at=NOW - timedelta(days=days_ago))


def look() -> None:
    HeadingOutbox.objects.bulk_create(
        HeadingOutbox(edition_id=pk) for pk in Edition.objects.values_list("pk", flat=True)
    )
    keep_headings()


def news(code: str = "") -> list[str]:
    page = page_at("/browse/new/", library=code)
    return [" ".join(found.text_content().split()) for found in page.find_class("title")]


@pytest.mark.django_db
def test_the_first_load_is_not_news_and_what_comes_after_is() -> None:
    near, far = library("NEAR"), library("FAR")
    old, fresh = edition("Lama", held_by=(near,)), edition("Baru", held_by=(near,))
    shared = edition("Bersama", held_by=(far,))
    ran(near, days_ago=10)
    ran(far, days_ago=10)
    seen(old, 11)
    seen(shared, 11)
    seen(fresh, 2)
    look()
    assert news() == news("NEAR") == ["Baru"]
    assert news("FAR") == []
    holding(shared, near)  # new to one library, known to the network
    look()
    assert news("NEAR") == ["Bersama", "Baru"]
    assert news() == ["Baru"]


@pytest.mark.django_db
def test_a_library_without_a_finished_load_has_no_news() -> None:
    made = edition("Baru", held_by=(library("NEAR"),))
    seen(made, 1)
    look()
    assert news() == news("NEAR") == []


@pytest.mark.django_db
def test_a_catalogue_that_is_loaded_again_under_other_numbers_is_not_news(monkeypatch: Any) -> None:
    near = library("NEAR")
    first, again, single = (edition(title, held_by=(near,)) for title in ("Satu", "Dua", "Tiga"))
    ran(near, days_ago=20, created=5000)
    ran(near, days_ago=5, created=4000)
    ran(near, days_ago=1, created=3)
    seen(first, 20.01)
    seen(again, 5.01)
    seen(single, 1.01)
    look()
    assert news("NEAR") == ["Tiga"]


@pytest.mark.django_db
def test_what_a_library_no_longer_holds_is_no_longer_new_there() -> None:
    near = library("NEAR")
    made = edition("Baru", held_by=(near,))
    ran(near, days_ago=10)
    look()
    assert NewTitle.objects.count() == 1
    Holding.objects.filter(edition=made).delete()
    look()
    assert not NewTitle.objects.exists()
    assert new_titles.KEPT_DAYS > 365


@pytest.mark.django_db
def test_new_titles_go_on_page_by_page() -> None:
    near = library("NEAR")
    made = [edition(f"Judul {n:02}", held_by=(near,)) for n in range(45)]
    NewTitle.objects.bulk_create(
        NewTitle(library=near, edition_id=one.pk, is_first=True, seen_at=NOW - timedelta(hours=n // 2))
        for n, one in enumerate(made)
    )
    page = page_at("/browse/new/")
    assert len(page.find_class("title")) == 40
    (on,) = page.xpath("//a[@rel='next']/@href")
    rest = page_at("/browse/new/" + on)
    assert len(rest.find_class("title")) == 5
    assert not rest.xpath("//a[@rel='next']")


@pytest.mark.django_db
def test_the_union_list_tells_which_library_has_which_years() -> None:
    near, far = library("NEAR", "Perpustakaan Dekat"), library("FAR", "Perpustakaan Jauh")
    made = edition(
        "Basis", format="serial", held_by=(near, far), publisher="Kanisius",
        display={"identifiers": [{"scheme": "issn", "value": "0005-6138"}], "variant_titles": ["Majalah kebudayaan"]},
    )  # fmt: skip
    edition("Buku Saja", held_by=(near,))
    Holding.objects.filter(edition=made, library=near).update(
        coverage=[{"from": 1990, "to": 2005, "gaps": [{"from": 1997, "to": 1997}]}]
    )
    Holding.objects.filter(edition=made, library=far).update(textual="th. 1-3 tidak lengkap")
    keep_headings()
    page = page_at("/browse/serials/")
    told = " ".join(page.xpath("//main")[0].text_content().split())
    assert "1990–2005" in told and "1997" in told and "th. 1-3 tidak lengkap" in told
    assert "0005-6138" in told and "Buku Saja" not in told
    assert page.find_class("reference")[0].xpath(".//a/text()") == ["Basis"]
    text = file_at(Client(), "/browse/serials.csv")
    rows = list(csv.reader(text.splitlines()))
    assert [row[3] for row in rows[1:]] == ["Perpustakaan Dekat", "Perpustakaan Jauh"]
    assert rows[1][:3] == ["Basis", "0005-6138", "Kanisius"]


@pytest.mark.django_db
def test_the_union_list_asks_as_much_for_one_serial_as_for_twenty(django_assert_num_queries: Any) -> None:
    place = library("NEAR")
    edition("Basis 00", format="serial", held_by=(place,))
    keep_headings()
    Client().get("/browse/serials/")
    with django_assert_num_queries(5):
        Client().get("/browse/serials/")
    for n in range(1, 20):
        edition(f"Basis {n:02}", format="serial", held_by=(place,))
    look()
    with django_assert_num_queries(5):
        assert Client().get("/browse/serials/").content.count(b"<section>") == 20


def test_places_stand_on_the_map_where_they_are_and_names_do_not_cover_each_other() -> None:
    def at(city: str, latitude: float | None, longitude: float | None) -> Library:
        return Library(name=city, short_code=city.upper(), city=city, latitude=latitude, longitude=longitude)

    drawn = map_of([
        at("Jakarta", -6.2, 106.8), at("Depok", -6.4, 106.8), at("Jayapura", -2.5, 140.7), at("Nowhere", None, None),
        at("Leiden", 52.2, 4.5),
    ])  # fmt: skip
    dots = {dot.city: dot for dot in drawn.dots}
    assert set(dots) == {"Jakarta", "Depok", "Jayapura"}
    assert dots["Jakarta"].x < dots["Jayapura"].x and dots["Jakarta"].y > dots["Jayapura"].y
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in drawn.dots)
    assert {dots["Jakarta"].name_at, dots["Depok"].name_at} == {"start", "end"}, "no name covers the other"
    assert dots["Jayapura"].name_at == "end"


@pytest.mark.parametrize(
    ("pattern", "front"),
    [
        ("https://opac.example.ac.id/index.php?p=show_detail&id={id}", "https://opac.example.ac.id/"),
        ("", ""), ("https://{id}.example.org/", ""), ("javascript:alert(1)", ""),
    ],
)  # fmt: skip
def test_the_front_of_a_librarys_own_catalogue_comes_from_its_pattern(pattern: str, front: str) -> None:
    assert catalogue_of(Library(opac_link_pattern=pattern)) == front


def test_days_of_the_same_hours_are_told_together() -> None:
    def open_on(day: int, opens: int, closes: int) -> WorkingHours:
        return WorkingHours(weekday=day, opens=time(opens), closes=time(closes))

    told = hours_of(
        [open_on(day, 8, 16) for day in range(4)] + [open_on(4, 8, 11), open_on(4, 13, 16), open_on(6, 8, 16)]
    )
    assert [hours for _days, hours in told] == ["08.00–16.00", "08.00–11.00, 13.00–16.00", "08.00–16.00"]
    assert "–" in told[0][0] and "–" not in told[1][0]


@pytest.mark.django_db
def test_the_directory_links_to_each_librarys_own_website_and_catalogue() -> None:
    place = library(
        "NEAR", latitude=-6.9, longitude=107.6, website="https://near.example/",
        opac_link_pattern="https://opac.near.example/{id}",
    )  # fmt: skip
    library("GONE", status="left")
    WorkingHours.objects.create(library=place, weekday=0, opens=time(8), closes=time(16))
    page = page_at("/members/directory/")
    links = set(page.xpath("//main//a/@href"))
    assert {"https://near.example/", "https://opac.near.example/", "/members/NEAR/", "#NEAR"} <= links
    assert page.get_element_by_id("NEAR").text_content().count("08.00–16.00") == 1
    assert "/members/GONE/" not in links
