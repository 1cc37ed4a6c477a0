"""Why the records of an edition are one: for staff, in words, with the points that decided."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from catalog.matching import cautions
from catalog.matching.compare import NAMES
from catalog.models import SourceRecord
from catalog.presenters.why import CAUTIONS, COMPARED, MOST, why_one
from catalog.selectors import edition_current
from catalog.services.decisions import act_undo, editions_join
from members.choices import Role
from tests.catalog.building import SYSTEM, edition_of, library, load, marc, person, source, write

pytestmark = pytest.mark.django_db
TOER = {"author": "Toer, Pramoedya Ananta", "publisher": "Hasta Mitra"}


def page_of(edition: int | None, client: Client) -> str:
    return client.get(reverse("catalog:edition_why", args=[edition])).content.decode()


@pytest.fixture
def edition(tmp_path: Path) -> int:
    one, two = source(library("UNPAD")), source(library("ITB"))
    load(one, write(tmp_path, marc("a", "Bumi manusia", year=1980, **TOER)))
    load(
        two, write(tmp_path, marc("b", "Bumi manusia", year=1980, **{**TOER, "publisher": "PT Hasta Mitra"}))
    )
    found = edition_of(one, "a")
    assert found is not None and found == edition_of(two, "b")
    return found


def test_each_comparison_has_its_words() -> None:
    assert set(COMPARED) >= set(NAMES)


def test_each_record_stands_beside_the_one_it_resembles_most(edition: int) -> None:
    why = why_one(edition_current(edition))
    assert {(row.record.identifier, row.other.identifier) for row in why.compared} == {("a", "b"), ("b", "a")}
    assert all(row.outcome == "merge" and row.score >= why.needed and row.speaks_for for row in why.compared)


def test_staff_find_the_page_from_the_edition_and_readers_do_not(edition: int, client: Client) -> None:
    address = reverse("catalog:edition_why", args=[edition])
    record = reverse("catalog:edition", args=[edition])
    assert address not in client.get(record).content.decode()
    client.force_login(person(Role.LIBRARIAN, library("UNPAD2")))
    assert address in client.get(record).content.decode()
    client.cookies["django_language"] = "en"
    text = page_of(edition, client)
    assert "The titles are the same" in text and "UNPAD" in text


def test_a_lone_record_needs_no_reason(tmp_path: Path, client: Client) -> None:
    own = source(library("UNPAD"))
    load(own, write(tmp_path, marc("a", "Bumi manusia", year=1980, **TOER)))
    client.force_login(person(Role.LIBRARIAN, own.library))
    client.cookies["django_language"] = "en"
    assert "one record alone" in page_of(edition_of(own, "a"), client)


def test_what_may_be_the_same_is_named_with_the_reason(tmp_path: Path, client: Client) -> None:
    own, other = source(library("UNPAD")), source(library("ITB"))
    load(own, write(tmp_path, marc("a", "Pengantar ekonomi mikro", year=2006, **TOER)))
    load(other, write(tmp_path, marc("b", "Pengantar ekonomi makro", year=2006, **TOER)))
    first, second = edition_of(own, "a"), edition_of(other, "b")
    assert first != second
    client.force_login(person(Role.LIBRARIAN, own.library))
    client.cookies["django_language"] = "en"
    text = page_of(first, client)
    assert "nearly another" in text and reverse("catalog:edition", args=[second]) in text


def test_what_a_person_put_together_says_so_until_it_is_taken_back(tmp_path: Path, client: Client) -> None:
    own, other = source(library("UNPAD")), source(library("ITB"))
    load(own, write(tmp_path, marc("a", "Bumi manusia", year=1980, edition="Ed. 2", **TOER)))
    load(other, write(tmp_path, marc("b", "Bumi manusia", year=1980, edition="Ed. 7", **TOER)))
    first, second = (record.edition for record in SourceRecord.objects.order_by("pk"))
    assert first is not None and second is not None and first != second
    act = editions_join(edition=first, other=second, actor=SYSTEM, note="The imprint is the same")
    why = why_one(edition_current(second.pk))
    assert why.acts == [act] and all(row.said == act and row.outcome == "separate" for row in why.compared)
    client.force_login(person(Role.LIBRARIAN, own.library))
    client.cookies["django_language"] = "en"
    text = page_of(first.pk, client)
    assert "put together by a person" in text and "The imprint is the same" in text and "forbidden" in text
    act_undo(act=act, actor=SYSTEM)
    assert not why_one(edition_current(first.pk)).acts


def test_every_caution_has_its_words() -> None:
    assert set(CAUTIONS) == {"", "chain", *cautions.CAUTIONS}


def test_the_page_asks_the_same_however_many_records_there_are(
    tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    own = source(library("UNPAD"))
    load(own, write(tmp_path, *[marc(f"n{n}", "Bumi manusia", year=1980, **TOER) for n in range(MOST + 5)]))
    edition = edition_current(edition_of(own, "n0") or 0)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        why = why_one(edition)
    assert (len(why.compared), why.left_out) == (MOST, 5)
