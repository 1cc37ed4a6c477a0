"""Reading lists: kept by guests and by people with accounts, joined at login, shared by a link, followed by merges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.guests import COOKIE
from catalog.models import Edition, ListEntry, ReadingList
from catalog.netsettings import GUEST_LIST_DAYS
from catalog.services import lists as services
from catalog.services.lists import Keeper
from catalog.tasks_lists import clear_guest_lists
from network_portal.core.errors import RuleViolation
from tests.catalog.search.world import edition, library
from tests.members.world import make_member

pytestmark = pytest.mark.django_db
ADD, PASSWORD = "/lists/add/", "buku-baru-untuk-semua"


@pytest.fixture
def books() -> list[Edition]:
    near = library("NEAR", "Perpustakaan Dekat")
    return [
        edition(title, "Hirata, Andrea", held_by=(near,)) for title in ("Laskar Pelangi", "Edensor", "Ayah")
    ]


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def keep(client: Client, *books: Edition, onto: str = "new", name: str = "My list") -> Any:
    values = {"edition": [book.pk for book in books], "onto": onto, "name": name, "back": "/search?q=hirata"}
    return client.post(ADD, values)


def titles(row: ReadingList) -> list[str]:
    return [entry.edition.title for entry in row.entries.select_related("edition")]


def test_a_guest_keeps_titles_and_finds_them_again(english: Client, books: list[Edition]) -> None:
    assert COOKIE not in english.cookies
    asked = english.get(ADD, {"edition": books[0].pk}).content.decode()
    assert "Laskar Pelangi" in asked and 'value="My list"' in asked
    assert keep(english, books[0])["Location"] == "/search?q=hirata"
    assert english.cookies[COOKIE]["httponly"] and english.cookies[COOKIE]["samesite"] == "Lax"
    row = ReadingList.objects.get()
    assert keep(english, books[1], books[0], onto=str(row.pk)).status_code == 302
    assert titles(row) == ["Laskar Pelangi", "Edensor"]
    page = english.get(reverse("catalog:list", args=[row.pk])).content.decode()
    assert "Edensor" in page and "2 titles" in page
    assert "My list" in english.get("/lists/").content.decode()


def test_nobody_sees_or_changes_anothers_list(english: Client, books: list[Edition]) -> None:
    keep(english, books[0])
    row = ReadingList.objects.get()
    stranger = Client()
    stranger.force_login(make_member("budi@example.org", library("NEAR")))
    for client in (Client(), stranger):
        client.cookies[COOKIE] = "a:guess"
        assert client.get(reverse("catalog:list", args=[row.pk])).status_code == 404
        assert client.get(reverse("catalog:list_export", args=[row.pk])).status_code == 404
        for name, more in (("change", []), ("share", []), ("delete", []), ("entry", [books[0].pk])):
            assert client.post(reverse(f"catalog:list_{name}", args=[row.pk, *more])).status_code == 404, name
        assert keep(client, books[1], onto=str(row.pk)).status_code == 422, (
            "a list that is not theirs is no choice"
        )
    assert titles(row) == ["Laskar Pelangi"]


def test_login_takes_along_what_a_guest_kept(english: Client, books: list[Edition]) -> None:
    person = make_member("ayu@example.org", library("NEAR"))
    mine = services.list_make(keeper=Keeper(person.pk), name="My list")
    services.list_add(row=mine, editions=[books[0].pk])
    keep(english, books[0], books[1])
    guest = ReadingList.objects.get(owner=None)
    services.entry_change(row=guest, edition=books[1].pk, what="note", note="for Sunday")
    keep(english, books[2], name="Holidays")
    person.set_password(PASSWORD)
    person.save()
    english.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert not ReadingList.objects.filter(owner=None).exists()
    assert titles(mine) == ["Laskar Pelangi", "Edensor"]
    assert mine.entries.get(edition=books[1]).note == "for Sunday"
    assert titles(ReadingList.objects.get(owner=person, name="Holidays")) == ["Ayah"]


def test_titles_move_get_notes_and_leave(english: Client, books: list[Edition]) -> None:
    keep(english, *books)
    row = ReadingList.objects.get()

    def change(book: Edition, what: str, note: str = "") -> None:
        answer = english.post(
            reverse("catalog:list_entry", args=[row.pk, book.pk]), {"what": what, "note": note}
        )
        assert answer.status_code == 302

    change(books[2], "up")
    change(books[2], "up")
    change(books[2], "up")  # the first stays where it is
    assert titles(row) == ["Ayah", "Laskar Pelangi", "Edensor"]
    change(books[2], "down")
    change(books[1], "note", "lent to Budi")
    change(books[0], "remove")
    change(books[0], "remove")  # pressed twice
    assert titles(row) == ["Ayah", "Edensor"]
    assert "lent to Budi" in english.get(reverse("catalog:list", args=[row.pk])).content.decode()


def test_a_shared_list_is_read_by_its_link_until_that_is_taken_back(
    english: Client, books: list[Edition]
) -> None:
    keep(english, books[0])
    row = ReadingList.objects.get()
    english.post(reverse("catalog:list_share", args=[row.pk]), {"shared": "1"})
    row.refresh_from_db()
    link = reverse("catalog:list_shared", args=[row.share_token])
    assert link in english.get(reverse("catalog:list", args=[row.pk])).content.decode()
    reader = Client()
    answer = reader.get(link)
    assert "Laskar Pelangi" in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert b"Laskar Pelangi" in b"".join(reader.get(link + "export/?as=ris").streaming_content)  # type: ignore[attr-defined]
    english.post(reverse("catalog:list_share", args=[row.pk]), {"shared": "0"})
    assert reader.get(link).status_code == 404
    english.post(reverse("catalog:list_share", args=[row.pk]), {"shared": "1"})
    assert reader.get(link).status_code == 404, "an address that was taken back never works again"


def test_a_list_follows_editions_that_were_merged(english: Client, books: list[Edition]) -> None:
    keep(english, books[0], books[1])
    Edition.objects.filter(pk=books[0].pk).update(merged_into=books[2])
    row = ReadingList.objects.get()
    page = english.get(reverse("catalog:list", args=[row.pk])).content.decode()
    assert "Ayah" in page and "Laskar Pelangi" not in page
    keep(english, books[0], onto=str(row.pk))
    page = english.get(reverse("catalog:list", args=[row.pk])).content.decode()
    assert page.count(f'href="{books[2].get_absolute_url()}"') == 2, "once, with its cover"


def test_a_list_is_renamed_and_deleted(english: Client, books: list[Edition]) -> None:
    keep(english, books[0])
    keep(english, books[1], name="Other")
    row = ReadingList.objects.get(name="My list")
    change = reverse("catalog:list_change", args=[row.pk])
    assert english.post(change, {"name": "Other", "note": ""}).status_code == 422
    assert english.post(change, {"name": " ", "note": ""}).status_code == 422
    english.post(change, {"name": "To read", "note": "In this order."})
    assert "In this order." in english.get(reverse("catalog:list", args=[row.pk])).content.decode()
    assert english.get(reverse("catalog:list_delete", args=[row.pk])).status_code == 200
    english.post(reverse("catalog:list_delete", args=[row.pk]))
    assert [left.name for left in ReadingList.objects.all()] == ["Other"]


def test_nothing_ticked_is_said_and_an_address_elsewhere_is_not_followed(
    english: Client, books: list[Edition]
) -> None:
    assert english.get(ADD, {"edition": "0"})["Location"] == "/lists/"
    assert english.get(ADD, {"edition": ["x", "99999999999999999999"]}).status_code == 302
    answer = english.post(
        ADD, {"edition": books[0].pk, "onto": "new", "name": "L", "back": "https://evil.example/"}
    )
    assert answer["Location"] == "/lists/"


def test_lists_have_limits(books: list[Edition], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_LISTS", 1)
    monkeypatch.setattr(services, "MOST_TITLES", 2)
    row = services.list_make(keeper=Keeper(guest="g"), name="One")
    assert services.list_make(keeper=Keeper(guest="g"), name="One").pk == row.pk
    with pytest.raises(RuleViolation) as refused:
        services.list_make(keeper=Keeper(guest="g"), name="Two")
    assert refused.value.code == "too_many_lists"
    with pytest.raises(RuleViolation):
        services.list_add(row=row, editions=[book.pk for book in books])
    assert not ListEntry.objects.exists()


def test_what_guests_have_not_touched_for_a_year_goes(books: list[Edition]) -> None:
    old = services.list_make(keeper=Keeper(guest="a"), name="Old")
    services.list_make(keeper=Keeper(guest="b"), name="New")
    person = make_member("ayu@example.org", library("NEAR"))
    mine = services.list_make(keeper=Keeper(person.pk), name="Mine")
    ReadingList.objects.filter(pk__in=(old.pk, mine.pk)).update(
        changed_at=timezone.now() - timedelta(days=GUEST_LIST_DAYS.now() + 1)
    )
    clear_guest_lists()
    assert {row.name for row in ReadingList.objects.all()} == {"New", "Mine"}


def test_the_record_page_offers_to_keep_and_to_take_along(english: Client, books: list[Edition]) -> None:
    page = english.get(books[0].get_absolute_url()).content.decode()
    assert f'href="/lists/add/?edition={books[0].pk}"' in page
    assert f'href="/search/export?as=bibtex&amp;edition={books[0].pk}"' in page
