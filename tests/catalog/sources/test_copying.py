"""Search and copy, from the form to the edition, against a real Zebra over Z39.50 and SRU."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalog.choices import RunKind, RunStatus, SourceKind
from catalog.formats import marc21
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord
from catalog.formats.write import to_iso2709
from catalog.harvesting.copying import Kept, own_record
from catalog.harvesting.lookup import Asked, Hit
from catalog.harvesting.z3950 import search as z3950
from catalog.models import Edition, Holding, Run, Source, SourceRecord
from catalog.services import copying
from catalog.services.copying import lookup_carry_out, lookup_start, record_copy
from members.models import Library, User
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry
from tests.catalog.building import SYSTEM, library, load, marc, person, source, write
from tests.catalog.harvesting.zebra import Zebra, need_zebra
from tests.paths import MARC, needs_shared

pytestmark = [pytest.mark.django_db]
NOVELS = MARC / "marc4j/pride-and-prejudice-fixed.mrc"
ISBN = "0006159494"


@pytest.fixture(scope="module")
def zebra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zebra]:
    need_zebra()
    with Zebra(tmp_path_factory.mktemp("zebra"), [NOVELS]) as server:
        yield server


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker, without the queue: what is sent is carried out after the commit."""
    monkeypatch.setattr(copying, "task_send", lambda _name, token, **_how: lookup_carry_out(token=token))


@pytest.fixture
def home() -> Library:
    return library("RUMAH")


@pytest.fixture
def librarian(home: Library) -> User:
    return person("librarian", home)


@pytest.fixture
def browser_of(client: Client, librarian: User) -> Client:
    client.force_login(librarian)
    client.cookies["django_language"] = "en"
    return client


def address(answer: Any) -> str:
    """Where a search's answer will be."""
    return str(answer["Location"]).partition("#")[0]


def target(home: Library, zebra: Zebra, kind: SourceKind) -> Source:
    url = zebra.target if kind == SourceKind.Z3950 else zebra.url
    return source(home, kind=kind, url=url, name="Katalog lain")


@needs_shared
@pytest.mark.parametrize("kind", [SourceKind.Z3950, SourceKind.SRU])
def test_a_librarian_searches_looks_and_copies(
    zebra: Zebra, home: Library, browser_of: Client, kind: SourceKind, django_capture_on_commit_callbacks: Any
) -> None:
    other = target(home, zebra, kind)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser_of.post(reverse("catalog:copy_search", args=[other.pk]), {"isbn": ISBN})
    hits = browser_of.get(address(answer))
    assert "Pride and prejudice" in hits.content.decode()
    one = f"{address(answer)}1/"
    assert "Maine, George Frederick." in browser_of.get(one).content.decode()
    where = {"call_number": "823 AUS p", "location": "Lantai 2", "barcode": "B0001"}
    done = browser_of.post(f"{one}take/", where)
    edition = Edition.objects.get(title="Pride and prejudice")
    assert done["Location"] == reverse("catalog:edition", args=[edition.pk])
    holding = Holding.objects.get(edition=edition)
    assert (holding.library, holding.location, holding.call_number) == (home, "Lantai 2", "823 AUS p")
    assert holding.barcodes == ["B0001"]
    run = Run.objects.get(kind=RunKind.COPY)
    assert (run.status, run.created, run.source.name) == (RunStatus.DONE, 1, "Copied records")
    assert AuditEntry.objects.filter(code="catalog.record.copied", data__title="Pride and prejudice").exists()
    assert "copied already" in browser_of.get(address(answer)).content.decode()


@needs_shared
def test_one_click_on_the_list_copies_without_any_question(
    zebra: Zebra, home: Library, browser_of: Client, django_capture_on_commit_callbacks: Any
) -> None:
    other = target(home, zebra, SourceKind.Z3950)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser_of.post(reverse("catalog:copy_search", args=[other.pk]), {"isbn": ISBN})
    browser_of.post(f"{address(answer)}1/take/")
    holding = Holding.objects.get(library=home)
    assert (holding.call_number, holding.status, holding.item_count) == ("", "unknown", 1)


@needs_shared
def test_the_record_can_be_had_as_marc_and_as_marcxml(
    zebra: Zebra, home: Library, browser_of: Client, django_capture_on_commit_callbacks: Any
) -> None:
    other = target(home, zebra, SourceKind.Z3950)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser_of.post(reverse("catalog:copy_search", args=[other.pk]), {"isbn": ISBN})
    for kind, format in (("mrc", "iso2709"), ("xml", "marcxml")):
        file = browser_of.get(f"{address(answer)}1/record.{kind}")
        assert file["Content-Disposition"].endswith(f'.{kind}"')
        record = next(read_records(io.BytesIO(file.content)))
        assert isinstance(record, RawRecord)
        assert (record.format, marc21.to_draft(record).title) == (format, "Pride and prejudice")


