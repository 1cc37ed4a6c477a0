"""Who may download what, and what stands in the file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.formats.marc21 import to_draft
from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord
from catalog.models import Edition, SourceRecord
from catalog.search import indexer
from members.choices import Role
from tests.catalog.building import edition_of, library, load, marc, person, source, write
from tests.catalog.downloads.schemas import MARCXML, MODS, valid

pytestmark = pytest.mark.django_db
ITEM = (("952", " ", " ", (("a", "PUSAT"), ("p", "0001"))), ("035", " ", " ", (("a", "(OCoLC)12345678"),)))
SENT = marc(
    "a", "BUMI MANUSIA", author="Toer, Pramoedya Ananta", year=1980, publisher="Hasta Mitra", extra=ITEM
)


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    one, two = source(library("UNPAD")), source(library("ITB"))
    load(one, write(tmp_path, SENT))
    other = marc(
        "b", "Bumi manusia", author="Toer, Pramoedya Ananta", year=1980, publisher="Hasta Mitra", pages=535
    )
    load(two, write(tmp_path, other))
    found = edition_of(one, "a")
    assert found == edition_of(two, "b")
    return Edition.objects.get(pk=found)


@pytest.fixture
def staff(client: Client, edition: Edition) -> Client:
    own = SourceRecord.objects.get(identifier="a").source.library
    client.force_login(person(Role.LIBRARIAN, own))
    client.cookies["django_language"] = "en"
    return client


def drafts(body: bytes) -> list[Any]:
    return [to_draft(record) for record in read_records(BytesIO(body)) if isinstance(record, RawRecord)]


def body_of(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("kind", ["marc", "marcxml", "mods", "dc"])
def test_the_merged_record_in_each_format(staff: Client, edition: Edition, kind: str) -> None:
    response = staff.get(reverse("catalog:edition_download", args=[edition.pk]), {"as": kind})
    (draft,) = drafts(body_of(response))
    assert (draft.title, draft.year, draft.publisher) == ("Bumi manusia", 1980, "Hasta Mitra")
    assert draft.extent == "535 hlm."
    assert response["Content-Disposition"].startswith(f'attachment; filename="jejaring-{edition.pk}.')


def test_the_own_record_comes_as_it_was_sent_and_anothers_without_its_copies(
    staff: Client, edition: Edition
) -> None:
    own, other = SourceRecord.objects.order_by("identifier")
    address = reverse("catalog:record_download", args=[own.pk])
    assert body_of(staff.get(address, {"as": "original"})) == SENT
    (draft,) = drafts(body_of(staff.get(address, {"as": "marc"})))
    assert draft.title == "BUMI MANUSIA" and draft.identifier == "a"
    record = next(iter(read_records(BytesIO(body_of(staff.get(address))))))
    assert isinstance(record, RawRecord)
    tags = [field[0] for field in record.fields]
    assert "952" not in tags and ("003", "UNPAD") in record.fields
    assert (
        staff.get(reverse("catalog:record_download", args=[other.pk]), {"as": "original"}).status_code == 404
    )
    assert (
        drafts(body_of(staff.get(reverse("catalog:record_download", args=[other.pk]))))[0].identifier == "b"
    )


def test_a_list_that_a_search_found_comes_as_one_file(
    staff: Client, edition: Edition, tmp_path: Path
) -> None:
    load(
        source(), write(tmp_path, *[marc(f"n{n}", f"Sejarah Bandung {n}", year=1990 + n) for n in range(60)])
    )
    indexer.index_dirty()
    address = reverse("catalog:list_download")
    response = staff.get(address, {"as": "marcxml", "q": "sejarah bandung"})
    assert response.streaming
    body = body_of(response)
    assert len(drafts(body)) == 60 and valid(MARCXML, body) == 1
    chosen = list(Edition.objects.order_by("-id").values_list("pk", flat=True)[:3])
    body = body_of(staff.get(address, {"as": "mods", "id": [*chosen, 999_999_999, "x"]}))
    assert len(drafts(body)) == 3 and valid(MODS, body) == 1
    page = staff.get(reverse("catalog:search"), {"q": "sejarah bandung", "page": 2}).content.decode()
    assert "Download this list" in page
    assert f"{address}?as=marc&amp;q=sejarah+bandung" in page


def test_a_long_list_is_read_page_by_page(
    staff: Client, edition: Edition, django_assert_num_queries: Any
) -> None:
    from catalog.selectors.downloads import editions_with_records

    with django_assert_num_queries(2):
        assert len(list(editions_with_records([edition.pk]))) == 1


def test_readers_neither_see_nor_get_downloads(client: Client, edition: Edition) -> None:
    address = reverse("catalog:edition_download", args=[edition.pk])
    pages = [
        reverse("catalog:edition", args=[edition.pk]),
        reverse("catalog:edition_marc", args=[edition.pk]),
    ]
    assert all("/download" not in client.get(page).content.decode() for page in pages)
    client.force_login(person(Role.PATRON, library("UGM")))
    assert client.get(address).status_code == 403
    client.force_login(person(Role.LIBRARIAN, library("UNDIP")))
    assert all("/download?as=marc" in client.get(page).content.decode() for page in pages)
    assert client.get(address, {"as": "exe"}).status_code == 404


def test_a_record_too_long_for_marc_names_the_formats_that_have_room(staff: Client, tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, _long("first")))
    found = edition_of(own, "first")
    address = reverse("catalog:edition_download", args=[found])
    assert staff.get(address).status_code == 200
    load(source(), write(tmp_path, _long("second")))
    assert Edition.objects.get(pk=found).record_count == 2
    assert staff.get(address).status_code == 409
    assert "?as=marcxml" in staff.get(address).content.decode()
    assert staff.get(address, {"as": "marcxml"}).status_code == 200
    (draft,) = drafts(body_of(staff.get(reverse("catalog:list_download"), {"id": [found]})))
    assert draft.title == "Kamus besar sekali" and any("Shortened" in note for note in draft.notes)


def _long(identifier: str) -> bytes:
    notes = tuple(("500", " ", " ", (("a", f"{identifier} {n} " + "kata " * 1500),)) for n in range(9))
    told = {
        "author": "Hamka",
        "year": 1970,
        "pages": 900,
        "publisher": "Bulan Bintang",
        "isbn": "9789794611234",
    }
    return marc(identifier, "Kamus besar sekali", extra=notes, **told)  # type: ignore[arg-type]


def test_an_edition_that_was_merged_leads_on(staff: Client, edition: Edition) -> None:
    old = Edition.objects.create(
        title="x", merged_into=edition, created_at=edition.created_at, changed_at=edition.changed_at
    )
    response = staff.get(reverse("catalog:edition_download", args=[old.pk]), {"as": "mods"})
    assert response["Location"] == reverse("catalog:edition_download", args=[edition.pk]) + "?as=mods"
