"""The search page as a reader gets it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from catalog.covers import provider
from catalog.models import DirtyEdition
from catalog.search import highlight, indexer
from catalog.search.grammar import parse
from catalog.search.query import MAX_HITS, SearchQuery
from members.models import Library
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
PELANGI = "Laskar Pelangi"


@pytest.fixture
def shelf() -> dict[str, Library]:
    """Three libraries, four editions, an index."""
    near = library("NEAR", "Perpustakaan Dekat", latitude=-6.9, longitude=107.6)
    far = library("FAR", "Perpustakaan Jauh", latitude=-7.8, longitude=110.4)
    edition(PELANGI, "Andrea Hirata", held_by=(near, far), display={"subjects": ["Fiksi"]})
    edition(
        "Pelangi & hujan <b>", "Dewi Lestari", held_by=(far,), language="eng", display={"languages": ["eng"]}
    )
    edition("Laut", "Leila S. Chudori", held_by=(far,), year=1999, format="serial")
    edition("Gunung", "Leila S. Chudori", held_by=(near,), year=2017)
    indexer.index_dirty()
    return {"near": near, "far": far}


def page_of(client: Client, address: str, **headers: Any) -> Any:
    response = client.get(address, headers=headers or None)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def titles(page: Any) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.find_class("title")]


def chips_in(page: Any) -> list[Any]:
    return list(page.find_class("chips")[0].iter("a"))


def status(page: Any) -> str:
    return " ".join(page.get_element_by_id("search-status").text_content().split())


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_a_search_shows_hits_with_where_they_are(english: Client, shelf: dict[str, Library]) -> None:
    page = page_of(english, "/search?q=laskar")
    assert titles(page) == [PELANGI]
    hit = page.find_class("hit")[0].text_content()
    assert "available at 2 libraries" in hit and "Indonesian" in hit
    assert [mark.text for mark in page.iter("mark")] == ["Laskar"]
    assert "laskar" in page.findtext(".//title") and len(list(page.iter("h1"))) == 1
    assert "1 title for “laskar”" in status(page)


def test_nothing_that_a_record_says_becomes_markup(english: Client, shelf: dict[str, Library]) -> None:
    page = page_of(english, '/search?q=hujan"><script>x</script>')
    assert not list(page.get_element_by_id("results").iter("script"))
    assert titles(page_of(english, "/search?q=hujan")) == ["Pelangi & hujan <b>"]


def test_filters_are_a_form_that_works_without_javascript(english: Client, shelf: dict[str, Library]) -> None:
    page = page_of(english, "/search?q=pelangi&language=eng")
    form = page.get_element_by_id("filters")
    assert form.get("method") == "get" and form.get("action") == "/search"
    assert form.xpath(".//input[@name='language'][@value='eng']")[0].get("checked") is not None
    assert form.xpath(".//input[@name='language'][@value='ind']")[0].get("checked") is None
    assert form.xpath(".//input[@name='q']")[0].get("value") == "pelangi"
    assert titles(page) == ["Pelangi & hujan <b>"]


def test_a_chip_takes_its_own_filter_away_and_leaves_the_others(
    english: Client, shelf: dict[str, Library]
) -> None:
    page = page_of(english, "/search?q=pelangi&language=eng&language=ind&from=2000&page=1")
    chips = {" ".join(a.text_content().split()): a.get("href") for a in chips_in(page)}
    assert chips["Remove filter: Language: English ×"] == "/search?q=pelangi&language=ind&from=2000"
    assert chips["Remove filter: Year: from 2000 ×"] == "/search?q=pelangi&language=eng&language=ind"
    assert chips["Remove all"] == "/search?q=pelangi"


def test_the_nearest_library_with_a_copy_is_named(english: Client, shelf: dict[str, Library]) -> None:
    from catalog.search import search

    hit = search(SearchQuery(text="laskar"), near_library_id=shelf["far"].pk).hits[0]
    assert hit.nearest is not None and hit.nearest.name == "Perpustakaan Jauh"
    hit = search(SearchQuery(text="gunung"), near_library_id=shelf["far"].pk).hits[0]
    assert hit.nearest is not None and hit.nearest.km == pytest.approx(325, abs=15)


def test_htmx_gets_only_the_part_that_changes(english: Client, shelf: dict[str, Library]) -> None:
    response = english.get("/search?q=laskar&from=", headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "<html" not in text and 'id="filters"' in text
    assert re.search(r'id="search-status" hx-swap-oob="innerHTML"', text)
    assert response["HX-Push-Url"] == "/search?q=laskar"
    assert "HX-Request" in response["Vary"]


def test_robots_stay_out_of_filtered_pages(english: Client, shelf: dict[str, Library]) -> None:
    assert "X-Robots-Tag" not in english.get("/search?q=laskar")
    assert "noindex" in english.get("/search?q=laskar&format=book")["X-Robots-Tag"]
    assert all(a.get("rel") == "nofollow" for a in chips_in(page_of(english, "/search?format=book")))


def test_no_hits_offer_a_way_on(english: Client, shelf: dict[str, Library]) -> None:
    page = page_of(english, "/search?q=lasker+pelengi")
    assert page.find_class("way-on")[0].find("a").text == "laskar pelangi"
    assert PELANGI in page.find_class("nothing")[0].text_content()
    page = page_of(english, "/search?q=laskar&format=map")
    assert page.find_class("nothing")[0].find(".//a").get("href") == "/search?q=laskar"
    page = page_of(english, "/search?q=laskar+gunung")
    assert page.find_class("nothing")[0].find(".//a").get("href") == "/search?q=laskar+gunung&words=any"
    page = page_of(english, "/search?q=zzzz")
    assert "Nothing was found for “zzzz”" in status(page)
    nothing = page.find_class("nothing")[0]
    assert "your library looks further for you" in nothing.text_content()
    assert any("zzzz" in link.get("href") and "/request/" in link.get("href") for link in nothing.iter("a"))


def test_a_page_past_the_end_gives_the_last_page(english: Client, shelf: dict[str, Library]) -> None:
    assert len(titles(page_of(english, "/search?page=99&per_page=10"))) == 4


@pytest.mark.parametrize(
    "address",
    ["/search", "/search?q=", "/search?page=x&per_page=7&sort=nonsense&from=abc&to=-3&library=&library=x&format=zz",
     "/search?q=%00&subject=%00", "/search?page=99999999999999", "/search?from=2020&to=1990", "/search?q=" + "a" * 3000,
     "/search?" + "&".join(f"subject=s{n}" for n in range(200))],
)  # fmt: skip
def test_no_address_is_a_mistake(client: Client, shelf: dict[str, Library], address: str) -> None:
    assert client.get(address).status_code == 200


def test_without_an_index_the_page_says_so_and_promises_to_come_back(english: Client) -> None:
    response = english.get("/search?q=laut")
    assert response.status_code == 503
    page = html.fromstring(response.content.decode())
    assert "being prepared" in status(page)
    assert page.find_class("nothing")[0].find(".//a").get("href") == "/search?q=laut"


def test_the_number_of_statements_does_not_grow_with_the_hits(
    client: Client, shelf: dict[str, Library]
) -> None:
    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    provider.current()  # of covers; asked for once a minute
    few = statements("/search?q=judul")
    for number in range(20):
        edition(f"Judul {number}", f"Penulis {number}", held_by=tuple(shelf.values()))
    indexer.index_dirty()
    assert not DirtyEdition.objects.exists()
    many = statements("/search?q=judul")
    assert few <= many <= 5, (few, many)


# --- the query and the marks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["q=laut", "q=laut&library=3&library=4&format=book&language=ind&subject=Fiksi&author=Toer", "from=1990&to=1999",
     "q=x&available=1&words=any&sort=newest&per_page=50&page=3"],
)  # fmt: skip
def test_an_address_says_the_same_as_the_query(address: str) -> None:
    query = SearchQuery.from_params(QueryDict(address))
    assert query.to_querystring() == address
    assert SearchQuery.from_params(QueryDict(query.to_querystring())) == query


def test_pages_end_where_they_would_cost_too_much() -> None:
    query = SearchQuery.from_params(QueryDict("page=5000&per_page=50"))
    assert query.offset + query.per_page <= MAX_HITS


@pytest.mark.parametrize(
    ("text", "title", "marked"),
    [
        ("membaca", "Bacaan dan membaca", ["Bacaan", "membaca"]),
        ("baca", "Membaca peta", ["Membaca"]),
        ("quran", "Al-Qur’an", ["Qur’an"]),
        ("pelang*", "Laskar pelangi", ["pelangi"]),
        ("-laut gunung", "Laut dan gunung", ["gunung"]),
        ("pengarang:laut", "Laut", []),
        ("dan", "Laut dan gunung", []),
        ("cafe", "Café", ["Café"]),
    ],
)
def test_marks_show_why_a_title_was_found(text: str, title: str, marked: list[str]) -> None:
    parts = highlight.mark(title, highlight.terms_of(parse(text), "title"))
    assert "".join(part.text for part in parts) == title
    assert [part.text for part in parts if part.marked] == marked
