"""Searching in a real Chromium: filter, title and back; nothing found; on a phone; by keyboard; in all colours."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from catalog.models import OutsideCatalogue
from catalog.search import indexer
from tests.catalog.search.world import edition, library

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/search?q=peta", "/search?q=peta&author=Penulis+A&from=1990&page=2", "/search?q=zzzz+qqqq",
    "/search?q=tahun:kapan+peta", "/search/values/author?q=peta", "/search/advanced?t1=peta&see=1",
)  # fmt: skip

TOO_WIDE = """document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
  .map(one => one.outerHTML.slice(0, 160))"""


@pytest.fixture
def shelf(db: None) -> None:
    """Fifty maps of two libraries and twenty-five people, four editions of one work."""
    near = library("NEAR", "Perpustakaan Dekat", latitude=-6.9, longitude=107.6)
    far = library("FAR", "Perpustakaan Jauh", latitude=-7.8, longitude=110.4)
    for number in range(50):
        edition(
            f"Peta {number:02}", f"Penulis {chr(65 + number % 25)}", year=1980 + number % 40,
            held_by=(near, far) if number % 2 else (far,), language="eng" if number % 5 == 0 else "ind",
            display={"summary": "Gambar daerah dari udara", "subjects": ["Geografi"]},
        )  # fmt: skip
    for year in (1980, 1981, 1995, 2005):
        edition("Bumi manusia", "Toer, Pramoedya Ananta", held_by=(near,), year=year)
    OutsideCatalogue.objects.get_or_create(
        name="WorldCat", address="https://search.worldcat.org/search?q={q}"
    )
    indexer.index_dirty()


def status(page: Any) -> Any:
    return page.locator("#search-status")


def test_from_search_to_filter_to_title_and_back(shelf: None, browser_page: Any, live_server: Any) -> None:
    page = browser_page
    page.goto(live_server.url)
    page.fill("#home-q", "peta")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=peta")
    page.evaluate("window.stayed = true")
    page.check("#filters input[name=language][value=eng]")
    page.click("#apply")
    expect(status(page)).to_contain_text("10 judul")
    assert "language=eng" in page.url and page.evaluate("window.stayed"), "no page was loaded anew"
    assert page.evaluate("document.activeElement.id") == "apply", "the focus stays where it was"
    expect(page.locator(".chips a").first).to_contain_text("Inggris")
    page.locator(".hit .title a").first.click()
    page.wait_for_url("**/edition/*")
    page.go_back()
    expect(status(page)).to_contain_text("10 judul")
    page.locator(".chips a").first.click()
    expect(status(page)).to_contain_text("50 judul")
    page.go_back()
    expect(status(page)).to_contain_text("10 judul")


def test_pages_order_and_long_filters_come_without_a_reload(
    shelf: None, browser_page: Any, live_server: Any
) -> None:
    page = browser_page
    page.goto(f"{live_server.url}/search?q=peta")
    page.evaluate("window.stayed = true")
    page.locator("a[rel=next]").click()
    expect(page).to_have_title(re.compile("halaman 2"))
    expect(page.locator("h1")).to_contain_text("halaman 2")
    expect(status(page)).to_contain_text("21–40")
    assert page.evaluate("document.activeElement.id") == "hits"
    page.select_option("#sort", "title")
    expect(page.locator(".hit .title").first).to_have_text("Peta 00")
    assert "sort=title" in page.url
    author = page.locator("fieldset:has(#in-author)")
    author.locator("summary").click()
    author.locator("#in-author").press_sequentially("penulis y")
    expect(page.locator("#more-author label")).to_have_count(1)
    page.locator("#more-author input").check()
    page.click("#apply")
    expect(status(page)).to_contain_text("2 judul")
    assert page.evaluate("window.stayed")


def test_other_editions_of_a_work_open_in_their_place(
    shelf: None, browser_page: Any, live_server: Any
) -> None:
    page = browser_page
    page.goto(f"{live_server.url}/search?q=bumi+manusia")
    expect(page.locator(".hit")).to_have_count(1)
    other = page.locator("details:has-text('3 edisi')")
    other.locator("summary").press("Enter")
    expect(other.locator("li a")).to_have_count(3)
    assert other.locator("li a").first.is_visible()


def test_nothing_found_leads_on(shelf: None, browser_page: Any, live_server: Any) -> None:
    page = browser_page
    page.goto(f"{live_server.url}/search?q=qqqq+wwww")
    expect(status(page)).to_contain_text("Tidak ada hasil")
    page.locator(".outside a").first.wait_for()
    assert all(link.get_attribute("href").startswith("https://") for link in page.locator(".outside a").all())
    page.locator(".nothing a.button").click()
    page.wait_for_url("**/request/**")
    assert "qqqq" in page.url


def test_by_keyboard_alone(shelf: None, browser_page: Any, live_server: Any) -> None:
    page = browser_page
    page.goto(f"{live_server.url}/search")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main", "the first stop skips the menu"
    page.keyboard.press("Enter")
    tab_to(page, "document.activeElement.id == 'q'")
    page.keyboard.type("peta")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=peta")
    tab_to(page, "document.activeElement.matches('#filters [name=language]')")
    page.keyboard.press("Space")
    tab_to(page, "document.activeElement.id == 'apply'")
    page.keyboard.press("Enter")
    expect(page.locator(".chips a")).to_have_count(1)
    tab_to(page, "document.activeElement.matches('.hit .title a')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edition/*")


def tab_to(page: Any, reached: str, most: int = 120) -> None:
    """Tab until `reached`; on the way nothing that has the focus may be hidden from the eye."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"not reached by Tab: {reached}")


