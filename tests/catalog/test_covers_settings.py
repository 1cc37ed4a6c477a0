"""The provider of covers is set, tried and taken back in the browser, and holds at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from lxml import html

from catalog.choices import CoverState
from catalog.covers import provider
from catalog.models import Cover, CoverProvider
from catalog.services.covers import cover_fetch
from network_portal.core.models import AuditEntry
from tests.catalog.search.world import edition, library
from tests.catalog.test_covers import ISBN, Provider, picture, server
from tests.loans.world import make_person

__all__ = ["server"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client: Client, settings: Any) -> Client:
    settings.COVER_URL, settings.COVER_HOSTS = "", []
    cache.clear()
    client.force_login(
        make_person("koor@example.org", library("K", "Perpustakaan Koordinator"), "coordinator")
    )
    client.cookies["django_language"] = "en"
    return client


def told(response: Any) -> str:
    page = html.fromstring(response.content.decode())
    return " ".join(page.xpath("//main")[0].text_content().split())


def save(client: Client, address: str, **more: str) -> Any:
    values = {"is_on": "on", "address": address, "hosts": "", "per_minute": "20", **more}
    return client.post("/covers/", values, follow=True)


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_holds_at_once_and_is_taken_back(server: str, coordinator: Client) -> None:
    Provider.answers = {f"/{ISBN}.jpg": (200, {}, picture())}
    of = edition("Laskar pelangi", display={"identifiers": [{"scheme": "isbn", "value": ISBN}]})
    assert not provider.is_on() and cover_fetch(edition_id=of.pk) is None
    assert "It holds from now on." in told(save(coordinator, f"{server}/{{isbn}}.jpg"))
    assert cover_fetch(edition_id=of.pk) == CoverState.FOUND
    assert AuditEntry.objects.filter(code="catalog.covers.provider").get().data["address"].startswith(server)
    coordinator.post("/covers/reset/")
    assert not provider.is_on() and not CoverProvider.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["", "http://covers.example/{isbn}.jpg", "https://covers.example/picture.jpg", "https://{isbn}/x", "//x"],
)
def test_an_address_that_cannot_be_used_is_refused(coordinator: Client, address: str, settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    assert 'class="error' in save(coordinator, address).content.decode()
    assert not CoverProvider.objects.exists()


def test_one_isbn_is_tried_and_said(server: str, coordinator: Client, settings: Any) -> None:
    settings.COVER_URL = f"{server}/{{isbn}}.jpg"
    Provider.answers = {f"/{ISBN}.jpg": (200, {}, picture()), "/9786020324784.jpg": (200, {}, b"no picture")}

    def tried(isbn: str) -> str:
        return told(coordinator.post("/covers/try/", {"isbn": isbn}, follow=True))

    assert "A picture of" in tried("978-979-3062-79-2")
    assert "is no picture of a book" in tried("9786020324784")
    assert "has no picture for this ISBN" in tried("9789799731234")
    assert "no right ISBN" in tried("9789793062799")
    assert not Cover.objects.exists(), "a trial keeps nothing"


def test_a_trial_never_reaches_into_the_own_network(server: str, coordinator: Client, settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    settings.COVER_URL = server.replace("http://", "https://") + "/{isbn}.jpg"
    assert "could not be fetched" in told(coordinator.post("/covers/try/", {"isbn": ISBN}, follow=True))
    assert Provider.asked == []


def test_where_there_was_none_is_asked_again(server: str, coordinator: Client, settings: Any) -> None:
    settings.COVER_URL = f"{server}/{{isbn}}.jpg"
    Provider.answers = {f"/{ISBN}.jpg": (200, {}, picture())}
    for isbn in (ISBN, "9786020324784"):
        cover_fetch(
            edition_id=edition("Buku", display={"identifiers": [{"scheme": "isbn", "value": isbn}]}).pk
        )
    assert "Fetched 1" in told(coordinator.get("/covers/")) and "There is none 1" in told(
        coordinator.get("/covers/")
    )
    assert "1 title is asked for again" in told(coordinator.post("/covers/again/", follow=True))
    assert list(Cover.objects.values_list("state", flat=True)) == [CoverState.FOUND]


def test_wrong_pictures_are_forgotten_and_asked_for_anew(
    server: str, coordinator: Client, settings: Any
) -> None:
    settings.COVER_URL = f"{server}/{{isbn}}.jpg"
    Provider.answers = {f"/{ISBN}.jpg": (200, {}, picture())}
    pk = edition("Buku", display={"identifiers": [{"scheme": "isbn", "value": ISBN}]}).pk
    cover_fetch(edition_id=pk)
    assert "1 picture is forgotten" in told(coordinator.post("/covers/forget/", follow=True))
    assert not Cover.objects.exists() and "0 pictures" in told(
        coordinator.post("/covers/forget/", follow=True)
    )
    assert AuditEntry.objects.filter(code="catalog.covers.forgotten").count() == 2
    assert cover_fetch(edition_id=pk) == CoverState.FOUND and len(Provider.asked) == 2
