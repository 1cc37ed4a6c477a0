"""The A–Z lists follow the editions: counts, references, order, pages from a place."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from lxml import html

from catalog.browsing.extract import Line, clean, lines_of, sort_key
from catalog.browsing.keeping import keep_headings
from catalog.choices import HeadingKind
from catalog.models import Edition, Heading, HeadingOutbox, HeadingUse, SourceRecord
from catalog.search import indexer
from catalog.selectors import browsing
from tests.catalog.search.world import edition, holding, library, mark_dirty

AUTHOR, TITLE = HeadingKind.AUTHOR.value, HeadingKind.TITLE.value


@pytest.mark.parametrize(
    ("text", "nonfiling", "filed"),
    [
        ("The Qur’ān: a guide", 4, "quran a guide"), ("Ílmu Tanah", 0, "ilmu tanah"), ("«Aceh»", 0, "aceh"),
        ("A. A. Navis", 0, "a a navis"), ("The", 9, "the"), ("...", 0, "..."), ("مقدمة", 0, "مقدمه"),
    ],
)  # fmt: skip
def test_a_heading_is_filed_without_article_accents_and_signs(text: str, nonfiling: int, filed: str) -> None:
    assert sort_key(text, nonfiling=nonfiling) == filed


def test_volumes_and_years_are_filed_as_numbers() -> None:
    titles = [
        "Jilid 1",
        "Jilid 02",
        "Jilid 10",
        "Jilid 110",
        "Jilid dua",
        "1984",
        "3 Srikandi",
        "0 derajat",
        "007",
    ]
    assert sorted(titles, key=sort_key) == [
        "0 derajat", "3 Srikandi", "007", "1984", "Jilid 1", "Jilid 02", "Jilid 10", "Jilid 110", "Jilid dua",
    ]  # fmt: skip


@pytest.mark.django_db
def test_headings_that_were_kept_before_come_into_the_same_order() -> None:
    Heading.objects.create(kind=TITLE, text="Jilid 10", sort="jilid 10", count=1)
    Heading.objects.create(kind=HeadingKind.CALL, text="899.2", sort="899.2", count=1)
    migration = import_module("catalog.migrations.0032_numbers_in_order")
    migration.file_numbers(apps, SimpleNamespace(connection=connection))
    assert set(Heading.objects.values_list("sort", flat=True)) == {sort_key("Jilid 10"), "899.2"}


def test_a_shelf_mark_is_filed_by_its_numbers() -> None:
    marks = ["899.221 3 HIR", "899.2 X", "899 A", "899.221 HIR"]
    assert sorted(marks, key=lambda mark: sort_key(mark, kind=HeadingKind.CALL)) == [
        "899 A", "899.2 X", "899.221 3 HIR", "899.221 HIR",
    ]  # fmt: skip


def test_signs_of_cataloguing_go_and_initials_keep_their_stop() -> None:
    assert [clean(text) for text in ("Moeis, Abdoel,", "Laut /", "Navis, A. A.", "Hirata, Andrea.")] == [
        "Moeis, Abdoel", "Laut", "Navis, A. A.", "Hirata, Andrea",
    ]  # fmt: skip


def test_variants_refer_to_the_heading_unless_they_stand_at_the_same_place() -> None:
    display = {"title": "Bumi Manusia", "variant_titles": ["This earth of mankind", "BUMI MANUSIA"],
               "contributors": [{"name": "Toer, Pramoedya Ananta"}]}  # fmt: skip
    found = lines_of(display, format="book", names=["Pramoedya Ananta Toer", "Toer, Pramoedya Ananta."])
    references = {(line.text, line.see) for line in found if line.see}
    assert references == {
        ("This earth of mankind", "Bumi Manusia"), ("Pramoedya Ananta Toer", "Toer, Pramoedya Ananta"),
    }  # fmt: skip
    assert Line(TITLE, "Bumi Manusia", "bumi manusia") in found


def counts(kind: str = AUTHOR) -> dict[str, int]:
    return dict(Heading.objects.filter(kind=kind, see="").values_list("text", "count"))


@pytest.mark.django_db
def test_the_first_time_all_editions_are_read_and_then_what_changed() -> None:
    near = library("NEAR")
    edition("Laskar Pelangi", "Hirata, Andrea", held_by=(near,))
    sang = edition("Sang Pemimpi", "Hirata, Andrea", held_by=(near,))
    indexer.index_dirty()
    keep_headings()
    assert counts() == {"Hirata, Andrea": 2}
    assert counts("call") == {"899.221 HIR l": 2}
    sang.display["contributors"] = [{"name": "Hirata, A."}]
    sang.save()
    mark_dirty(sang)
    indexer.index_dirty()
    assert HeadingOutbox.objects.count() == 1
    keep_headings()
    assert counts() == {"Hirata, Andrea": 1, "Hirata, A.": 1}
    assert not HeadingOutbox.objects.exists()


@pytest.mark.django_db
def test_reading_an_edition_again_counts_nothing_twice() -> None:
    made = edition("Laut", "Chudori, Leila S.", held_by=(library("NEAR"),))
    keep_headings()
    before = set(HeadingUse.objects.values_list("edition_id", "heading_id"))
    HeadingOutbox.objects.bulk_create([HeadingOutbox(edition_id=made.pk)] * 3)
    keep_headings()
    assert counts() == {"Chudori, Leila S.": 1}
    assert set(HeadingUse.objects.values_list("edition_id", "heading_id")) == before


@pytest.mark.django_db
def test_an_edition_that_was_joined_or_lost_its_records_leaves_no_heading() -> None:
    near = library("NEAR")
    stays = edition("Laut", "Chudori", held_by=(near,))
    joined, empty = edition("Laut", "Chudori", held_by=(near,)), edition("Gunung", "Sari", held_by=(near,))
    keep_headings()
    assert counts() == {"Chudori": 2, "Sari": 1}
    Edition.objects.filter(pk=joined.pk).update(merged_into=stays)
    Edition.objects.filter(pk=empty.pk).update(record_count=0)
    HeadingOutbox.objects.bulk_create(HeadingOutbox(edition_id=pk) for pk in (joined.pk, empty.pk))
    keep_headings()
    assert counts() == {"Chudori": 1}
    assert counts(TITLE) == {"Laut": 1}


@pytest.mark.django_db
def test_what_another_record_calls_the_author_refers_to_the_heading() -> None:
    made = edition("Salah Asuhan", "Muis, Abdul", held_by=(library("NEAR"),))
    holding(made, library("FAR"))
    SourceRecord.objects.filter(source__library__short_code="FAR").update(
        draft={"contributors": [{"name": "Moeis, Abdoel"}]}
    )
    keep_headings()
    assert Heading.objects.filter(text="Moeis, Abdoel", see="Muis, Abdul", count=1).exists()


@pytest.mark.django_db
def test_pages_go_on_and_back_from_a_place_without_gaps() -> None:
    Heading.objects.bulk_create(
        Heading(kind=AUTHOR, text=f"Nama {n:02} {twin}", sort=sort_key(f"Nama {n // 2:02}"), count=1)
        for n in range(25) for twin in "ab"
    )  # fmt: skip
    seen, lines = [], browsing.headings_from(AUTHOR, "", 7)
    assert lines.before is None
    while True:
        seen += [row.pk for row in lines.rows]
        if lines.after is None:
            break
        lines = browsing.headings_after(AUTHOR, lines.after, 7)
    in_order = list(Heading.objects.order_by("sort", "id").values_list("pk", flat=True))
    assert seen == in_order
    last = lines.rows[0].pk
    assert lines.before
    back = browsing.headings_before(AUTHOR, lines.before, 7)
    place = in_order.index(last)
    assert [row.pk for row in back.rows] == in_order[place - 7 : place]
    assert browsing.headings_from(AUTHOR, "nama 05", 2).rows[0].sort == sort_key("Nama 5")


def links(page: Any) -> dict[str, str]:
    return {a.text_content(): a.get("href") for a in page.xpath("//main//table//a")}


@pytest.mark.django_db
def test_each_line_leads_to_as_many_titles_as_it_says() -> None:
    near = library("NEAR")
    for title in ("Laskar Pelangi", "Sang Pemimpi"):
        edition(title, "Hirata, Andrea", held_by=(near,), display={"subjects": ["Fiksi Indonesia"]})
    alone = edition("Laut", "Chudori, Leila S.", held_by=(near,))
    indexer.index_dirty()
    keep_headings()
    client = Client()
    page = html.fromstring(client.get("/browse/author/?from=h").content.decode())
    assert list(links(page)) == ["Hirata, Andrea"]
    found = client.get(links(page)["Hirata, Andrea"]).content.decode()
    assert "Laskar Pelangi" in found and "Sang Pemimpi" in found and "Laut" not in found
    subjects = html.fromstring(client.get("/browse/subject/").content.decode())
    assert "Sang Pemimpi" in client.get(links(subjects)["Fiksi Indonesia"]).content.decode()
    titles = html.fromstring(client.get("/browse/title/?from=laut").content.decode())
    assert links(titles)["Laut"] == alone.get_absolute_url()
    call = links(html.fromstring(client.get("/browse/call/").content.decode()))["899.221 HIR l"]
    assert parse_qs(urlsplit(call).query)["q"] == ['panggil:"899.221 HIR l"']
    assert "Laut" in client.get(call).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/browse/", "/browse/title/?from=%00",
     "/browse/call/?after=x&at=y", "/browse/author/?before=&at=999999999999999999",
     "/browse/new/?after=nonsense&at=1", "/browse/new/?after=2026-02-31T00:00&at=1", "/browse/serials/?many=1"],
)  # fmt: skip
def test_no_address_of_browsing_is_a_mistake(address: str) -> None:
    assert Client().get(address).status_code == 200


@pytest.mark.django_db
def test_a_list_that_does_not_exist_is_not_found() -> None:
    assert Client().get("/browse/serial/").status_code == Client().get("/browse/nonsense/").status_code == 404