def hit(**values: Any) -> Hit:
    return Hit(
        marc("42", "Laskar Pelangi", author="Andrea Hirata", year=2005, **values).rstrip(b"\x1d"), "iso2709"
    )


def copy(home: Library, one: Hit, kept: Kept | None = None, into: Source | None = None) -> SourceRecord:
    other = Source.objects.filter(kind=SourceKind.Z3950).first() or source(home, kind=SourceKind.Z3950)
    return record_copy(source=other, hit=one, kept=kept or Kept(), into=into, library=home, actor=SYSTEM)


def test_copies_of_its_old_home_do_not_become_the_librarys_own(home: Library) -> None:
    far = (
        ("949", " ", " ", (("a", "X 1"), ("i", "999"))),
        ("952", " ", " ", (("o", "Y 2"), ("p", "888"))),
        ("856", "4", "0", (("u", "https://example.org/teks"),)),
    )
    record = copy(home, hit(call="899.2 HIR l", extra=far), Kept(call_number="H 12"))
    holding = Holding.objects.get(record=record)
    assert (holding.call_number, holding.location, holding.barcodes) == ("H 12", "", [])
    assert record.draft["links"] == ["https://example.org/teks"]


def test_the_same_record_copied_again_replaces_its_copy(home: Library) -> None:
    first = copy(home, hit(), Kept(call_number="lama"))
    again = copy(home, hit(), Kept(call_number="baru"))
    assert first.pk == again.pk
    assert Holding.objects.get().call_number == "baru"
    assert Source.objects.filter(library=home, kind=SourceKind.UPLOAD).count() == 1


def test_equal_numbers_of_two_catalogues_stay_two_records(home: Library) -> None:
    for title in ("Satu", "Dua"):
        other = source(home, kind=SourceKind.Z3950)
        one = Hit(marc("1", title).rstrip(b"\x1d"), "iso2709")
        record_copy(source=other, hit=one, kept=Kept(), into=None, library=home, actor=SYSTEM)
    assert SourceRecord.objects.filter(deleted_at=None).count() == 2


def test_a_copy_joins_the_edition_that_the_network_has(home: Library, tmp_path: Any) -> None:
    load(
        source(),
        write(tmp_path, marc("9", "Laskar Pelangi", author="Andrea Hirata", year=2005, isbn="9793062797")),
    )
    record = copy(home, hit(isbn="9793062797"))
    edition = Edition.objects.get(merged_into=None)
    assert (record.edition_id, edition.library_count) == (edition.pk, 2)


def test_a_copy_is_taken_out_again_with_its_holding(home: Library, browser_of: Client) -> None:
    record = copy(home, hit())
    page = browser_of.get(reverse("catalog:source", args=[record.source_id])).content.decode()
    assert "Laskar Pelangi" in page
    browser_of.post(reverse("catalog:copy_remove", args=[record.pk]))
    record.refresh_from_db()
    assert record.deleted_at
    assert not Holding.objects.exists()


def test_a_record_that_was_not_copied_by_hand_stays(home: Library, tmp_path: Any) -> None:
    own = source(home)
    load(own, write(tmp_path, marc("9", "Bumi Manusia")))
    with translation.override("en"), pytest.raises(RuleViolation, match="copied by hand"):
        copying.copy_remove(record=SourceRecord.objects.get(), actor=SYSTEM)


def test_copies_go_into_no_source_that_would_lose_them(home: Library) -> None:
    for unfit in (source(home, is_snapshot=True), source(home, kind=SourceKind.OAI_PMH), source()):
        with pytest.raises(RuleViolation) as caught:
            copy(home, hit(), into=unfit)
        assert caught.value.code == "not_yours"
    assert copy(home, hit(), into=(chosen := source(home))).source == chosen


@pytest.mark.parametrize("payload", [b"", b"<html/>", b"garbage", b"<record>"])
def test_what_can_not_be_read_is_not_copied(home: Library, payload: bytes) -> None:
    with pytest.raises(RuleViolation):
        copy(home, Hit(payload))
    assert not SourceRecord.objects.exists()


def test_a_record_without_a_title_says_why_it_is_not_taken(home: Library) -> None:
    with translation.override("en"), pytest.raises(RuleViolation, match="no title"):
        copy(home, Hit(marc("1", "").rstrip(b"\x1d"), "iso2709"))


