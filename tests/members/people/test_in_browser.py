"""The pages on people in a real Chromium: accessible, and readable at 320 px."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from members.choices import Role
from members.models import User
from members.services.imports import import_upload
from members.services.staff import staff_add
from tests.members.people.test_imports import HEADER, taken_over
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages() -> tuple[User, list[str]]:
    """A manager (of two) with an open invitation, a file being prepared, one with problems, and a reader."""
    library = make_library("BANDUNG")
    boss = make_member("made@bandung.example", library, Role.MANAGER)
    make_member("dua@bandung.example", library, Role.MANAGER)
    reader = make_member("budi@example.org", library).memberships.get()
    invited = staff_add(library=library, email="baru@example.org", role=Role.LIBRARIAN, actor=actor_of(boss))
    lines = ("ani@example.org,Ani,1", "salah,=cmd,2")
    done = taken_over(library, boss, *lines)
    data = "\n".join([HEADER, *lines]).encode()
    draft = import_upload(library=library, file_name="pembaca.csv", data=data, actor=actor_of(boss))
    staff = "/members/BANDUNG/staff/"
    return boss, [
        staff, f"{staff}{invited.pk}/role/", f"{staff}{invited.pk}/withdraw/", "/people/?tab=all",
        "/people/import/", f"/people/import/{draft.pk}/", f"/people/import/{done.pk}/",
        f"/people/import/{done.pk}/undo/", f"/people/{reader.pk}/data/", "/account/privacy/",
        "/account/privacy/erase/",
    ]  # fmt: skip


def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    live_server: Any, browser_page: Any, pages: tuple[User, list[str]]
) -> None:
    boss, urls = pages
    cookie = client_of(boss).cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    browser_page.set_viewport_size({"width": 320, "height": 800})
    for url in urls:
        assert browser_page.goto(live_server.url + url).status == 200, url
        violations = Axe().run(browser_page).response["violations"]
        assert [(url, each["id"], each["nodes"][0]["html"]) for each in violations] == []
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320, url
