"""The pages of runs: held deletions, what was repaired, retries, and reading the originals again from the source."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.choices import RunKind, RunStatus, SourceKind
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.intake import Intake, Lost
from catalog.harvesting.tables import forget_waiting
from catalog.models import RejectedRecord, Run, Source
from catalog.services.runs import run_execute
from members.models import Library
from tests.catalog.building import SYSTEM, last_run, library, load, marc, person, source, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Library:
    return library("UNPAD")


def client_of(role: str, of: Library) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(role, of), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, number: int, **headers: str) -> str:
    return client.get(reverse(f"catalog:{name}", args=[number]), headers=headers).content.decode()


def carry_out(own: Source) -> Run:
    run = run_execute(run_id=last_run(own).pk, actor=SYSTEM)
    assert run is not None
    return run


def test_held_deletions_are_shown_with_share_reasons_and_examples(home: Library, tmp_path: Path) -> None:
    own = source(home, is_snapshot=True)
    records = [marc(str(n), f"Judul nomor {n} kota") for n in range(40)]
    load(own, write(tmp_path, *records))
    load(own, write(tmp_path, *records[:15], *(marc(str(n), "x", status="d") for n in range(15, 18))))
    run = last_run(own)
    for role, may in (("manager", True), ("librarian", False)):
        text = page(client_of(role, home), "run", run.pk)
        for words in (
            "25 records wait for your word",
            "They are 63 % of the 40 records",
            "3 were announced as deleted",
            "22 are merely missing",
            "Judul nomor 24 kota",
        ):
            assert words in text
        assert "Judul nomor 25 kota" not in text, "ten examples are enough"
        assert ("Take them out" in text) is may
        assert ("The manager of the library" in text) is not may


def test_a_decision_becomes_work_of_its_own_with_a_page_and_a_way_back(home: Library, tmp_path: Path) -> None:
    own = source(home, is_snapshot=True)
    records = [marc(str(n), f"Judul nomor {n} kota") for n in range(40)]
    load(own, write(tmp_path, *records))
    load(own, write(tmp_path, *records[:15]))
    run, client = last_run(own), client_of("manager", home)
    answer = client.post(reverse("catalog:run_deletes", args=[run.pk]), {"decision": "take_out"})
    work = last_run(own)
    assert (work.kind, answer["Location"]) == (RunKind.DELETES, reverse("catalog:run", args=[work.pk]))
    waiting = page(client, "run", work.pk)
    assert "held records taken out" in waiting
    assert "Share of the records that is done" in waiting
    assert own.records.filter(deleted_at=None).count() == 40, "nothing goes within the request"
    carry_out(own)
    assert "<b>25</b>taken out" in page(client, "run", work.pk)
    before = page(client, "run", run.pk)
    assert reverse("catalog:run", args=[work.pk]) in before
    assert "Take them out" not in before


def test_first_strikes_and_repairs_are_told(home: Library, tmp_path: Path) -> None:
    own = source(home, is_snapshot=True, delete_after=2)
    records = [marc(str(n), f"Judul nomor {n} \x01 kota") for n in range(40)]
    load(own, write(tmp_path, *records))
    text = page(client_of("librarian", home), "run", last_run(own).pk)
    assert "Control characters were replaced by blanks." in text
    assert '<td class="num">40</td>' in text
    load(own, write(tmp_path, *records[:38]))
    text = page(client_of("librarian", home), "run", last_run(own).pk)
    assert "2 records were missing for the first time; they go if the next list lacks them too." in text


def test_rejected_records_are_tried_again_from_the_page_and_shown_as_mended(
    home: Library, tmp_path: Path
) -> None:
    own = source(home)
    load(own, write(tmp_path, marc("1", "Bumi manusia"), marc("2", ""), marc("3", "")))
    run, client = last_run(own), client_of("manager", home)
    assert "Try the rejected records again" not in page(client_of("librarian", home), "run", run.pk)
    assert "Try the rejected records again" in page(client, "run", run.pk)
    client.post(reverse("catalog:run_retry", args=[run.pk]))
    work = carry_out(own)
    text = page(client, "run", work.pk)
    assert "<b>2</b>still rejected" in text
    assert "2 rejected records are kept" in page(client, "source", own.pk)
    load(own, write(tmp_path, marc("2", "Jejak langkah"), name="mended.mrc"))
    text = page(client, "run", run.pk)
    assert "1 of 2 is mended by now." in text
    rows = list(csv.reader(io.StringIO(csv_of(client, run))))
    assert [row[5] != "" for row in rows[1:]] == [True, False]


def test_the_list_of_rejected_records_serves_harvests_as_well(home: Library) -> None:
    own = source(home, kind=SourceKind.OAI_PMH, url="https://example.org/oai")
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)
    Intake(run).write(
        [], lost=[Lost("oai:slims/7", "no_metadata", "The record has no content.", b"<record/>")]
    )
    Run.objects.filter(pk=run.pk).update(status=RunStatus.PARTIAL)
    rows = list(csv.reader(io.StringIO(csv_of(client_of("librarian", home), run))))
    assert rows[1] == ["1", "0", "oai:slims/7", "no_metadata", "The record has no content.", "", "<record/>"]


def csv_of(client: Client, run: Run) -> str:
    response = client.get(reverse("catalog:run_rejected", args=[run.pk]))
    return b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_all_records_are_read_again_from_the_sources_page(home: Library, tmp_path: Path) -> None:
    own = source(home)
    load(own, write(tmp_path, marc("1", "Bumi manusia", call="A")))
    own.rules = [{"do": "map_location", "from": "Umum", "to": "Koleksi umum"}]
    own.save(update_fields=["rules"])
    client = client_of("manager", home)
    assert "Read all records again" in page(client, "source", own.pk)
    client.post(reverse("catalog:source_renormalise", args=[own.pk]))
    assert "Read all records again" not in page(client, "source", own.pk), "one is under way"
    run = carry_out(own)
    assert "Read again from the stored originals" in page(client, "run", run.pk)
    assert run.updated == 1


def test_looking_at_an_address_with_a_browser_does_nothing(home: Library, tmp_path: Path) -> None:
    own = source(home)
    load(own, write(tmp_path, marc("1", "Bumi manusia"), marc("2", "")))
    client = client_of("manager", home)
    for name, number in (
        ("run_retry", last_run(own).pk), ("source_retry", own.pk), ("source_renormalise", own.pk),
    ):  # fmt: skip
        assert client.get(reverse(f"catalog:{name}", args=[number])).status_code == 302
    assert Run.objects.count() == 1


def test_a_run_that_stopped_at_unmapped_columns_leads_to_the_mapping_screen(
    home: Library, tmp_path: Path
) -> None:
    own = source(home, kind=SourceKind.PATH, path=str(tmp_path / "buku.csv"))
    write(tmp_path, b"Judul;Pengarang\nBumi manusia;Toer\nJejak langkah;Toer\n", name="buku.csv")
    with pytest.raises(RunFailed):
        load(own, tmp_path / "buku.csv")
    run, mapping = last_run(own), reverse("catalog:source_columns", args=[own.pk])
    assert run.message_code == "needs_mapping"
    for role, may in (("manager", True), ("librarian", False)):
        client = client_of(role, home)
        listed = client.get(reverse("catalog:sources")).content.decode()
        assert (f'href="{mapping}"' in page(client, "run", run.pk)) is may
        assert (f'href="{mapping}"' in listed) is may
        assert (f'href="{reverse("catalog:run", args=[run.pk])}">The last' in listed) is not may
    forget_waiting(own)
    assert mapping not in page(client_of("manager", home), "run", run.pk), "nothing waits any more"


def test_a_run_says_how_long_it_worked_and_that_it_was_paused(home: Library) -> None:
    began = timezone.now() - timedelta(hours=5)
    run = Run.objects.create(
        source=source(home), status=RunStatus.DONE, started_at=began, worked_seconds=720,
        finished_at=began + timedelta(hours=3),
    )  # fmt: skip
    client = client_of("librarian", home)
    text = page(client, "run", run.pk).replace("\xa0", " ")
    assert "12 minutes <span" in text
    assert "paused in between; 3 hours from start to end" in text
    Run.objects.filter(pk=run.pk).update(worked_seconds=1, finished_at=began + timedelta(seconds=1.2))
    text = page(client, "run", run.pk)
    assert "<dd>1 second</dd>" in text
    assert "paused in between" not in text


def test_the_list_of_rejected_records_holds_no_formulas(home: Library) -> None:
    run = Run.objects.create(source=source(home), status=RunStatus.PARTIAL)
    RejectedRecord.objects.create(
        run=run, position=1, offset=0, identifier="=1+1", reason_code="x", reason="x", snippet=b"@SUM(A1)"
    )
    rows = list(csv.reader(io.StringIO(csv_of(client_of("librarian", home), run))))
    assert (rows[1][2], rows[1][6]) == ("'=1+1", "'@SUM(A1)")


def test_a_run_of_a_paused_source_has_the_button_that_resumes_it(home: Library) -> None:
    own = source(home, kind=SourceKind.URL, url="https://example.org/a.mrc", paused_at=timezone.now())
    run = Run.objects.create(source=own, status=RunStatus.PAUSED, read=7)
    text = page(client_of("manager", home), "run", run.pk)
    assert f'action="{reverse("catalog:source_resume", args=[own.pk])}"' in text
    assert f'action="{reverse("catalog:run_resume", args=[run.pk])}"' not in text


def test_what_is_fresh_or_took_no_time_is_said_without_noughts(home: Library, tmp_path: Path) -> None:
    own = source(home)
    for _time in range(2):
        load(own, write(tmp_path, marc("1", "Bumi manusia")))
    began = timezone.now()
    Run.objects.filter(source=own).update(started_at=began, finished_at=began, worked_seconds=0.2)
    text = page(client_of("librarian", home), "source", own.pk)
    assert "just now" in text
    assert "less than a second" in text
    assert "1 to 1 records each, none rejected." in text
    Run.objects.filter(source=own).update(worked_seconds=900, read=3)
    assert "records per second" not in page(client_of("librarian", home), "run", last_run(own).pk)


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "every hour"), (6, "every 6 hours"), (24, "every day"), (168, "every week")]
)
def test_intervals_are_said_as_they_were_chosen(home: Library, hours: int, words: str) -> None:
    own = source(home, kind=SourceKind.URL, url="https://example.org/a.mrc", interval_hours=hours)
    assert words in page(client_of("librarian", home), "source", own.pk)
