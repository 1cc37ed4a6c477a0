"""Catalogues outside the network: the coordinator's list, and the links that readers get."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from lxml import html

from catalog.forms.outside import OutsideForm
from catalog.models import OutsideCatalogue
from catalog.presenters.outside import outside_links, plain_text
from catalog.search.query import SearchQuery
from members.choices import Role
from members.models import Network
from network_portal.core.models import AuditEntry
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def new_portal(db: None) -> None:
    """As the migrations leave it; tests with transactions of their own empty the tables."""
    import_module("catalog.migrations.0025_outside_defaults").add(apps, None)


def test_a_new_portal_offers_four_catalogues_over_https() -> None:
    links = outside_links(SearchQuery(text="bumi manusia"))
    assert [link.name for link in links][1:] == ["WorldCat", "Google Books", "Open Library"]
    assert all(link.url.startswith("https://") and "bumi%20manusia" in link.url for link in links)


def test_nothing_asked_gives_no_links() -> None:
    assert outside_links(SearchQuery()) == []
    assert outside_links(SearchQuery(text="tahun:2010")) == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Bumi Manusia", "Bumi Manusia"),
        ("judul:laskar pengarang:hirata", "laskar hirata"),
        ('"laskar pelangi" -film', '"laskar pelangi"'),
        ("isbn:979-3062-79-7", "9789793062792"),
        ("a&b=c#d", "a&b=c#d"),
    ],
)
def test_others_are_asked_without_the_signs_of_our_own_language(text: str, plain: str) -> None:
    assert plain_text(SearchQuery(text=text)) == plain


def test_what_is_typed_cannot_leave_its_place_in_the_address() -> None:
    row = OutsideCatalogue(name="A", address="https://a.example/?q={q}&x=1")
    assert row.link("a&x=2 #/é") == "https://a.example/?q=a%26x%3D2%20%23%2F%C3%A9&x=1"


@pytest.mark.parametrize(
    "address",
    ["http://a.example/?q={q}", "javascript:alert({q})", "https://a.example/", "https://{q}.example/", "https:///{q}",
     "https://me:secret@a.example/{q}", "https://[/{q}", ""],
)  # fmt: skip
def test_only_a_whole_https_address_with_a_place_for_the_question_is_taken(address: str) -> None:
    form = OutsideForm({"name": "A", "address": address, "position": "1"})
    assert "address" in form.errors


def test_the_database_refuses_other_addresses_too() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideCatalogue.objects.create(name="A", address="javascript:alert(1)//{q}")


def test_a_coordinator_changes_the_list_and_it_is_written_down() -> None:
    office = make_library("PUSAT")
    coordinator = make_member("k@pusat.example", office, Role.COORDINATOR)
    Network.objects.get_or_create(code="inti", defaults={"name": "Inti"})
    client = client_of(coordinator)
    typed = {"name": "Trove", "address": "https://trove.nla.gov.au/search?keyword={q}", "position": "1"}
    assert client.post("/outside/new/", typed).status_code == 302
    page = html.fromstring(client.get("/outside/").content.decode())
    assert page.xpath("//main//ol/li[1]/a/text()") == ["Indonesia OneSearch"]
    row = OutsideCatalogue.objects.get(name="Trove")
    assert client.post(f"/outside/{row.pk}/", {**typed, "name": "A Trove"}).status_code == 302
    assert outside_links(SearchQuery(text="bumi"))[0].name == "A Trove"
    assert client.get(f"/outside/{row.pk}/remove/").status_code == 302
    assert OutsideCatalogue.objects.filter(pk=row.pk).exists()
    client.post(f"/outside/{row.pk}/remove/")
    assert not OutsideCatalogue.objects.filter(pk=row.pk).exists()
    codes = list(AuditEntry.objects.filter(code__startswith="catalog.outside").values_list("code", flat=True))
    assert sorted(codes) == ["catalog.outside.changed", "catalog.outside.changed", "catalog.outside.removed"]
