"""Lists of staff and coordinators: narrowed, ordered, and taken along as a file of exactly what is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import (
    Edition,
    ListEntry,
    MatchAct,
    MatchDecision,
    PublishedList,
    QualityReport,
    ReadingList,
    Source,
    SourceRecord,
)
from loans.models import Message, Request
from members.agreements import services as agreements
from members.choices import HubMode, Role
from members.models import (
    Announcement,
    Attendance,
    Expert,
    Library,
    Network,
    PatronImport,
    Programme,
    ProgrammeSession,
)
from tests.loans.world import World, make_edition, make_holding, make_world
from tests.members.learning.world import make_programme, register
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = pytest.mark.django_db
Made = tuple[Client, str]


def file_of(client: Client, url: str, query: dict[str, str]) -> list[str]:
    answer: Any = client.get(url, {**query, "format": "csv"})
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]


def coordinator() -> Client:
    client = client_of(make_member("koordinator@example.org", make_library("PUSAT"), Role.COORDINATOR))
    client.cookies["django_language"] = "en"
    return client


def asked(world: World, title: str) -> Request:
    world.edition = make_edition(title)
    world.hold("JKT")
    return world.request_in("asked")


def late_ones() -> Made:
    world = make_world()
    for days, title in ((4, "Cantik Itu Luka"), (9, "Arus Balik"), (2, "=Bumi Manusia")):
        request = asked(world, title)
        deadline = timezone.now() - timedelta(days=days)
        Request.objects.filter(pk=request.pk).update(deadline_at=deadline)
    client = client_of(world.people["coordinator"])
    client.cookies["django_language"] = "en"
    return client, reverse("loans:stuck")


def messages() -> Made:
    world = make_world()
    client = client_of(world.people["BDG"])
    client.cookies["django_language"] = "en"
    for number, kind in enumerate(("library", "patron", "library")):
        Message.objects.create(
            request=asked(world, f"Judul {number}"), kind=kind, from_library=world.home, to_library=world.home,
            author_name="Dewi", body=f"=Pesan {'bca'[number]}", read_at=timezone.now() if number == 2 else None,
        )  # fmt: skip
    return client, reverse("loans:inbox")


def decisions() -> Made:
    client, now, library = coordinator(), timezone.now(), make_library("UGM")
    sides = []
    for title in ("Arus Balik", "Bumi Manusia", "Cantik Itu Luka"):
        make_holding(library, make_edition(title))
        sides.append(SourceRecord.objects.latest("pk"))
    source = sides[0].source
    for number, (one, other) in enumerate(((0, 1), (1, 2), (0, 2))):
        act = MatchAct.objects.create(
            kind=("same", "apart", "apart")[number],
            at=now + timedelta(minutes=number),
            note=f"=Catatan {number}",
        )
        MatchDecision.objects.create(
            act=act,
            one=sides[one],
            other=sides[other],
            one_source=source,
            other_source=source,
            is_same=number == 0,
        )
    MatchAct.objects.filter(note="=Catatan 2").update(undone_at=now)
    return client, reverse("catalog:decisions")


def published_lists() -> Made:
    client, library = coordinator(), make_library("UGM")
    owner = make_member("dewi@ugm.example", library, Role.LIBRARIAN)
    for number in range(3):
        row = ReadingList.objects.create(
            owner=owner, name=f"=Daftar {'bca'[number]}", note="Sunda" if number else ""
        )
        for place in range(number):
            now = timezone.now()
            edition = Edition.objects.create(title="T", record_count=1, created_at=now, changed_at=now)
            ListEntry.objects.create(list=row, edition=edition, position=place)
        PublishedList.objects.create(
            list=row,
            library=library,
            slug=f"d{number}",
            published_at=timezone.now() - timedelta(minutes=number),
        )
    return client, reverse("catalog:shared_lists")


def sources() -> Made:
    client = coordinator()
    for number, code in enumerate(("UGM", "ITB", "UNPAD")):
        Source.objects.create(
            library=make_library(code), name=f"=Sumber {'bca'[number]}", kind="file", record_count=number,
            enabled=number > 0,
        )  # fmt: skip
    return client, reverse("catalog:sources")


def agreements_three() -> Made:
    client = coordinator()
    person = client.session["_auth_user_id"]
    actor = actor_of(make_member("k2@example.org", make_library("KTR"), Role.COORDINATOR))
    assert person
    for number in range(3):
        pair = [make_library(f"P{number}A"), make_library(f"P{number}B")]
        version = agreements.agreement_create(
            actor=actor, name=f"=Janji {'abc'[number]}", scope="pair" if number else "group", libraries=pair,
            text_id="Isi", text_en="Text", valid_from=timezone.localdate(),
            valid_until=timezone.localdate() + timedelta(days=88 + number),
        )  # fmt: skip
        if number:
            agreements.version_publish(version=version, actor=actor)
    return client, reverse("members:agreements")


def news() -> Made:
    client, now = coordinator(), timezone.now()
    days = ((-3, 9), (-2, 5), (-9, -1), (4, 9))
    for number, (first, last) in enumerate(days):
        Announcement.objects.create(
            title_en=f"=News {number}", body_en="Words", state="published", is_public=True,
            starts_at=now + timedelta(days=first), ends_at=now + timedelta(days=last),
        )  # fmt: skip
    Announcement.objects.create(title_en="=News 4", body_en="Draft")
    return client, reverse("knowledge:news")


def reader_files() -> Made:
    library = make_library("UGM")
    client = client_of(make_member("kepala@ugm.example", library, Role.MANAGER))
    client.cookies["django_language"] = "en"
    for number in range(3):
        PatronImport.objects.create(
            library=library, file_name=f"=berkas {'bca'[number]}.csv", encoding="utf-8", delimiter=",",
            total=9 - number, state="done" if number else "draft",
        )  # fmt: skip
    other = make_library("ITB")
    PatronImport.objects.create(library=other, file_name="rahasia.csv", encoding="utf-8", delimiter=",")
    return client, reverse("members:imports")


def experts() -> Made:
    client = coordinator()
    for code, name in (("UGM", "=Budi"), ("ITB", "=Citra"), ("UNPAD", "=Ani")):
        person = make_member(f"{code.lower()}@example.org", make_library(code), Role.LIBRARIAN, name=name)
        Expert.objects.create(user=person, library=person.memberships.get().library, languages=["id"])
    return client, reverse("knowledge:experts")


def learning() -> Made:
    client, day = coordinator(), timezone.now().replace(month=6, day=10)
    for number, code in enumerate(("UGM", "ITB", "UNPAD")):
        library = make_library(code, name=f"=Perpustakaan {'bca'[number]}")
        programme: Programme = make_programme(library, sessions=number + 1)
        person = make_member(f"{code.lower()}@example.org", library, Role.LIBRARIAN)
        registration = register(programme, person)
        ProgrammeSession.objects.update(starts_at=day, ends_at=day + timedelta(hours=3))
        if number < 2:
            Attendance.objects.create(registration=registration, session=programme.sessions.all()[0])
    return client, f"{reverse('members:learning_overview')}?year={day.year}"


def quality() -> Made:
    client = coordinator()
    for number, code in enumerate(("UGM", "ITB", "UNPAD")):
        source = Source.objects.create(
            library=make_library(code, name=f"={'bca'[number]}"), name="Koha", kind="file"
        )
        QualityReport.objects.create(
            source=source,
            figures={"records": 30 - 10 * number, "titles": 9, "cases": {"title_markup": (0, 4, 1)[number]}},
        )
    return client, reverse("catalog:quality")


FILTERS: dict[Callable[[], Made], list[tuple[dict[str, str], int]]] = {
    late_ones: [
        ({}, 3), ({"q": "arus"}, 1), ({"side": "supplying"}, 3), ({"side": "patron"}, 0), ({"q": "Semarang"}, 0),
    ],
    messages: [({}, 3), ({"read": "yes"}, 2), ({"read": "no"}, 1), ({"kind": "patron"}, 1), ({"q": "pesan A"}, 1)],
    decisions: [
        ({}, 3), ({"kind": "apart"}, 2), ({"q": "bumi"}, 2), ({"undone": "no"}, 1), ({"q": "catatan 1"}, 1),
        ({"last": "2020-01-01"}, 0),
    ],
    published_lists: [({}, 3), ({"q": "sunda"}, 2), ({"library": "itb"}, 0)],
    sources: [({}, 3), ({"q": "sumber a"}, 1), ({"state": "off"}, 1), ({"q": "perpustakaan itb"}, 1)],
    agreements_three: [
        ({}, 3), ({"q": "p1a"}, 1), ({"state": "draft"}, 1), ({"state": "over"}, 0), ({"scope": "pair"}, 2),
    ],
    news: [
        ({}, 2), ({"state": "all"}, 5), ({"state": "past"}, 1), ({"state": "coming"}, 1), ({"state": "draft"}, 1),
        ({"q": "news 1"}, 1),
    ],
    reader_files: [({}, 3), ({"state": "done"}, 2), ({"q": "berkas a"}, 1)],
    quality: [({}, 3)], experts: [({}, 3), ({"language": "en"}, 0)], learning: [({}, 3)],
}  # fmt: skip
ORDERS: dict[Callable[[], Made], list[tuple[str, str]]] = {
    late_ones: [("", "Arus Balik"), ("-due", "Bumi Manusia"), ("title", "Bumi"), ("patron__email", "Arus Balik")],
    messages: [("", "Pesan c"), ("age", "Pesan b"), ("-age", "Pesan a")],
    decisions: [("", "Catatan 2"), ("old", "Catatan 0")],
    published_lists: [("", "Daftar b"), ("name", "Daftar a"), ("long", "Daftar a"), ("library", "Daftar")],
    sources: [("name", "Sumber a"), ("library", "Sumber c"), ("records", "Sumber a")],
    agreements_three: [("", "Janji a"), ("new", "Janji c"), ("ends", "Janji b")],
    news: [("", "News 1"), ("old", "News 0"), ("ends", "News 1")],
    reader_files: [("", "berkas a"), ("old", "berkas b"), ("name", "berkas a"), ("-rows", "berkas b")],
    quality: [("", "'=a"), ("records", "'=b"), ("suspicious", "'=c")],
    experts: [("", "Ani"), ("library", "Citra"), ("new", "Ani")],
    learning: [("", "Perpustakaan b"), ("library", "Perpustakaan a"), ("given", "Perpustakaan")],
}  # fmt: skip


@pytest.mark.parametrize("made", FILTERS, ids=lambda made: made.__name__)
def test_the_file_holds_what_the_filters_show(made: Callable[[], Made]) -> None:
    client, url = made()
    for query, rows in FILTERS[made]:
        lines = file_of(client, url, query)
        assert len(lines) == rows, query
        assert not any(line.startswith("=") or ",=" in line for line in lines)
        page = client.get(url, query).content.decode()
        assert ("format=csv" in page, "Show all" in page) == (bool(rows), bool(query)), query


@pytest.mark.parametrize("made", ORDERS, ids=lambda made: made.__name__)
def test_an_order_is_chosen_by_name(made: Callable[[], Made]) -> None:
    client, url = made()
    for sort, first in ORDERS[made]:
        assert first in file_of(client, url, {"sort": sort})[0], sort


def test_whoever_may_not_know_the_other_end_cannot_find_it_by_its_name() -> None:
    _client, url = late_ones()
    Network.objects.update(hub_mode=HubMode.OPAQUE)
    library = Library.objects.get(short_code="BDG")
    named = {"q": Request.objects.exclude(owner_library=library)[0].owner_library.name}  # type: ignore[union-attr]
    desk = client_of(make_member("petugas@bdg.example", library, Role.LIBRARIAN))
    assert file_of(desk, url, {}) and not file_of(desk, url, named)
    assert file_of(_client, url, named)
