"""Asking by form and by link in a real Chromium, wide and on a phone: accessible, and nothing runs off the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from loans.models import Request
from members.models import PickupPoint
from tests.loans.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "buku-baru-untuk-semua"
LINK = "?rft_val_fmt=info:ofi/fmt:kev:mtx:journal&rft.genre=article&rft.atitle=Gizi+balita&rft.jtitle=Medika"


@pytest.fixture
def world() -> World:
    made = make_world()
    for name in ("Gedung Pusat", "Cabang Dago"):
        PickupPoint.objects.create(library=made.home, name=name)
    made.patron.set_password(PASSWORD)
    made.patron.save()
    EmailAddress.objects.create(user=made.patron, email=made.patron.email, verified=True, primary=True)
    return made


def _log_in(page: Any, live_server: Any, world: World, who: str = "patron") -> None:
    client = Client()
    client.force_login(world.people[who])
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )


def _look(page: Any, width: int) -> None:
    violations = Axe().run(page).response["violations"]
    assert [(page.url, each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def _continue(page: Any) -> None:
    page.click("main form button.button")
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [1280, 375])
def test_book_is_described_checked_and_sent(
    live_server: Any, browser_page: Any, world: World, width: int, tmp_path: Path
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    _log_in(page, live_server, world)
    page.goto(live_server.url + reverse("loans:request_blank_kinds"))
    _look(page, width)
    page.click("main a[href$='/request/blank/book/']")
    _continue(page)  # nothing filled in
    _look(page, width)
    page.fill("#id_title", "Babad Tanah Jawi")
    _continue(page)
    _look(page, width)
    page.check("input[name=pickup_point] >> nth=1")
    page.fill("#id_note", "Edisi mana pun")
    _continue(page)
    _look(page, width)
    page.screenshot(path=tmp_path / f"check-{width}.png", full_page=True)
    _continue(page)
    made = Request.objects.get()
    assert made.number in page.inner_text("main")
    assert (made.title, made.source) == ("Babad Tanah Jawi", "blank")
    _look(page, width)
    page.goto(live_server.url + reverse("loans:my_request", args=[made.number]))
    _look(page, width)


@pytest.mark.parametrize("width", [1280, 375])
def test_link_asks_for_what_is_missing_and_becomes_a_request(
    live_server: Any, browser_page: Any, world: World, width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + reverse("loans:request_openurl") + "?url_ver=Z39.88-2004&rft.title=%E9")
    _look(page, width)
    page.goto(live_server.url + reverse("loans:request_openurl") + LINK)
    assert "/accounts/login/" in page.url
    page.fill("input[name=login]", world.patron.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.button")
    page.wait_for_url("**/request/blank/article/**")
    _look(page, width)
    assert page.locator("#id_title").count() == 0
    page.fill("#id_year", "1998")
    _continue(page)
    _look(page, width)
    page.check("input[name=purpose][value=research]")
    _continue(page)
    _look(page, width)
    _continue(page)
    made = Request.objects.get()
    assert (made.source, made.genre, made.part["container"]) == ("openurl", "article", "Medika")


@pytest.mark.parametrize("width", [1280, 375])
def test_librarian_asks_for_a_reader_by_keyboard_alone(
    live_server: Any, browser_page: Any, world: World, width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    _log_in(page, live_server, world, "BDG")
    page.goto(live_server.url + reverse("loans:request_for_reader") + f"?edition={world.edition.pk}")
    _look(page, width)
    page.keyboard.type("ayu")  # the search has the focus
    page.keyboard.press("Enter")
    page.wait_for_url("**q=ayu**")
    _look(page, width)
    page.focus("button[name=reader]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/request/new**")
    _look(page, width)
    assert "Ayu Lestari" in page.inner_text(".asking-for")
    page.check("input[name=pickup_point] >> nth=0")
    _continue(page)
    _look(page, width)
    _continue(page)
    made = Request.objects.get()
    assert page.url.endswith(reverse("loans:request", args=[made.number]))
    assert (made.patron, made.source) == (world.patron, "staff")
