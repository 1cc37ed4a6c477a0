"""What browsers and proxies may keep: pages of nobody in particular, never a person's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from catalog.models import Edition
from catalog.search import indexer
from members.choices import Role
from tests.catalog.building import person
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> Edition:
    made = edition("Laskar Pelangi", "Andrea Hirata", held_by=(library("NEAR"),))
    indexer.index_dirty()
    return made


def pages(shelf: Edition) -> list[str]:
    return ["/search?q=pelangi", f"/edition/{shelf.pk}", f"/edition/{shelf.pk}/marc"]


def vary(answer: Any) -> set[str]:
    return {part.strip().lower() for part in answer.headers["Vary"].split(",")}


def test_a_stranger_gets_no_cookie_and_a_page_that_may_be_shared(shelf: Edition) -> None:
    for address in pages(shelf):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert not answer.cookies, address
        control = answer.headers["Cache-Control"]
        assert "public" in control and "max-age=0" in control and "s-maxage=" in control
        assert vary(answer) >= {"cookie", "accept-language", "hx-request"}
        assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_the_same_page_is_not_sent_twice(shelf: Edition) -> None:
    for address in pages(shelf):
        first = Client().get(address)
        again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and not again.content
        assert vary(again) >= {"cookie", "accept-language"}
        changed = Client().get(address, headers={"If-None-Match": 'W/"other"'})
        assert changed.status_code == 200


def test_another_language_is_another_page(shelf: Edition) -> None:
    first = Client().get("/search?q=pelangi", headers={"Accept-Language": "id"})
    second = Client().get("/search?q=pelangi", headers={"Accept-Language": "en"})
    client = Client()
    client.cookies["django_language"] = "en"
    third = client.get("/search?q=pelangi")
    assert first.headers["ETag"] != second.headers["ETag"]
    assert second.headers["ETag"] == third.headers["ETag"]
    assert "public" in third.headers["Cache-Control"]


def test_a_persons_page_is_never_shared(shelf: Edition) -> None:
    client = Client()
    client.force_login(person(Role.LIBRARIAN, library("NEAR")))
    for address in pages(shelf):
        answer = client.get(address)
        assert "private" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]
        assert "ETag" not in answer.headers
    assert "private" in client.get("/members/").headers["Cache-Control"]


def test_whoever_carries_a_cookie_gets_their_own_page(shelf: Edition) -> None:
    client = Client()
    client.cookies["sessionid"] = "gone-long-ago"
    assert "private" in client.get("/search?q=pelangi").headers["Cache-Control"]


def test_an_error_page_is_not_shared() -> None:
    answer = Client().get("/search?q=pelangi")  # there is no index
    assert answer.status_code == 503
    assert "public" not in answer.headers.get("Cache-Control", "")


def test_strangers_choose_a_language_without_a_token_and_people_with_one(shelf: Edition) -> None:
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post("/i18n/setlang/", {"language": "en", "next": "/search?q=pelangi"})
    assert answer.status_code == 302 and answer.cookies["django_language"].value == "en"
    known = Client(enforce_csrf_checks=True)
    known.force_login(person(Role.LIBRARIAN, library("NEAR")))
    assert known.post("/i18n/setlang/", {"language": "en"}).status_code == 403
