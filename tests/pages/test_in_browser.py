"""The portal's own pages in a real Chromium: accessible, readable at 320 px, by keyboard and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import path

from network_portal import urls as portal_urls
from network_portal.pages import views

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]
urlpatterns = [*portal_urls.urlpatterns, path("sample/", views.styleguide)]
PAGES = ["/", "/help/", "/accessibility/", "/status/", "/accounts/login/", "/sample/"]


@pytest.fixture
def complaints(browser_page: Any) -> Iterator[list[str]]:
    """What the browser writes to its console: a refused style or script would stand there."""
    found: list[str] = []
    browser_page.on(
        "console", lambda message: found.append(message.text) if message.type == "error" else None
    )
    browser_page.on("pageerror", lambda error: found.append(str(error)))
    yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    live_server: Any, browser_page: Any, complaints: list[str], scheme: str, width: int
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.emulate_media(color_scheme=scheme)
    for url in PAGES:
        browser_page.goto(live_server.url + url)
        violations = Axe().run(browser_page).response["violations"]
        assert [(url, each["id"], each["nodes"][0]["html"]) for each in violations] == []
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, url
    assert complaints == []


def test_the_keyboard_reaches_the_content_first(live_server: Any, browser_page: Any) -> None:
    browser_page.goto(live_server.url + "/help/")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    ring = browser_page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "main"


def test_reading_goes_on_at_the_list_of_errors(live_server: Any, browser_page: Any) -> None:
    browser_page.goto(live_server.url + "/sample/")
    assert browser_page.evaluate("document.activeElement.className") == "error-summary"
    browser_page.click(".error-summary a >> nth=0")
    assert browser_page.evaluate("document.activeElement.id") == "id_w-title"
    described = browser_page.evaluate("document.activeElement.getAttribute('aria-describedby')").split()
    assert all(browser_page.locator(f"#{name}").count() == 1 for name in described)


def test_menu_and_language_work_on_a_phone_without_javascript(live_server: Any, browser: Any) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="id-ID", viewport={"width": 375, "height": 700}
    )
    page = context.new_page()
    page.goto(live_server.url + "/help/")
    assert page.get_attribute("html", "lang") == "id"
    page.click("summary >> text=Menu")
    page.click(".menu >> text=English")
    assert page.get_attribute("html", "lang") == "en"
    assert page.url == live_server.url + "/help/"
    context.close()


def test_paper_gets_light_colours_and_tables_with_their_heads(live_server: Any, browser_page: Any) -> None:
    browser_page.set_viewport_size({"width": 640, "height": 900})
    browser_page.emulate_media(media="print", color_scheme="dark")
    browser_page.goto(live_server.url + "/sample/")
    assert browser_page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    head = "getComputedStyle(document.querySelector('.queue thead')).display"
    assert browser_page.evaluate(head) == "table-header-group"
    assert not browser_page.is_visible(".bar nav")
    assert browser_page.is_visible(".brand")


def test_a_table_wider_than_the_screen_is_reached_by_keyboard(live_server: Any, browser_page: Any) -> None:
    browser_page.set_viewport_size({"width": 320, "height": 700})
    wide = (
        "<div class=table-scroll><table><caption>Rak</caption><tr>"
        + "<td>Perpustakaan" * 12
        + "</table></div>"
    )
    browser_page.route("**/help/", lambda route: _with_more(route, wide))
    browser_page.goto(live_server.url + "/help/")
    box = browser_page.locator(".table-scroll").last
    assert box.get_attribute("tabindex") == "0"
    name = box.get_attribute("aria-labelledby")
    assert browser_page.inner_text(f"#{name}") == "Rak"


def _with_more(route: Any, html: str) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</main>", html + "</main>"))


def test_an_open_menu_makes_way_for_the_focus(live_server: Any, browser_page: Any) -> None:
    browser_page.set_viewport_size({"width": 375, "height": 700})
    browser_page.goto(live_server.url + "/help/")
    browser_page.click("summary >> text=Menu")
    assert browser_page.is_visible(".menu-body")
    browser_page.focus("main a >> nth=0")
    assert not browser_page.is_visible(".menu-body")
    browser_page.click("summary >> text=Menu")
    browser_page.keyboard.press("Escape")
    assert not browser_page.is_visible(".menu-body")
    assert browser_page.evaluate("document.activeElement.tagName") == "SUMMARY"
