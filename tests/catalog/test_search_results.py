"""What stands around and in the list of hits: filters with all their values, years, places, editions of one work."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from lxml import html

from catalog.search import indexer, tantivy_search, years
from catalog.search.hits import PLACES_SHOWN
from catalog.search.query import SearchQuery
from members.models import Library
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def near(db: None) -> Library:
    return library("NEAR", "Perpustakaan Dekat", latitude=-6.9, longitude=107.6)


def page_of(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status
    return html.fromstring(response.content.decode())


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_a_long_filter_is_looked_through_within_the_question(english: Client, near: Library) -> None:
    for number in range(20):
        edition(f"Peta {number}", f"Penulis {chr(65 + number)}", held_by=(near,))
    edition("Laut", "Penulis Zebra", held_by=(near,))
    indexer.index_dirty()
    page = page_of(english, "/search?q=peta")
    box = page.get_element_by_id("in-author")
    assert box.get("hx-get") == "/search/values/author"
    found = page_of(english, "/search/values/author?q=peta&in-author=penulis+c&format=book")
    assert [words(label) for label in found.iter("label") if label.find("input") is not None] == [
        "Penulis C 1"
    ]
    kept = {
        (field.get("name"), field.get("value"))
        for field in found.iter("input")
        if field.get("type") == "hidden"
    }
    assert {("q", "peta"), ("format", "book")} <= kept
    assert words(
        page_of(english, "/search/values/author?q=peta&in-author=zebra").find(".//fieldset")
    ).endswith("so.")
    assert english.get("/search/values/nothing?q=peta").status_code == 404


def test_a_chosen_value_stays_while_others_are_looked_for(english: Client, near: Library) -> None:
    for name in ("Ayu", "Budi"):
        edition(f"Peta {name}", name, held_by=(near,))
    indexer.index_dirty()
    page = page_of(english, "/search/values/author?q=peta&author=Ayu&in-author=bud")
    boxes = [
        (box.get("value"), box.get("checked") is not None) for box in page.xpath("//input[@type='checkbox']")
    ]
    assert boxes == [("Ayu", True), ("Budi", False)]


def test_a_script_gets_the_list_of_values_alone(english: Client, near: Library) -> None:
    edition("Peta", "Ayu", held_by=(near,))
    indexer.index_dirty()
    part = english.get("/search/values/author?q=peta", headers={"HX-Request": "true"})
    assert b"<h1" not in part.content and b"Ayu" in part.content


def test_years_are_bars_and_a_list_and_each_narrows_to_itself(english: Client, near: Library) -> None:
    for year in (1990, 1990, 2004):
        edition(f"Peta {year}", held_by=(near,), year=year)
    indexer.index_dirty()
    page = page_of(english, "/search?q=peta")
    assert len(page.xpath("//svg[@class='histogram']//rect")) == 2
    links = {
        words(item): item.find("a").get("href")
        for item in page.xpath("//fieldset[contains(@class,'years')]//li")
    }
    assert links == {
        "1990 2": "/search?q=peta&from=1990&to=1990",
        "2004 1": "/search?q=peta&from=2004&to=2004",
    }


@pytest.mark.parametrize(
    ("found", "bars", "first"),
    [
        ([(1990, 2), (2004, 1)], 15, (1990, 1990)),
        ([(1512, 1), (2020, 900)], 11, (1500, 1549)),
        ([(3, 1), (1999, 1), (2000, 1)], 2, (1999, 1999)),  # a slip of the pen does not flatten the rest
    ],
)
def test_bars_span_as_many_years_as_fit(
    found: list[tuple[int, int]], bars: int, first: tuple[int, int]
) -> None:
    told = years.histogram(found, lambda first, last: f"{first}-{last}")
    assert told is not None
    assert (len(told.bars), (told.bars[0].first, told.bars[0].last)) == (bars, first)
    assert sum(bar.count for bar in told.bars) == sum(
        count for year, count in found if year >= years.EARLIEST
    )
    assert all(bar.x + bar.width <= told.width and bar.y + bar.height <= told.height for bar in told.bars)


def test_one_year_needs_no_drawing() -> None:
    assert years.histogram([(2000, 8)], lambda first, last: "") is None


def test_a_hit_tells_each_library_and_when_it_said_so(english: Client, near: Library) -> None:
    far = [
        library(f"F{n}", f"Perpustakaan {n}", latitude=-7.8, longitude=110.4) for n in range(PLACES_SHOWN + 1)
    ]
    edition("Peta", held_by=(near, *far))
    indexer.index_dirty()
    shown = page_of(english, "/search?q=peta").xpath("//details[@class='hit-more'][1]//li")
    assert len(shown) == PLACES_SHOWN + 1
    assert "on the shelf as of" in words(shown[0])
    assert words(shown[-1]) == "2 more libraries"


def test_editions_of_one_work_are_folded_under_the_first(english: Client, near: Library) -> None:
    for year in (1980, 1995, 2005):
        edition("Bumi manusia", "Toer, Pramoedya Ananta", held_by=(near,), year=year)
    edition("Bumi kita", "Ayu", held_by=(near,))
    indexer.index_dirty()
    page = page_of(english, "/search?q=bumi&sort=newest")
    assert len(page.find_class("hit")) == 2
    folded = next(hit for hit in page.find_class("hit") if "manusia" in words(hit))
    assert "2 other editions and formats" in words(folded)
    assert words(page.get_element_by_id("search-status")) == "1–4 of 4 titles for “bumi”"
    narrow = page_of(english, "/search?q=bumi&from=1980&to=1980").find_class("hit")
    assert "2 other editions and formats" in words(narrow[0]) and not narrow[0].xpath(".//details[2]")


def test_a_snippet_shows_what_title_and_author_do_not(english: Client, near: Library) -> None:
    summary = "Kisah panjang " * 20 + "tentang seekor harimau di hutan " + "dan sebuah desa " * 20
    edition("Malam", "Ayu", held_by=(near,), display={"summary": summary})
    edition("Harimau", "Budi", held_by=(near,), display={"summary": summary})
    indexer.index_dirty()
    hits = {
        words(hit.find_class("title")[0]): hit
        for hit in page_of(english, "/search?q=harimau").find_class("hit")
    }
    snippet = hits["Malam"].find_class("snippet")[0]
    assert [mark.text for mark in snippet.iter("mark")] == ["harimau"]
    assert len(words(snippet)) < 200 and words(snippet).startswith("…")
    assert hits["Harimau"].find_class("snippet") == []


def test_a_standard_number_leads_straight_to_its_edition(english: Client, near: Library) -> None:
    identifiers = [{"scheme": "isbn", "value": "9789793062792", "valid": True}]
    made = edition("Laskar Pelangi", held_by=(near,), display={"identifiers": identifiers})
    indexer.index_dirty()
    for typed in ("9789793062792", "979-3062-79-7", "ISBN 978-979-3062-79-2"):
        answer = english.get("/search", {"q": typed})
        assert answer.status_code == 302, typed
        assert answer.headers["Location"].partition("?")[0] == made.get_absolute_url()
    page = page_of(english, english.get("/search", {"q": "979-3062-79-7"}).headers["Location"])
    back = page.xpath("//main//a[contains(@href, 'list=1')]/@href")[0]
    assert len(page_of(english, back).find_class("hit")) == 1
    assert english.get("/search", {"q": "9789793062792", "format": "book"}).status_code == 200
    assert english.get("/search", {"q": "laskar"}).status_code == 200


def test_what_was_not_understood_is_said_and_the_rest_is_searched(english: Client, near: Library) -> None:
    edition("Laskar pelangi", held_by=(near,))
    indexer.index_dirty()
    page = page_of(english, "/search?q=tahun:kapan+laskar")
    told = words(page.find_class("not-understood")[0])
    assert "“kapan” is not a year" in told and "Searched for:" in told
    assert page_of(english, "/search?q=laskar").find_class("not-understood") == []


def test_a_year_that_is_none_is_said(english: Client, near: Library) -> None:
    edition("Laskar pelangi", held_by=(near,))
    indexer.index_dirty()
    page = page_of(english, "/search?q=laskar&from=awal&to=2020")
    assert "“awal” is not a year" in words(page.find_class("not-understood")[0])
    assert page.get_element_by_id("to").get("value") == "2020"


def test_parts_of_names_do_not_stay_in_the_address(english: Client, near: Library) -> None:
    edition("Laskar pelangi", held_by=(near,))
    indexer.index_dirty()
    response = english.get("/search?q=laskar&in-author=&in-subject=fik&format=book")
    assert response.status_code == 302
    assert response.headers["Location"] == "/search?q=laskar&format=book"


def test_one_house_is_one_value_of_the_publisher_filter(english: Client, near: Library) -> None:
    for number, name in enumerate(
        ("PT. Gramedia Pustaka Utama", "GRAMEDIA PUSTAKA UTAMA", "Penerbit Gramedia Pustaka Utama")
    ):
        edition(f"Laut {number}", held_by=(near,), publisher=name)
    indexer.index_dirty()
    page = page_of(english, "/search?q=laut")
    boxes = page.xpath("//input[@name='publisher']")
    assert [box.get("value") for box in boxes] == ["Gramedia Pustaka Utama"]
    # An address kept from before leads to the same.
    again = page_of(english, "/search?q=laut&publisher=PT.+Gramedia+Pustaka+Utama")
    assert len(again.find_class("hit")) == 3
    assert again.xpath("//input[@name='publisher']/@checked") == ["checked"]


def test_of_very_many_hits_long_filters_are_counted_when_they_are_opened(
    english: Client, near: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        edition(f"Laut {number}", f"Penulis {number % 2}", held_by=(near,), display={"subjects": ["Samudra"]})
    indexer.index_dirty()
    monkeypatch.setattr(tantivy_search, "MANY", 5)
    page = page_of(english, "/search?q=laut")
    assert page.xpath("//input[@name='author' or @name='subject']") == []
    assert page.xpath("//input[@name='library']")
    [details] = page.xpath("//details[@hx-get='/search/values/author']")
    [link] = details.iter("a")
    values = page_of(english, link.get("href"))
    assert {box.get("value") for box in values.xpath("//input[@name='author']")} == {"Penulis 0", "Penulis 1"}
    # Once something is chosen in it, it stands there open as ever.
    chosen = page_of(english, "/search?q=laut&author=Penulis+0")
    assert chosen.xpath("//input[@name='author'][@checked]/@value") == ["Penulis 0"]


def test_nearest_first_goes_by_the_readers_own_library(english: Client, near: Library) -> None:
    from tests.members.world import make_member

    far = library("FAR", "Perpustakaan Jauh", latitude=5.5, longitude=95.3)
    middle = library("MID", "Perpustakaan Tengah", latitude=-6.2, longitude=106.8)
    for title, place in (("Peta jauh", far), ("Peta tengah", middle), ("Peta dekat", near)):
        edition(title, held_by=(place,))
    indexer.index_dirty()
    english.force_login(make_member("ayu@example.org", near))
    page = page_of(english, "/search?q=peta&sort=nearest")
    assert [words(title) for title in page.find_class("title")] == ["Peta dekat", "Peta tengah", "Peta jauh"]
    assert "km" in words(page.get_element_by_id("filters"))


def test_pages_far_down_hold_what_no_other_page_holds(english: Client, near: Library) -> None:
    """A thousand hits are no border, in any order, though most of them rank the same."""
    from catalog.search.documents import IndexDocument
    from catalog.search.engine import get_engine

    engine = get_engine()
    engine.create("deep")
    with engine.writer("deep") as writer:
        writer.index(IndexDocument(edition_id=n, title="Peta", year=2000 + n % 3) for n in range(1, 2401))
        writer.commit()
    engine.switch("deep")
    for sort in ("relevance", "newest", "title", "held"):
        pages = [
            engine.search(SearchQuery(text="peta", sort=sort, per_page=100, page=page), facets=False).ids
            for page in range(1, 25)
        ]
        assert sorted(pk for page in pages for pk in page) == list(range(1, 2401)), sort


def test_the_last_page_that_is_asked_for_is_the_last_there_is(english: Client, near: Library) -> None:
    edition("Peta", held_by=(near,))
    indexer.index_dirty()
    assert words(page_of(english, "/search?q=peta&page=4000").get_element_by_id("search-status")) == (
        "1 title for “peta”"
    )


def test_every_filter_has_all_that_docs_adding_a_facet_asks_for() -> None:
    from catalog.search import facets, tantivy_search
    from catalog.search.query import FILTERS
    from catalog.search.tantivy_schema import VALUE_FIELDS

    fields = {name: field for field, name in VALUE_FIELDS.items()}
    for name in FILTERS:
        assert hasattr(SearchQuery(), name)
        assert str(facets.LABELS[name])
        assert tantivy_search.FACET_SIZES[fields[name]] > facets.FIRST
    assert len(set(FILTERS.values())) == len(FILTERS) == len(fields)


def test_two_values_of_a_filter_widen_it_and_keep_the_counts_of_the_others(
    english: Client, near: Library
) -> None:
    for author, language, number in (("Ayu", "ind", 3), ("Budi", "ind", 2), ("Citra", "eng", 4)):
        for place in range(number):
            edition(f"Peta {author} {place}", author, held_by=(near,), language=language)
    indexer.index_dirty()
    page = page_of(english, "/search?q=peta&author=Ayu&author=Budi")
    boxes = {
        (box.get("name"), box.get("value")): words(box.getparent()).rsplit(" ", 1)[1]
        for box in page.get_element_by_id("filters").xpath(".//input[@type='checkbox']")
    }
    assert "1–5 of 5" in words(page.get_element_by_id("search-status"))
    assert [boxes["author", name] for name in ("Ayu", "Budi", "Citra")] == ["3", "2", "4"]
    assert boxes["language", "ind"] == "5" and ("language", "eng") not in boxes, "nothing would be left"
