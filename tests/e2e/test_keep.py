"""Keeping, in a real Chromium: a guest's list that comes along at login, its file; a saved search and its mail."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import rispy
from allauth.account.models import EmailAddress
from django.utils import timezone

from catalog.models import ListEntry, ReadingList, SavedSearch
from catalog.search import indexer
from catalog.services.alerts import alerts_send
from members.choices import Role
from network_portal.core.models import OutgoingMail
from tests.catalog.search.world import edition
from tests.e2e.walker import Walker
from tests.loans.world import World, make_person, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "buku-bagus-2026"
READER = "rani@example.org"


@pytest.fixture
def world() -> World:
    world = make_world()
    person = make_person(READER, world.home, Role.PATRON)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=READER, verified=True, primary=True)
    for title, author in (
        ("Laskar Pelangi", "Hirata, Andrea"),
        ("Pelangi di langit", "Sari"),
        ("Laut", "Sari"),
    ):
        edition(title, author, held_by=(world.home,), display={"publisher": "Bentang"})
    indexer.index_dirty()
    return world


@pytest.mark.parametrize("script", [True, False])
def test_what_a_guest_keeps_is_there_after_login(
    world: World, live_server: Any, browser: Any, tmp_path: Path, script: bool
) -> None:
    guest = Walker(browser, live_server.url, script=script)
    page = guest.page
    guest.go("/search?q=pelangi")
    page.click(".hit .title a >> text=Laskar Pelangi")
    page.wait_for_url("**/edition/*")
    page.click("a[href*='/lists/add/']")
    page.wait_for_load_state()
    if page.locator("main input[name=name]").is_visible():
        page.fill("main input[name=name]", "Untuk skripsi")
    guest.send()
    assert ReadingList.objects.get().owner is None
    guest.go("/lists/")
    page.click("main .lists a")
    page.wait_for_load_state()
    assert "Laskar Pelangi" in guest.text()

    guest.log_in(READER, PASSWORD)
    mine = ReadingList.objects.get()
    assert mine.owner is not None and mine.owner.email == READER
    assert ListEntry.objects.get().list == mine
    guest.go(f"/lists/{mine.pk}/")
    assert "Laskar Pelangi" in guest.text()
    page.locator("details.download summary").first.click()
    with page.expect_download() as download:
        page.click("main details.download a >> text=RIS")
    path = tmp_path / "list.ris"
    download.value.save_as(path)
    [reference] = rispy.loads(path.read_text(encoding="utf-8"))
    assert (reference["title"], reference["authors"]) == ("Laskar Pelangi", ["Hirata, Andrea"])
    guest.context.close()


def test_a_search_is_saved_and_its_mail_leads_to_what_is_new(
    world: World, live_server: Any, browser: Any
) -> None:
    reader = Walker(browser, live_server.url).log_in(READER, PASSWORD)
    page = reader.page
    reader.go("/search?q=pelangi&format=book")
    page.click("main a[href^='/saved/new/']")
    page.wait_for_url("**/saved/new/*")
    reader.look("saved-new")
    page.check("input[name=alert][value=daily]")
    reader.send()
    assert page.url.endswith("/saved/") and "pelangi" in reader.text()
    reader.look("saved-list")

    fresh = edition(
        "Pelangi baru", "Sari", held_by=(world.home,), created_at=timezone.now() + timedelta(seconds=1)
    )
    indexer.index_dirty()
    assert alerts_send(now=timezone.now() + timedelta(days=2)) == 1
    mail = OutgoingMail.objects.get(template="new_titles")
    assert mail.to_email == READER and "Pelangi baru" in mail.body_html
    page.set_content(mail.body_html)
    assert page.locator("a >> text=Pelangi baru").get_attribute("href").endswith(fresh.get_absolute_url())

    stranger = Walker(browser, live_server.url)
    stranger.go(urlsplit(mail.unsubscribe_url).path).look("saved-stop")
    stranger.send()
    assert SavedSearch.objects.get().alert == "off"
    stranger.look("saved-stopped")
    for walker in (reader, stranger):
        walker.context.close()


def test_the_data_block_of_a_record_offends_no_policy(world: World, live_server: Any, browser: Any) -> None:
    """The browser reports whatever the policy on scripts refuses."""
    walker = Walker(browser, live_server.url)
    refused: list[str] = []
    walker.page.on("console", lambda told: refused.append(told.text) if told.type == "error" else None)
    walker.go("/search?q=laskar")
    walker.page.click(".hit .title a")
    walker.page.wait_for_url("**/edition/*")
    data = json.loads(walker.page.locator("script[type='application/ld+json']").text_content() or "")
    assert data["name"] == "Laskar Pelangi" and refused == []
    walker.context.close()
