"""The pages where people decide whether records are one edition: who sees which pairs, and what each button does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Edition, MatchAct, MatchDecision, MatchDoubt, SourceRecord
from catalog.presenters.review import side_by_side
from members.choices import Role
from members.models import Library
from tests.catalog.building import edition_of, library, load, marc, person, source, write

pytestmark = pytest.mark.django_db
TITLE = "Bumi manusia dan seisinya"
BOOK: Any = {"author": "Toer, Pramoedya Ananta", "year": 1980}


@pytest.fixture
def libraries(tmp_path: Path) -> dict[str, Library]:
    """UNPAD and ITB have the same book from two houses, which a person has to look at; UGM has nothing of it."""
    places = {code: library(code) for code in ("UNPAD", "ITB", "UGM")}
    load(source(places["UNPAD"]), write(tmp_path, marc("a", TITLE, **BOOK, publisher="Hasta Mitra")))
    load(source(places["ITB"]), write(tmp_path, marc("b", TITLE, **BOOK, publisher="Lentera Dipantara")))
    assert MatchDoubt.objects.count() == 1
    return places


def as_(client: Client, role: Role, of: Library) -> Client:
    client.force_login(person(role, of))
    client.cookies["django_language"] = "en"
    return client


def edition(identifier: str) -> Edition:
    found = SourceRecord.objects.get(identifier=identifier).edition
    assert found is not None
    return found


def say(client: Client, what: str, **values: str) -> str:
    pair = MatchDoubt.objects.get()
    address = reverse("catalog:review_decide", args=[pair.pk])
    return client.post(address, {"say": what, **values}, follow=True).content.decode()


def test_the_pair_stands_side_by_side_with_its_differences_in_words(
    libraries: dict[str, Library], client: Client
) -> None:
    page = as_(client, Role.LIBRARIAN, libraries["UNPAD"]).get(reverse("catalog:review")).content.decode()
    assert "Hasta Mitra" in page and "Lentera Dipantara" in page and "≠ differs" in page and "= same" in page
    assert "1 pair waits" in page and 'aria-keyshortcuts="m"' in page


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [("Eugene P. Odum", "Odum, Eugene P.", "same"), ("Eugene P. Odum", "Odum, Howard T.", "differs")],
)
def test_a_name_the_other_way_round_is_no_difference(one: str, other: str, state: str) -> None:
    left, right = (
        SourceRecord(draft={"contributors": [{"name": name}]}, features={}) for name in (one, other)
    )
    assert [line.state for line in side_by_side(left, right).lines] == [state]


def test_the_button_to_undo_stands_right_under_what_was_said(
    libraries: dict[str, Library], client: Client
) -> None:
    as_(client, Role.LIBRARIAN, libraries["UNPAD"])
    page = say(client, "apart")
    assert page.index("They stay apart.") < page.index("undo-line") < page.index("<h1>")


def test_a_librarian_sees_pairs_of_the_own_library_alone(
    libraries: dict[str, Library], client: Client
) -> None:
    as_(client, Role.LIBRARIAN, libraries["UGM"])
    assert "Nothing waits for you" in client.get(reverse("catalog:review")).content.decode()
    pair = MatchDoubt.objects.get()
    for address in (
        reverse("catalog:review_decide", args=[pair.pk]),
        reverse("catalog:edition_split", args=[edition("a").pk]),
        reverse("catalog:edition_join", args=[edition("a").pk]),
    ):
        assert client.post(address, {"say": "same"}).status_code == 404
    assert edition("a") != edition("b")


def test_merging_joins_the_editions_and_is_undone_in_one_click(
    libraries: dict[str, Library], client: Client
) -> None:
    before = edition("a"), edition("b")
    as_(client, Role.LIBRARIAN, libraries["ITB"])
    page = say(client, "same", note="Sampul sama")
    act = MatchAct.objects.get()
    undo = reverse("catalog:decision_undo", args=[act.pk])
    assert edition("a") == edition("b") and "One edition now." in page and undo in page
    assert (act.note, act.by_library) == ("Sampul sama", libraries["ITB"])
    page = client.post(undo, follow=True).content.decode()
    assert (edition("a"), edition("b")) == before and "Taken back" in page and undo not in page


def test_kept_apart_the_pair_waits_no_more_and_comes_back_when_undone(
    libraries: dict[str, Library], client: Client
) -> None:
    as_(client, Role.COORDINATOR, library("PUSAT"))
    assert "Nothing waits for you" in say(client, "apart")
    assert MatchDecision.objects.get().is_same is False
    client.post(reverse("catalog:decision_undo", args=[MatchAct.objects.get().pk]))
    assert "1 pair waits" in client.get(reverse("catalog:review")).content.decode()


def test_skipped_the_pair_waits_for_another_time(libraries: dict[str, Library], client: Client) -> None:
    as_(client, Role.LIBRARIAN, libraries["ITB"])
    assert "Those that you skipped still wait" in say(client, "skip")
    assert not MatchAct.objects.exists()


def test_an_unknown_button_and_a_second_click_harm_nothing(
    libraries: dict[str, Library], client: Client
) -> None:
    as_(client, Role.LIBRARIAN, libraries["ITB"])
    assert "Choose one of the buttons" in say(client, "everything")
    say(client, "same")
    say(client, "same")
    assert edition("a") == edition("b")
    assert MatchDecision.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"library": "unpad"}, True), ({"library": "UGM"}, False), ({"why": "other_publisher"}, True),
        ({"why": "thin"}, False), ({"format": "book"}, True), ({"format": "map"}, False), ({"why": "x"}, True),
    ],
)  # fmt: skip
def test_pairs_are_filtered(
    asked: dict[str, str], found: bool, libraries: dict[str, Library], client: Client
) -> None:
    page = as_(client, Role.COORDINATOR, library("PUSAT")).get(reverse("catalog:review"), asked)
    assert ("Hasta Mitra" in page.content.decode()) is found


def test_records_are_taken_out_by_hand(libraries: dict[str, Library], tmp_path: Path, client: Client) -> None:
    own = source(libraries["UGM"])
    load(own, write(tmp_path, marc("c", TITLE, **BOOK, publisher="Hasta Mitra"), name="c.mrc"))
    home = edition("a")
    assert edition_of(own, "c") == home.pk
    as_(client, Role.LIBRARIAN, libraries["UGM"])
    page = client.get(home.get_absolute_url()).content.decode()
    address = reverse("catalog:edition_split", args=[home.pk])
    assert address in page
    nothing = client.post(address, {})
    assert nothing.status_code == 422 and "Choose at least one" in nothing.content.decode()
    done = client.post(address, {"record": SourceRecord.objects.get(identifier="c").pk}, follow=True)
    assert edition("c") != home == edition("a")
    assert reverse("catalog:decision_undo", args=[MatchAct.objects.get().pk]) in done.content.decode()


def test_two_editions_are_joined_by_hand_after_both_were_shown(
    libraries: dict[str, Library], client: Client
) -> None:
    first, second = edition("a"), edition("b")
    as_(client, Role.LIBRARIAN, libraries["UNPAD"])
    address = reverse("catalog:edition_join", args=[first.pk])
    assert f"?other={second.pk}" in client.get(address).content.decode()
    shown = client.get(address, {"other": f"http://portal/edition/{second.pk}?x=1"}).content.decode()
    assert f"Number {second.pk} leads on" in shown and edition("b") == second
    done = client.post(address, {"other": str(second.pk)}, follow=True)
    assert edition("b") == first and "The two are one edition now." in done.content.decode()
    assert client.get(second.get_absolute_url()).status_code == 301


@pytest.mark.parametrize("other", ["", "x", "999999999", "self"])
def test_a_wrong_number_is_explained(other: str, libraries: dict[str, Library], client: Client) -> None:
    as_(client, Role.LIBRARIAN, libraries["UNPAD"])
    number = str(edition("a").pk) if other == "self" else other
    answer = client.get(reverse("catalog:edition_join", args=[edition("a").pk]), {"other": number})
    assert answer.status_code == 422 and 'class="error' in answer.content.decode()


def test_decisions_are_listed_with_who_and_when(libraries: dict[str, Library], client: Client) -> None:
    as_(client, Role.LIBRARIAN, libraries["ITB"])
    assert "Nothing was decided yet" in client.get(reverse("catalog:decisions")).content.decode()
    say(client, "apart", note="Penerbit lain")
    page = client.get(reverse("catalog:decisions")).content.decode()
    assert "Kept apart" in page and "Penerbit lain" in page and TITLE in page
    elsewhere = as_(Client(), Role.LIBRARIAN, libraries["UGM"])
    assert "Penerbit lain" not in elsewhere.get(reverse("catalog:decisions")).content.decode()
    act = MatchAct.objects.get()
    assert elsewhere.post(reverse("catalog:decision_undo", args=[act.pk])).status_code == 404


def test_editions_of_very_many_records_are_shown_to_whoever_runs_the_network(
    libraries: dict[str, Library], client: Client
) -> None:
    home = edition("a")
    Edition.objects.filter(pk=home.pk).update(record_count=61)
    address = reverse("catalog:edition_split", args=[home.pk])
    page = as_(client, Role.COORDINATOR, library("PUSAT")).get(reverse("catalog:review")).content.decode()
    assert address in page and "61 records" in page
    elsewhere = as_(Client(), Role.LIBRARIAN, libraries["UNPAD"])
    assert address not in elsewhere.get(reverse("catalog:review")).content.decode()
