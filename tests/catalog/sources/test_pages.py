"""The pages of sources and runs: who sees what, uploading, watching, rejected records, held deletions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalog.choices import RunStatus
from catalog.models import Run, Source
from catalog.services.runs import run_execute
from members.models import Library
from tests.catalog.building import SYSTEM, last_run, library, load, marc, person, source, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Library:
    return library("UNPAD")


@pytest.fixture
def own(home: Library) -> Source:
    return source(home, name="Koha")


def client_of(role: str, of: Library) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(role, of), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, *args: Any, status: int = 200, **headers: str) -> str:
    response = client.get(reverse(f"catalog:{name}", args=args), headers=headers)
    assert response.status_code == status
    return response.content.decode() if not response.streaming else ""


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would be sent to a worker; the tests play the worker themselves."""
    sent: list[int] = []
    monkeypatch.setattr("catalog.services.sources._send", sent.append)
    return sent


def test_readers_are_refused_and_other_libraries_sources_are_not_there(
    home: Library, own: Source, tmp_path: Path
) -> None:
    load(own, write(tmp_path, marc("1", "Bumi manusia")))
    run = last_run(own)
    patron, stranger = client_of("patron", home), client_of("manager", library())
    for name, number in (
        ("source", own.pk),
        ("source_edit", own.pk),
        ("run", run.pk),
        ("run_rejected", run.pk),
    ):
        page(patron, name, number, status=403)
        page(stranger, name, number, status=404)
    for name, number in (
        ("source_run", own.pk),
        ("source_upload", own.pk),
        ("run_stop", run.pk),
        ("run_deletes", run.pk),
    ):
        assert stranger.post(reverse(f"catalog:{name}", args=[number])).status_code == 404
        assert client_of("librarian", home).post(reverse(f"catalog:{name}", args=[number])).status_code == 403
    assert "Koha" not in page(stranger, "sources")


def test_a_librarian_sees_the_sources_and_a_manager_may_change_them(home: Library, own: Source) -> None:
    assert "Set up a source" not in page(client_of("librarian", home), "sources")
    text = page(client_of("manager", home), "sources")
    assert "Koha" in text
    assert "Set up a source" in text
    assert "Nothing loaded yet" in text


def test_a_coordinator_sees_every_librarys_sources(own: Source) -> None:
    source(library("USU"), name="SLiMS")
    text = page(client_of("coordinator", library()), "sources")
    assert "Koha" in text
    assert "SLiMS" in text


