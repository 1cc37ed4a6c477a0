"""Lists that libraries publish: an address that stays, feeds, files, and who may end it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import (
    Edition,
    Heading,
    HeadingUse,
    Holding,
    ListEntry,
    PublishedList,
    ReadingList,
    Source,
    SourceRecord,
)
from members.choices import Role
from members.models import Library, User
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def bandung() -> Library:
    return make_library("BANDUNG", name="Perpustakaan Bandung")


@pytest.fixture
def librarian(bandung: Library) -> User:
    return make_member("dewi@bandung.example", bandung, Role.LIBRARIAN)


@pytest.fixture
def row(librarian: User) -> ReadingList:
    made = ReadingList.objects.create(owner=librarian, name="Sastra Sunda", note="Untuk sekolah")
    now = timezone.now()
    edition = Edition.objects.create(title="Mantri Jero", record_count=1, created_at=now, changed_at=now)
    ListEntry.objects.create(list=made, edition=edition, position=1)
    return made


def publish(librarian: User, row: ReadingList) -> str:
    return str(client_of(librarian).post(f"/lists/{row.pk}/publish/")["Location"])


def test_it_has_an_address_that_stays(librarian: User, row: ReadingList, client: Client) -> None:
    address = publish(librarian, row)
    assert address == f"/shared-lists/list/sastra-sunda-{row.pk}/"
    ReadingList.objects.filter(pk=row.pk).update(name="Sastra daerah")
    page = client.get(address).content.decode()
    assert "Mantri Jero" in page and "Perpustakaan Bandung" in page and "Sastra daerah" in page
    staff = client_of(librarian)
    staff.post(f"{address}withdraw/")
    assert client.get(address).status_code == 404
    assert publish(librarian, row) == address


def test_it_stands_in_the_one_list_with_feed_and_files(
    librarian: User, row: ReadingList, client: Client
) -> None:
    address = publish(librarian, row)
    assert address in client.get("/shared-lists/?q=sunda").content.decode()
    assert address not in client.get("/shared-lists/?q=jawa").content.decode()
    assert "Sastra Sunda" in client.get("/shared-lists/feed.atom").content.decode()
    assert "Mantri Jero" in client.get(f"{address}feed.rss").content.decode()
    file = client.get(f"{address}export/?as=ris")
    assert b"Mantri Jero" in b"".join(file.streaming_content)  # type: ignore[attr-defined]


def test_an_empty_list_and_a_readers_list_are_not_published(librarian: User, bandung: Library) -> None:
    empty = ReadingList.objects.create(owner=librarian, name="Kosong")
    client_of(librarian).post(f"/lists/{empty.pk}/publish/")
    reader = make_member("baca@bandung.example", bandung)
    own = ReadingList.objects.create(owner=reader, name="Milikku")
    assert client_of(reader).post(f"/lists/{own.pk}/publish/").status_code == 403
    assert not PublishedList.objects.exists()


def test_another_librarys_manager_can_not_end_it(librarian: User, row: ReadingList) -> None:
    address = publish(librarian, row)
    stranger = make_member("andi@makassar.example", make_library("MAKASSAR"), Role.MANAGER)
    client_of(stranger).post(f"{address}withdraw/")
    assert PublishedList.objects.get().withdrawn_at is None


def test_the_serials_of_one_library_alone(bandung: Library, client: Client) -> None:
    now, medan = timezone.now(), make_library("MEDAN", name="Perpustakaan Medan")
    for place, (library, title) in enumerate(((bandung, "Horison"), (medan, "Basis"))):
        edition = Edition.objects.create(title=title, record_count=1, created_at=now, changed_at=now)
        source = Source.objects.create(library=library, name="Katalog")
        record = SourceRecord.objects.create(
            source=source, identifier="1", raw=b"", raw_format="iso2709", content_hash=b"", edition=edition,
            first_seen_at=now, changed_at=now,
        )  # fmt: skip
        Holding.objects.create(
            edition=edition, library=library, record=record, as_of=now, textual=f"197{place}–"
        )
        heading = Heading.objects.create(kind="serial", text=title, sort=title.lower(), count=1)
        HeadingUse.objects.create(heading=heading, edition_id=edition.pk)
    page = client.get("/shared-lists/serials/BANDUNG/").content.decode()
    assert "Horison" in page and "1970–" in page and "Basis" not in page
    table = b"".join(_parts(client.get("/shared-lists/serials/BANDUNG/csv"))).decode()
    assert "Horison" in table and "Basis" not in table
    index = client.get("/shared-lists/").content.decode()
    assert "/shared-lists/serials/MEDAN/" in index


def _parts(response: Any) -> Any:
    return response.streaming_content if response.streaming else [response.content]
