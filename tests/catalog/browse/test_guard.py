"""A program that asks for very many filtered searches is refused; other readers are served all the while."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from django.test import Client, RequestFactory, override_settings
from lxml import html

from catalog.search import indexer
from catalog.search.query import SearchQuery
from catalog.views import guard
from network_portal.core.crowding import at_once, crowd_key
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
FILTERED = "/search?q=laut&format=book&language=ind"
DEEP = f"{FILTERED}&from=1990&available=1"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CRAWLER = "Mozilla/5.0 (compatible; ExampleBot/2.1; +http://bot.example)"


@pytest.fixture
def shelf() -> None:
    edition("Laut Bercerita", "Leila S. Chudori", held_by=(library("NEAR"),))
    indexer.index_dirty()


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.content.decode())


def ask(address: str, agent: str = BROWSER, **headers: str) -> Any:
    return Client(REMOTE_ADDR="192.0.2.7").get(address, headers={"User-Agent": agent, **headers})


def test_a_crawler_gets_no_deep_filters(shelf: None) -> None:
    assert ask("/search?q=laut", CRAWLER).status_code == 200
    assert ask("/search?q=laut&format=book", CRAWLER).status_code == 200
    refused = ask(FILTERED, CRAWLER)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 3600


def test_filtered_pages_and_the_links_to_them_are_not_for_crawlers(shelf: None) -> None:
    answer = ask(FILTERED)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    page = page_of(ask("/search?q=laut"))
    filters = [
        a for a in page.iter("a") if "/search?" in a.get("href", "") and "format=" in a.get("href", "")
    ]
    assert all("nofollow" in a.get("rel", "") for a in filters)


def test_a_link_with_many_filters_asks_back_and_the_button_leads_on(shelf: None) -> None:
    door = ask(DEEP)
    assert door.status_code == 200 and "noindex" in door.headers["X-Robots-Tag"]
    assert door.headers["Cache-Control"] == "no-store"
    form = page_of(door).xpath("//main//form")[0]
    fields = {(field.get("name"), field.get("value")) for field in form.iter("input")}
    assert fields >= {("q", "laut"), ("format", "book"), ("from", "1990"), ("available", "1")}
    pressed = ask(DEEP, Referer="http://testserver/search?q=laut")
    assert "Laut Bercerita" in pressed.content.decode()


def test_a_reader_with_a_cookie_is_not_asked_back(shelf: None) -> None:
    client = Client()
    client.cookies["django_language"] = "id"
    assert "Laut Bercerita" in client.get(DEEP).content.decode()


def test_a_referer_from_elsewhere_opens_nothing(shelf: None) -> None:
    assert "Laut Bercerita" not in ask(DEEP, Referer="http://testserver.example.org/search").content.decode()


@pytest.mark.parametrize(("language", "words"), [("id", "Terlalu banyak"), ("en", "Too many")])
def test_who_comes_in_a_crowd_reads_why_and_when_to_return(shelf: None, language: str, words: str) -> None:
    with ExitStack() as stack:
        for _n in range(guard.STRANGER):
            stack.enter_context(at_once({crowd_key("search-filtered", "192.0.2.7"): guard.STRANGER}))
        refused = ask(FILTERED, **{"Accept-Language": language})
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) >= 1
        page = page_of(refused)
        assert page.get("lang") == language and words in page.xpath("//h1")[0].text_content()
        other = Client(REMOTE_ADDR="192.0.2.8").get(FILTERED, headers={"User-Agent": BROWSER})
        assert other.status_code == 200
        assert ask("/search?q=laut").status_code == 200  # a plain question has a crowd of its own
    assert ask(FILTERED).status_code == 200


def test_one_question_is_not_worked_on_by_everybody_at_once(shelf: None) -> None:
    question = crowd_key("question", SearchQuery(text="laut").to_querystring())
    with ExitStack() as stack:
        for _n in range(guard.SAME_QUESTION):
            stack.enter_context(at_once({question: guard.SAME_QUESTION}))
        assert ask("/search?q=laut").status_code == 429
        assert ask("/search?q=bercerita").status_code == 200


def test_addresses_of_one_network_count_as_one(rf: RequestFactory) -> None:
    def who(address: str) -> str:
        return guard._who(rf.get("/search", REMOTE_ADDR=address))

    assert who("2001:db8::1") == who("2001:db8::ffff:2") != who("2001:db8:0:1::1")
    assert who("192.0.2.1") != who("192.0.2.2")


@override_settings(BEHIND_PROXY=True)
def test_behind_a_proxy_the_proxys_word_counts_and_the_senders_does_not(rf: RequestFactory) -> None:
    request = rf.get("/search", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.5"})
    assert guard._who(request) == "203.0.113.5"


@pytest.mark.django_db(transaction=True)
def test_a_flood_from_one_address_never_refuses_another(shelf: None) -> None:
    def flood(n: int) -> int:
        try:
            return ask(f"/search?q=laut&language=ind&from={1900 + n}").status_code
        finally:
            connections.close_all()

    def read(n: int) -> int:
        try:
            reader = Client(REMOTE_ADDR="198.51.100.1")
            return reader.get("/search?q=bercerita", headers={"User-Agent": BROWSER}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        floods = [pool.submit(flood, n) for n in range(220)]
        reads = [pool.submit(read, n) for n in range(20)]
        flooded = Counter(job.result() for job in floods)
        served = Counter(job.result() for job in reads)
    assert served == {200: 20}
    assert flooded[429] >= 40 and set(flooded) == {200, 429}
