"""The record page in a real Chromium: accessible, on a phone, in the dark, by keyboard, on paper, without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from catalog.citing.render import citations_of
from catalog.covers import store
from catalog.covers.pictures import pictures_of
from catalog.formats.coverage_text import parse
from catalog.models import Cover, Edition
from catalog.search import indexer
from tests.catalog.search.world import edition, holding, library
from tests.catalog.test_covers import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def full(title: str = "Iḥyāʼ ʻulūm al-dīn") -> Edition:
    """Everything that a page can hold."""
    made = edition(
        title, "Ghazālī, Abū Ḥāmid", format="serial", language="ara", publisher="Dār",
        display={
            "variant_titles": ["إحياء علوم الدين"], "original_script": ["إحياء علوم الدين", "الغزالي"],
            "contributors": [{"name": "Ghazālī, Abū Ḥāmid"}, {"name": "Purwanto", "role": "translator"}],
            "subjects": ["Tasawuf", "Islam"], "contents": "Ilmu -- Akidah -- Taharah", "notes": ["Indeks"],
            "summary": "Menghidupkan ilmu agama.", "links": ["https://example.org/ihya.pdf", "javascript:alert(1)"],
            "identifiers": [{"scheme": "isbn", "value": "9789793062792"}, {"scheme": "doi", "value": "10.1/x"}],
        },
    )  # fmt: skip
    for number in range(24):
        said = ("1990-1999; lacks 1993", "1995-2008; tidak lengkap 1997", "")[number % 3]
        place = library(
            f"L{number}", f"Perpustakaan {number}", city="Malang" if number % 9 == 4 else "Bandung"
        )
        status = ("available", "on_loan", "reference")[number % 3]
        holding(made, place, status=status, available_count=int(status == "available"), textual=said,
                coverage=parse(said), location="Lantai 2")  # fmt: skip
    edition(
        "Bidāyat al-hidāya", "Ghazālī, Abū Ḥāmid", held_by=(library("L1"),), display={"subjects": ["Tasawuf"]}
    )
    indexer.index_dirty()
    return made


def covered(made: Edition, settings: Any) -> None:
    settings.COVER_URL = "https://covers.example/{isbn}.jpg"
    pictures, now = pictures_of(picture(500, 500)), timezone.now()
    store.save(pictures)
    Cover.objects.create(
        edition=made, state="found", digest=pictures.digest, width=pictures.width, height=pictures.height,
        checked_at=now, expires_at=now + timedelta(days=1), host="covers.example",
    )  # fmt: skip


def test_the_page_is_accessible_and_fits_in_light_dark_and_on_a_phone(
    browser: Any, live_server: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    made = full()
    covered(made, settings)
    for width, scheme in ((1280, "dark"), (320, "light")):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        answer = page.goto(f"{live_server.url}/edition/{made.pk}?year=1993")
        assert answer.status == 200
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator(".record-cover img").bounding_box()
        assert abs(box["height"] / box["width"] - 1.5) < 0.05, "a square picture moves nothing"
        context.close()


def test_the_filter_answers_by_keyboard_and_says_so(browser_page: Any, live_server: Any) -> None:
    made = full()
    page = browser_page
    page.goto(f"{live_server.url}/edition/{made.pk}")
    assert page.locator(".holdings tbody").count() == 20
    page.locator("#held-by").focus()
    page.keyboard.type("malang")
    page.keyboard.press("Enter")
    expect(page.locator(".holdings tbody")).to_have_count(3)
    assert page.evaluate("document.activeElement.id") == "held-by", "who types goes on typing"
    assert "3 perpustakaan" in page.locator("#holders-status").inner_text()
    assert "held_by=malang" in page.url
    page.go_back()
    expect(page.locator(".holdings tbody")).to_have_count(20)
    page.locator("#holders a.button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".holdings tbody")).to_have_count(24)


def test_without_scripts_everything_is_there(browser: Any, live_server: Any) -> None:
    made = full()
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(f"{live_server.url}/edition/{made.pk}")
    page.fill("#held-by", "malang")
    page.click("form[role=search]:has(#held-by) button")
    assert page.locator(".holdings tbody").count() == 3
    assert page.locator("[data-copy]:visible").count() == 0
    for one in citations_of(made):
        assert page.locator(f"#cite-{one.style.code}").inner_text() == one.text
    context.close()


def test_a_citation_is_copied_and_said(browser: Any, live_server: Any) -> None:
    made = full()
    context = browser.new_context(locale="id-ID", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{live_server.url}/edition/{made.pk}")
    page.locator("[data-copy=cite-chicago]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-copied]")).not_to_be_empty()
    wanted = next(one.text for one in citations_of(made) if one.style.code == "chicago")
    assert page.evaluate("navigator.clipboard.readText()") == wanted
    context.close()


def test_on_paper_the_words_stay_and_the_buttons_go(browser_page: Any, live_server: Any) -> None:
    made = full()
    page = browser_page
    page.goto(f"{live_server.url}/edition/{made.pk}")
    page.emulate_media(media="print")
    for gone in (".on-page", ".request-foot", "#held-by", "[data-copy]", "#who-has"):
        assert page.locator(gone).first.is_hidden(), gone
    for stays in (".holdings", ".coverage", "#cite-apa", "#contents", "h1"):
        assert page.locator(stays).first.is_visible(), stays


def test_every_section_is_reached_from_the_menu(browser_page: Any, live_server: Any) -> None:
    made = full()
    page = browser_page
    page.goto(f"{live_server.url}/edition/{made.pk}")
    for number in range(page.locator(".on-page a").count()):
        link = page.locator(".on-page a").nth(number)
        link.focus()
        page.keyboard.press("Enter")
        top = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
        assert -1 <= top < 900, link.inner_text()