def test_a_unimarc_record_keeps_its_fields_but_not_its_copies() -> None:
    fields = [
        ("001", "7"),
        ("200", "1", " ", (("a", "Le titre"),)),
        ("995", " ", " ", (("f", "123"), ("k", "R LE"))),
    ]
    record = parse_payload(to_iso2709(fields).rstrip(b"\x1d"), "iso2709")
    draft = marc21.to_draft(parse_payload(own_record(record, Kept("Umum", "700", "B7")), "marcxml"))
    assert draft.title == "Le titre"
    assert [(h.location, h.call_number, h.barcodes) for h in draft.holdings] == [("Umum", "700", ["B7"])]


def test_a_search_that_no_worker_takes_is_given_up_with_a_word(
    home: Library, librarian: User, browser_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = source(home, kind=SourceKind.Z3950, url="127.0.0.1:9/Default")
    answer = browser_of.post(reverse("catalog:copy_search", args=[other.pk]), {"title": "x"})
    assert 'hx-trigger="every 1s"' in browser_of.get(address(answer)).content.decode()
    monkeypatch.setattr(copying, "PATIENCE", 0)
    page = browser_of.get(address(answer), headers={"HX-Request": "true"}).content.decode()
    assert "workers are busy or stopped" in page
    assert "hx-trigger" not in page


def test_a_search_belongs_to_whoever_began_it_and_is_forgotten_in_time(
    home: Library, browser_of: Client
) -> None:
    other = source(home, kind=SourceKind.Z3950, url="127.0.0.1:9/Default")
    foreign = lookup_start(source=other, asked=Asked(title="x"), actor=SYSTEM)
    answer = browser_of.get(reverse("catalog:copy_hits", args=[other.pk, foreign.token]))
    assert answer["Location"] == reverse("catalog:copy_search", args=[other.pk])
    own = address(browser_of.post(reverse("catalog:copy_search", args=[other.pk]), {"title": "x"}))
    cache.delete(f"catalog.lookup.{own.split('/')[-2]}")
    assert browser_of.get(own).status_code == 302


def test_an_empty_question_is_not_sent(home: Library, browser_of: Client) -> None:
    other = source(home, kind=SourceKind.Z3950, url="127.0.0.1:9/Default")
    answer = browser_of.post(reverse("catalog:copy_search", args=[other.pk]), {"title": "  "})
    assert answer.status_code == 422
    assert "Enter an ISBN, a title or an author." in answer.content.decode()


def test_a_shared_catalogue_serves_librarians_of_other_libraries(home: Library, browser_of: Client) -> None:
    far = library("JAUH")
    private = source(far, kind=SourceKind.Z3950, name="Tertutup")
    shared = source(far, kind=SourceKind.Z3950, name="Terbuka", options={"shared": True})
    page = browser_of.get(reverse("catalog:copying")).content.decode()
    assert "Terbuka" in page
    assert "Tertutup" not in page
    assert browser_of.get(reverse("catalog:copy_search", args=[shared.pk])).status_code == 200
    assert browser_of.get(reverse("catalog:copy_search", args=[private.pk])).status_code == 404


def test_the_source_page_says_how_to_install_what_is_missing(
    home: Library, browser_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = source(home, kind=SourceKind.Z3950, url="127.0.0.1:9/Default")
    monkeypatch.setattr(z3950, "installed", lambda: False)
    page = browser_of.get(reverse("catalog:source", args=[other.pk])).content.decode()
    assert "apt-get install yaz" in page
    monkeypatch.setattr(z3950, "installed", lambda: True)
    assert "apt-get" not in browser_of.get(reverse("catalog:source", args=[other.pk])).content.decode()


def test_the_page_of_a_catalogue_that_is_only_searched_has_no_empty_sections(
    home: Library, browser_of: Client
) -> None:
    other = source(home, kind=SourceKind.Z3950, url="127.0.0.1:9/Default")
    page = browser_of.get(reverse("catalog:source", args=[other.pk])).content.decode()
    assert 'id="server"' in page
    for section in ("health", "quality", "loadings", "columns", "copies", "originals", "rules"):
        assert f'id="{section}"' not in page
    loaded = browser_of.get(reverse("catalog:source", args=[source(home).pk])).content.decode()
    for section in ("health", "quality", "loadings"):
        assert f'id="{section}"' in loaded


def test_a_catalogue_that_is_only_searched_counts_nothing_in_lists_and_reports(
    home: Library, browser_of: Client
) -> None:
    source(home, kind=SourceKind.Z3950, name="Jauh sekali", url="127.0.0.1:9/Default")
    listed = browser_of.get(reverse("catalog:sources")).content.decode()
    assert "Only searched" in listed
    assert "Nothing loaded yet" not in listed
    report = browser_of.get(reverse("catalog:quality_library", args=[home.short_code])).content.decode()
    assert "Jauh sekali" not in report
