"""Two records become one edition and come apart again, in a real browser; old addresses and requests follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from catalog.models import Edition, MatchAct, MatchDoubt, SourceRecord
from loans.services import request_submit
from members.choices import Role
from tests.catalog.building import load, marc, source, write
from tests.e2e.walker import Walker
from tests.loans.world import World, make_person, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "buku-bagus-2026"
TITLE = "Bumi manusia dan seisinya"
BOOK: Any = {"author": "Toer, Pramoedya Ananta", "year": 1980}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The library and its neighbour have the same book, from two houses: a person has to look."""
    world = make_world()
    world.people["librarian"] = make_person("tri@example.org", world.home, Role.LIBRARIAN)
    neighbour = next(library for library in world.libraries.values() if library.pk != world.home.pk)
    load(source(world.home), write(tmp_path, marc("a", TITLE, **BOOK, publisher="Hasta Mitra"), name="a.mrc"))
    load(
        source(neighbour),
        write(tmp_path, marc("b", TITLE, **BOOK, publisher="Lentera Dipantara"), name="b.mrc"),
    )
    for person in world.people.values():
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
    assert MatchDoubt.objects.count() == 1
    return world


def edition(identifier: str) -> Edition:
    found = SourceRecord.objects.get(identifier=identifier).edition
    assert found is not None
    return found


def test_two_editions_are_joined_and_parted_and_everything_follows(
    world: World, live_server: Any, browser: Any
) -> None:
    first, second = edition("a"), edition("b")
    wish = request_submit(
        edition=second, patron=world.patron, requesting_library=world.home, actor=world.reader
    )
    desk = Walker(browser, live_server.url).log_in("tri@example.org", PASSWORD)
    reader = Walker(browser, live_server.url).log_in(world.patron.email, PASSWORD)

    desk.go("/matching/").look("matching-pair")
    desk.page.keyboard.press("m")
    desk.page.wait_for_url("**/matching/?*")
    assert edition("b") == first
    desk.look("matching-merged")

    reader.go(second.get_absolute_url())
    assert reader.page.url.endswith(first.get_absolute_url())
    reader.go(f"/my/requests/{wish.number}/")
    reader.page.click(f"main a[href='{second.get_absolute_url()}']")
    reader.page.wait_for_load_state()
    assert reader.page.url.endswith(first.get_absolute_url()) and TITLE in reader.text()

    desk.page.click(f"main form[action*='/decisions/{MatchAct.objects.get().pk}/undo/'] button")
    desk.page.wait_for_load_state()
    assert (edition("a"), edition("b")) == (first, second)
    desk.look("matching-decisions")
    assert reader.go(second.get_absolute_url()).page.url.endswith(second.get_absolute_url())

    desk.go(f"/edition/{first.pk}/join/?other={second.pk}").look("matching-join")
    desk.page.click("main form.decide button")
    desk.page.wait_for_url(f"**{first.get_absolute_url()}")
    assert edition("b") == first
    desk.go(f"/edition/{first.pk}/why").look("matching-why")

    desk.go(f"/edition/{first.pk}/split/").look("matching-split")
    desk.page.check(f"main input[name=record][value='{SourceRecord.objects.get(identifier='b').pk}']")
    desk.send()
    assert edition("b") not in (first, second) and edition("a") == first
    desk.go(f"/edition/{first.pk}/why").look("matching-why-one-left")


def test_a_pair_is_kept_apart_without_javascript(world: World, live_server: Any, browser: Any) -> None:
    desk = Walker(browser, live_server.url, script=False).log_in("tri@example.org", PASSWORD)
    desk.go("/matching/").page.click("main button[name=say][value=apart]")
    desk.page.wait_for_load_state()
    assert MatchAct.objects.get().kind == "apart"
    assert edition("a") != edition("b")
