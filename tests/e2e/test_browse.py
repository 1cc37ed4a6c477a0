"""Browsing in a real Chromium: accessible, on a phone, in the dark, by keyboard, without scripts, on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from catalog.browsing.keeping import keep_headings
from catalog.models import NewTitle, UseCount
from catalog.search import indexer
from members.choices import Role
from tests.catalog.building import person
from tests.catalog.search.world import edition, holding, library

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLIC = ("/browse/", "/browse/author/", "/browse/title/", "/browse/call/", "/browse/new/", "/browse/serials/",
          "/members/directory/")  # fmt: skip
STAFF = ("/statistics/searches/", "/statistics/wanted/")


def shelves() -> None:
    places = [
        library("BDG", "Perpustakaan Kota Bandung", latitude=-6.9, longitude=107.6, website="https://bdg.example/"),
        library("JYP", "Perpustakaan Jayapura", city="Jayapura", latitude=-2.5, longitude=140.7,
                opac_link_pattern="https://opac.jyp.example/{id}"),
    ]  # fmt: skip
    for n in range(50):
        made = edition(f"Judul yang ke-{n:02}", f"Pengarang, Nama {n % 45:02}", held_by=(places[n % 2],))
        NewTitle.objects.create(
            library=places[n % 2],
            edition_id=made.pk,
            is_first=True,
            seen_at=timezone.now() - timedelta(days=n),
        )
    serial = edition("Basis", format="serial", display={"variant_titles": ["Majalah kebudayaan umum"]})
    for place in places:
        holding(serial, place, coverage=[{"from": 1990, "to": 2005, "gaps": []}])
    for n in range(20):
        UseCount.objects.create(day=timezone.localdate() - timedelta(days=n), kind="asked", text="kamus sunda kuno",
                                times=5 + n, nothing=5, askers=4)  # fmt: skip
    indexer.index_dirty()
    keep_headings()


def log_in(browser_page: Any, live_server: Any) -> None:
    client = Client()
    client.force_login(person(Role.LIBRARIAN, library("BDG")))
    session = client.cookies["sessionid"].value
    browser_page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def faults(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def test_every_page_is_accessible_in_light_and_dark_and_fits_a_narrow_phone(
    live_server: Any, browser_page: Any
) -> None:
    shelves()
    log_in(browser_page, live_server)
    for address in (*PUBLIC, *STAFF):
        browser_page.set_viewport_size({"width": 1280, "height": 900})
        browser_page.goto(live_server.url + address)
        assert browser_page.locator("h1").count() == 1
        for scheme in ("light", "dark"):
            browser_page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert faults(browser_page) == []
        browser_page.set_viewport_size({"width": 320, "height": 700})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_a_reader_walks_the_alphabet_by_keyboard_and_without_scripts(live_server: Any, browser: Any) -> None:
    shelves()
    context = browser.new_context(locale="id-ID", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Jelajahi").first.press("Enter")
    page.get_by_role("link", name="Pengarang").press("Enter")
    page.locator("#from").fill("pengarang nama 30")
    page.keyboard.press("Enter")
    expect(page.locator("table a").first).to_have_text("Pengarang, Nama 30")
    page.locator("a[rel=prev]").press("Enter")
    expect(page.locator("table a").first).to_have_text("Pengarang, Nama 00")
    page.locator("table a").first.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    page.goto(f"{live_server.url}/members/directory/")
    page.locator("svg.map a").last.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#JYP")
    context.close()


def test_the_union_list_prints_titles_and_years_and_nothing_to_click(
    live_server: Any, browser_page: Any
) -> None:
    shelves()
    browser_page.goto(f"{live_server.url}/browse/serials/?many=1")
    browser_page.emulate_media(media="print")
    expect(browser_page.get_by_text("1990–2005").first).to_be_visible()
    expect(browser_page.locator(".reference")).to_be_visible()
    for hidden in ("#from", "nav.letters", "header nav"):
        expect(browser_page.locator(hidden).first).to_be_hidden()
    assert browser_page.pdf()[:4] == b"%PDF"