def test_on_a_phone_the_filters_are_a_sheet(shelf: None, browser: Any, live_server: Any) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700}, locale="id-ID")
    page = context.new_page()
    page.goto(f"{live_server.url}/search?q=peta")
    assert not page.locator("#filters").is_visible()
    page.locator(".order a.sheet").click()
    assert page.locator("#filters").is_visible()
    page.locator("#filters input[name=language][value=eng]").check()
    page.click("#apply")
    expect(status(page)).to_contain_text("10 judul")
    expect(page.locator("#filters")).to_be_hidden()
    assert page.locator(".hit").first.is_visible()
    assert page.locator("#sort").bounding_box()["width"] > 90
    page.goto(f"{live_server.url}/search/values/author?q=peta")
    assert page.locator("form.facets label").first.is_visible()
    page.goto(f"{live_server.url}/search/advanced")
    page.locator("details.facets summary").first.click()
    assert page.locator("details.facets label").first.is_visible()
    context.close()


@pytest.mark.parametrize(("width", "scheme", "forced"), [
    (1280, "light", "none"), (375, "dark", "none"), (320, "light", "active"),
])  # fmt: skip
def test_pages_are_accessible_and_fit(
    shelf: None, browser: Any, live_server: Any, width: int, scheme: Any, forced: Any
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, forced_colors=forced,
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    for address in PAGES if width == 1280 else PAGES[::2]:
        page.goto(live_server.url + address)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], (address, width, scheme)
        assert page.evaluate(TOO_WIDE) == [], (address, width)
    context.close()


def test_everything_works_without_scripts(shelf: None, browser: Any, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(f"{live_server.url}/search?q=peta")
    page.locator("fieldset:has(#in-author) summary").click()
    page.fill("#in-author", "penulis y")
    page.locator("fieldset:has(#in-author) button").click()
    page.locator("main form.facets input[value='Penulis Y']").check()
    page.locator("main form.facets button.button").click()
    assert "2 judul" in status(page).inner_text()
    page.goto(f"{live_server.url}/search/advanced")
    page.select_option("#f1", "judul")
    page.fill("#t1", "bumi manusia")
    page.select_option("#j2", "not")
    page.fill("#t2", "peta")
    page.click("button[name=go]")
    assert page.locator(".hit").count() == 1
    assert page.input_value("#q") == "judul:(bumi manusia) NOT peta"
    context.close()


def test_on_paper_there_are_titles_and_where_they_are(
    shelf: None, browser_page: Any, live_server: Any
) -> None:
    page = browser_page
    page.goto(f"{live_server.url}/search?q=peta")
    page.emulate_media(media="print")
    assert page.locator(".hit .title").first.is_visible() and page.locator(".where").first.is_visible()
    for hidden in ("#filters", ".order", "form.search", ".outside", ".hit .button"):
        assert not page.locator(hidden).first.is_visible(), hidden
