"""What the search box offers while one types: what is offered, and that the box is a combobox for keyboard and ear."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from catalog.search import indexer
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> None:
    near, far = library("NEAR"), library("FAR")
    edition("Laut", "Tohari, Ahmad", held_by=(near,), display={"subjects": ["Laut -- Cerita"]})
    edition("Laut bercerita", "Chudori, Leila S.", held_by=(near, far), display={"subjects": ["Hukum laut"]})
    edition("Hukum laut internasional", "Lautan, Budi", held_by=(near,), display={"subjects": ["Hukum laut"]})
    edition("Bumi manusia", "Toer, Pramoedya Ananta", held_by=(near,), year=1980)
    edition("Bumi manusia", "Toer, Pramoedya Ananta", held_by=(far,), year=2005)
    edition("The structure of science", "Nagel, Ernest", held_by=(far,))
    indexer.index_dirty()


def offered(client: Client, typed: str) -> list[tuple[str, str]]:
    response = client.get("/search/complete", {"q": typed})
    assert response.status_code == 200
    return [(item["kind"], item["text"]) for item in response.json()["items"]]


@pytest.mark.usefixtures("shelf")
def test_titles_come_first_and_of_them_those_that_are_held_most(client: Client) -> None:
    found = offered(client, "lau")
    assert found[:2] == [("title", "Laut bercerita"), ("title", "Laut")]
    assert ("author", "Lautan, Budi") in found
    assert found[-2:] == [("subject", "Hukum laut"), ("subject", "Laut -- Cerita")]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("laut ber", "Laut bercerita"),
        ("laut bercer", "Laut bercerita"),
        ("laut bercerita", "Laut bercerita"),
        ("LAUT BÉR", "Laut bercerita"),
        ("structure of", "The structure of science"),
        ("the structure of sci", "The structure of science"),
        ("pramoed", "Toer, Pramoedya Ananta"),
        ("toer, pra", "Toer, Pramoedya Ananta"),
        ("hukum la", "Hukum laut"),
    ],
)
def test_what_begins_so_is_offered(client: Client, typed: str, text: str) -> None:
    assert text in [found for _kind, found in offered(client, typed)]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("typed", ["", "l", " ", "xyzzy", "laut x", '"(', "\0", "*" * 500])
def test_nothing_is_offered_for_nothing(client: Client, typed: str) -> None:
    assert offered(client, typed) == []


@pytest.mark.usefixtures("shelf")
def test_an_offer_leads_to_the_record_or_to_all_editions_of_the_name(client: Client) -> None:
    (laut,) = client.get("/search/complete", {"q": "laut ber"}).json()["items"]
    assert client.get(laut["url"]).context["edition"].title == "Laut bercerita"
    (bumi,) = client.get("/search/complete", {"q": "bumi"}).json()["items"]
    assert client.get(bumi["url"]).context["found"].total == 2
    (author,) = client.get("/search/complete", {"q": "pramoedya"}).json()["items"]
    assert author["note"] == "2"
    assert client.get(author["url"]).context["found"].total == 2


@pytest.mark.usefixtures("shelf")
def test_an_answer_is_the_same_for_everybody_and_costs_one_statement(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/search/complete", {"q": "laut"})
    assert len([query for query in queries if "catalog_edition" in query["sql"]]) == 1
    assert "public" in response["Cache-Control"]


def test_without_an_index_nothing_is_offered(client: Client) -> None:
    assert offered(client, "laut") == []


@pytest.mark.usefixtures("shelf")
def test_a_new_title_is_offered_as_soon_as_it_can_be_found(client: Client) -> None:
    edition("Lautan sunyi", "Dini, Nh.")
    indexer.index_dirty()
    assert ("title", "Lautan sunyi") in offered(client, "lautan")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shelf")
def test_the_box_is_a_combobox_for_the_keyboard(live_server: Any, browser_page: Any) -> None:
    browser_page.set_viewport_size({"width": 320, "height": 700})
    browser_page.goto(live_server.url + "/search")
    box, offers = browser_page.locator("#q"), browser_page.get_by_role("listbox")
    expect(box).to_have_role("combobox")
    box.press_sequentially("laut")
    expect(offers.get_by_role("option")).to_have_count(5)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert Axe().run(browser_page).response["violations"] == []
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320
    box.press("ArrowDown")
    expect(box).to_have_value("Laut bercerita")
    expect(offers.locator("[aria-selected=true]")).to_have_id(box.get_attribute("aria-activedescendant"))
    box.press("ArrowUp")
    expect(box).to_have_value("laut")
    box.press("Escape")
    expect(offers).to_be_hidden()
    box.press("Enter")
    browser_page.wait_for_url("**/search?q=laut*")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shelf")
def test_earlier_searches_stay_in_the_browser_and_can_be_forgotten(
    live_server: Any, browser_page: Any
) -> None:
    browser_page.goto(live_server.url + "/")
    browser_page.fill("#home-q", "bumi manusia")
    browser_page.press("#home-q", "Enter")
    browser_page.goto(live_server.url + "/search")
    browser_page.click("#q")
    options = browser_page.locator(".offers li")
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("bumi manusia")
    options.last.click()
    expect(options).to_have_count(0)
    assert browser_page.evaluate("localStorage.getItem('searches')") is None
