"""The mapping screen: an uploaded table waits, is shown as it would be stored, and is loaded when it is mapped."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalog.harvesting.tables import waiting_table
from catalog.models import Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue
from members.models import Library
from network_portal.core.models import AuditEntry
from tests.catalog.building import SYSTEM, library, source

from .test_pages import client_of

pytestmark = pytest.mark.django_db
TABLE = (
    "No;Judul Buku;Pengarang;Thn. Terbit;ISBN;Jumlah Eksemplar\n"
    "1;Bumi manusia;Pramoedya Ananta Toer;1980;979-97312-3-2;3\n"
    "2;Laskar pelangi;Andrea Hirata;2005;978-979-3062-79-1;1\n"
    "3;;Tanpa judul;2001;;1\n"
)


@pytest.fixture
def home() -> Library:
    return library("UNPAD")


@pytest.fixture
def own(home: Library) -> Source:
    return source(home, name="Daftar buku")


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sent: list[int] = []
    for module in ("sources._send", "columns.run_send", "runs.run_send"):
        monkeypatch.setattr(f"catalog.services.{module}", sent.append)
    return sent


def upload(client: Client, own: Source, content: bytes = TABLE.encode(), name: str = "buku.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("catalog:source_upload", args=[own.pk]), {"file": file})


def mapping_page(own: Source) -> str:
    return reverse("catalog:source_columns", args=[own.pk])


def answers(client: Client, own: Source, **changed: str) -> dict[str, str]:
    form = client.get(mapping_page(own)).context["form"]
    shown = {bound.name: bound.value() for bound in form}
    return {
        **{name: value if value is not True else "on" for name, value in shown.items() if value},
        **changed,
    }


def test_an_uploaded_table_waits_and_nothing_is_stored(
    home: Library, own: Source, no_broker: list[int]
) -> None:
    client = client_of("manager", home)
    assert upload(client, own)["Location"] == mapping_page(own)
    assert (Run.objects.count(), SourceRecord.objects.count(), no_broker) == (0, 0, [])
    assert "buku.csv" in client.get(reverse("catalog:source", args=[own.pk])).content.decode()


def test_the_page_proposes_and_shows_the_first_records_as_they_would_be(home: Library, own: Source) -> None:
    client = client_of("manager", home)
    upload(client, own)
    response = client.get(mapping_page(own))
    chosen = {c.name: c.field.value() for c in response.context["columns"]}
    assert chosen == {
        "No": None, "Judul Buku": "title", "Pengarang": "author", "Thn. Terbit": "year", "ISBN": "isbn",
        "Jumlah Eksemplar": "copies",
    }  # fmt: skip
    first, second, third = response.context["preview"]
    assert (first.draft.title, first.imprint, first.isbns, first.copies) == (
        "Bumi manusia", "1980", [("9789799731234", True)], 3,
    )  # fmt: skip
    assert second.isbns[0][1] is False
    assert third.problem == "The record has no title."
    text = response.content.decode()
    assert "wrong check digit" in text
    assert "Laskar pelangi" in text


def test_another_answer_is_shown_and_stores_nothing(home: Library, own: Source) -> None:
    client = client_of("manager", home)
    upload(client, own)
    response = client.post(mapping_page(own), answers(client, own, column_2="publisher", look="1"))
    assert response.status_code == 200
    assert response.context["preview"][0].draft.publisher == "Pramoedya Ananta Toer"
    own.refresh_from_db()
    assert (own.columns, Run.objects.count()) == ({}, 0)


def test_the_mapped_table_is_loaded_and_the_next_one_goes_straight_in(
    home: Library, own: Source, no_broker: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("manager", home)
    upload(client, own)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(mapping_page(own), answers(client, own, load="1"))
    run = Run.objects.get()
    assert response["Location"] == reverse("catalog:run", args=[run.pk])
    assert no_broker == [run.pk]
    run_execute(run_id=run.pk, actor=SYSTEM)
    run.refresh_from_db()
    assert (run.created, run.rejected, run.file_name) == (2, 1, "buku.csv")
    assert waiting_table(own) is None
    told = AuditEntry.objects.get(code="catalog.columns.changed").data
    assert told["before"] == {}
    assert told["after"]["Judul Buku"] == "title"
    again = upload(client, own, gzip.compress(TABLE.encode()), "buku.csv.gz")
    assert again["Location"] == reverse("catalog:run", args=[Run.objects.latest("id").pk])


def test_a_changed_header_is_asked_again_and_known_columns_keep_their_meaning(
    home: Library, own: Source
) -> None:
    Source.objects.update(
        columns={"columns": {"0": "notes", "1": "title"}, "header": True, "names": ["No", "Judul Buku"]}
    )
    client = client_of("manager", home)
    assert upload(client, own)["Location"] == mapping_page(own)
    chosen = {c.name: c.field.value() for c in client.get(mapping_page(own)).context["columns"]}
    assert (chosen["No"], chosen["Judul Buku"], chosen["Pengarang"]) == ("notes", "title", "author")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"column_1": ""}, "Say which column holds the titles"),
        ({"column_2": "title"}, "More than one column"),
    ],
)
def test_a_mapping_that_can_not_work_is_refused_with_its_reason(
    home: Library, own: Source, changed: dict[str, str], words: str
) -> None:
    client = client_of("manager", home)
    upload(client, own)
    response = client.post(mapping_page(own), answers(client, own, load="1", **changed))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Run.objects.exists()


def test_a_spreadsheet_file_is_refused_with_what_to_do(home: Library, own: Source) -> None:
    content = b"PK\x03\x04" + b"[Content_Types].xml xl/workbook.xml" + b"\0" * 200
    client = client_of("manager", home)
    response = upload(client, own, content, "buku.xlsx")
    assert response.status_code == 422
    assert "CSV (UTF-8)" in response.content.decode()
    assert not Run.objects.exists()
    assert waiting_table(own) is None


def test_a_header_that_is_no_utf8_is_kept_and_known_again(
    home: Library, own: Source, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("manager", home)
    content = "Judul;Penulis (nom prénom)\nL'été;Ernaux, René\n".encode("cp1252")
    upload(client, own, content)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(mapping_page(own), answers(client, own, load="1"))
    own.refresh_from_db()
    assert own.columns["names"] == ["Judul", "Penulis (nom prénom)"]
    run_execute(run_id=Run.objects.get().pk, actor=SYSTEM)
    draft = SourceRecord.objects.get().draft
    assert (draft["title"], draft["contributors"][0]["name"]) == ("L'été", "Ernaux, René")
    assert "/runs/" in upload(client, own, content)["Location"]


def test_a_table_that_waits_can_be_let_go(home: Library, own: Source) -> None:
    client = client_of("manager", home)
    upload(client, own)
    client.post(reverse("catalog:source_columns_forget", args=[own.pk]))
    assert waiting_table(own) is None
    assert client.get(mapping_page(own)).status_code == 302


def test_a_file_at_a_path_is_mapped_by_its_beginning_and_then_fetched(
    home: Library, tmp_path: Path, no_broker: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    (tmp_path / "buku.csv").write_text(TABLE)
    own = source(home, kind="path", path=str(tmp_path / "buku.csv"))
    run_execute(run_id=run_queue(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    client = client_of("manager", home)
    assert "Say what they hold" in client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(mapping_page(own), answers(client, own, load="1"))
    run_execute(run_id=no_broker[0], actor=SYSTEM)
    assert Run.objects.latest("id").created == 2


def test_what_the_columns_hold_can_be_changed_for_what_is_stored(
    home: Library, own: Source, no_broker: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("manager", home)
    upload(client, own)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(mapping_page(own), answers(client, own, load="1"))
    run_execute(run_id=no_broker[-1], actor=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(mapping_page(own), answers(client, own, column_0="notes", load="1"))
    run_execute(run_id=no_broker[-1], actor=SYSTEM)
    notes = {record.draft["title"]: record.draft.get("notes") for record in SourceRecord.objects.all()}
    assert notes == {"Bumi manusia": ["1"], "Laskar pelangi": ["2"]}


def test_only_a_manager_of_the_library_says_what_columns_hold(home: Library, own: Source) -> None:
    upload(client_of("manager", home), own)
    assert client_of("librarian", home).get(mapping_page(own)).status_code == 403
    assert client_of("manager", library()).get(mapping_page(own)).status_code == 404