def test_the_number_of_queries_of_the_list_does_not_grow(
    home: Library, own: Source, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("manager", home)
    Run.objects.create(source=own, status=RunStatus.DONE)
    page(client, "sources")
    with CaptureQueriesContext(connection) as few:
        page(client, "sources")
    for number in range(12):
        Run.objects.create(source=source(home, name=f"S{number}"), status=RunStatus.DONE)
    with django_assert_num_queries(len(few)):
        page(client, "sources")


@pytest.mark.parametrize("name", ["source_upload", "source_run", "run_stop", "run_deletes"])
def test_a_login_in_the_middle_leads_back_to_the_page_and_does_nothing(
    home: Library, own: Source, tmp_path: Path, no_broker: list[int], name: str
) -> None:
    load(own, write(tmp_path, marc("1", "Bumi manusia")))
    run = last_run(own)
    number = own.pk if name.startswith("source") else run.pk
    answer = client_of("manager", home).get(reverse(f"catalog:{name}", args=[number]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse(f"catalog:{name.partition('_')[0]}", args=[number])
    assert (Run.objects.count(), no_broker) == (1, [])
    assert last_run(own).stop_asked is False


def test_an_uploaded_file_is_kept_queued_and_loaded(
    home: Library, own: Source, no_broker: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("manager", home)
    upload = SimpleUploadedFile("../kat alog.mrc", marc("1", "Bumi manusia"))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("catalog:source_upload", args=[own.pk]), {"file": upload})
    run = Run.objects.get()
    assert response.headers["Location"] == reverse("catalog:run", args=[run.pk])
    assert no_broker == [run.pk]
    assert "Waiting" in page(client, "run", run.pk)
    run_execute(run_id=run.pk, actor=SYSTEM)
    run.refresh_from_db()
    assert (run.status, run.created, run.message) == (RunStatus.DONE, 1, "")
    assert not Path(run.stored_path).exists()
    assert "every" not in page(client, "run", run.pk, **{"HX-Request": "true"})


def test_a_second_upload_while_one_is_loading_is_refused_with_a_reason(home: Library, own: Source) -> None:
    Run.objects.create(source=own, status=RunStatus.RUNNING)
    upload = SimpleUploadedFile("a.mrc", marc("1", "Bumi manusia"))
    response = client_of("manager", home).post(
        reverse("catalog:source_upload", args=[own.pk]), {"file": upload}
    )
    assert response.status_code == 422
    assert "being loaded already" in response.content.decode()


def test_an_upload_over_the_cap_is_refused_at_the_field(home: Library, own: Source, settings: Any) -> None:
    settings.SOURCE_MAX_BYTES = 10
    upload = SimpleUploadedFile("a.mrc", marc("1", "Bumi manusia"))
    response = client_of("manager", home).post(
        reverse("catalog:source_upload", args=[own.pk]), {"file": upload}
    )
    assert "larger than allowed" in response.content.decode()
    assert not Run.objects.exists()


def test_a_live_run_refreshes_itself_and_stops_doing_so_at_its_end(home: Library, own: Source) -> None:
    run = Run.objects.create(source=own, status=RunStatus.RUNNING, read=500, bytes_total=1000, bytes_done=250)
    client = client_of("librarian", home)
    part = page(client, "run", run.pk, **{"HX-Request": "true"})
    assert "every 2s" in part
    assert "<h1" not in part
    assert "every 2s" in page(client, "run", run.pk)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.DONE)
    response = client.get(reverse("catalog:run", args=[run.pk]), headers={"HX-Request": "true"})
    assert response.headers["HX-Refresh"] == "true"
    assert "every 2s" not in response.content.decode()


def test_stopping_asks_a_running_run_and_ends_a_waiting_one(home: Library, own: Source) -> None:
    client = client_of("manager", home)
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)
    client.post(reverse("catalog:run_stop", args=[run.pk]))
    run.refresh_from_db()
    assert (run.status, run.stop_asked) == (RunStatus.RUNNING, True)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.QUEUED)
    client.post(reverse("catalog:run_stop", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == RunStatus.STOPPED


def test_a_run_that_was_asked_to_stop_keeps_what_it_read(own: Source, tmp_path: Path) -> None:
    from catalog.harvesting.pipeline import RunStopped, read_into_catalogue

    path = write(tmp_path, *(marc(str(n), f"Judul nomor {n} kota") for n in range(30)))
    run = Run.objects.create(source=own, status=RunStatus.RUNNING)

    def stop(run: Run, _counts: object) -> None:
        Run.objects.filter(pk=run.pk).update(stop_asked=True)

    with pytest.raises(RunStopped):
        read_into_catalogue(run, path, page_records=10, progress=stop)
    assert own.records.count() == 10


def test_a_stop_asked_while_the_file_was_fetched_is_heard_before_the_first_record(
    own: Source, tmp_path: Path
) -> None:
    from catalog.harvesting.pipeline import RunStopped, read_into_catalogue

    path = write(tmp_path, marc("1", "Judul nomor satu"))
    as_loaded_before = Run.objects.create(source=own, status=RunStatus.RUNNING)
    Run.objects.filter(pk=as_loaded_before.pk).update(stop_asked=True)
    with pytest.raises(RunStopped):
        read_into_catalogue(as_loaded_before, path)
    as_loaded_before.refresh_from_db()
    assert as_loaded_before.stop_asked
    assert not own.records.exists()


def test_rejected_records_are_listed_escaped_and_downloadable(
    home: Library, own: Source, tmp_path: Path
) -> None:
    hostile = b"00041nam a2200025 i 4500<script>alert(1)</script>\x1d"
    load(own, write(tmp_path, marc("1", "Bumi manusia"), hostile, marc("=cmd", "")))
    run, client = last_run(own), client_of("librarian", home)
    text = page(client, "run", run.pk)
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    assert "The record has no title." in text
    response = client.get(reverse("catalog:run_rejected", args=[run.pk]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("3,")
    assert "'=cmd" in lines[2]


def test_held_deletions_ask_the_manager_and_follow_the_answer(home: Library, tmp_path: Path) -> None:
    own = source(home, is_snapshot=True)
    records = [marc(str(n), f"Judul nomor {n} kota") for n in range(20)]
    load(own, write(tmp_path, *records))
    load(own, write(tmp_path, *records[:10]))
    run, manager = last_run(own), client_of("manager", home)
    assert "Take them out" not in page(client_of("librarian", home), "run", run.pk)
    assert "10 records wait for your word" in page(manager, "run", run.pk)
    manager.post(reverse("catalog:run_deletes", args=[run.pk]), {"decision": "take_out"})
    run_execute(run_id=last_run(own).pk, actor=SYSTEM)
    assert own.records.filter(deleted_at=None).count() == 10


def test_empty_lists_say_what_to_do_next(home: Library) -> None:
    assert "Set up a source" in page(client_of("manager", home), "sources")
    assert "The manager of your library" in page(client_of("librarian", home), "sources")
