"""The pages of quality and overlap: who sees what, examples, CSV, what is asked for now; and the work behind them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog import tasks_reports
from catalog.models import OverlapReport, QualityReport, Source, SourceRecord
from catalog.services import job_sending, overlap, quality
from members.models import Library
from network_portal.core.models import JobRun
from tests.catalog.building import last_run, library, load, marc, person, source, write
from tests.catalog.reports.test_health import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Library:
    return library("UNPAD", name="Perpustakaan Unpad")


@pytest.fixture
def own(home: Library, tmp_path: Path) -> Source:
    of = source(home, name="Koha")
    load(
        of,
        write(
            tmp_path, marc("7", "ILMU TANAH"), marc("8", "Ilmu air", year=1990, author="Toer"), name="own.mrc"
        ),
    )
    return of


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What would be sent to a worker; the tests play the worker themselves."""
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        job_sending, "task_send", lambda name, *values: found.append((name.rpartition(".")[2], *values))
    )
    monkeypatch.setattr(
        tasks_reports.quality_source, "apply_async",
        lambda args, countdown, retry: found.append(("quality_source", *args, round(countdown))),
    )  # fmt: skip
    return found


def csv_of(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def test_a_library_sees_what_is_wrong_with_examples_and_how_to_mend_it(home: Library, own: Source) -> None:
    quality.quality_make(source=own)
    text = text_of(client_of("librarian", home), "/sources/quality/UNPAD/")
    assert "Title in capitals" in text
    assert "Write it as in a sentence" in text
    assert ">ILMU TANAH</a>" in text
    assert f'href="/sources/{own.pk}/quality/title_capitals.csv"' in text
    assert "50\N{NO-BREAK SPACE}%" in text  # have a year
    assert "Looked for and not found" in text


def test_all_sources_of_a_library_are_taken_together(home: Library, own: Source, tmp_path: Path) -> None:
    other = source(home, name="SLiMS")
    load(other, write(tmp_path, marc("9", "Ilmu api", year=1991), marc("10", "Ilmu angin", year=1992)))
    for of in (own, other):
        quality.quality_make(source=of)
    together = text_of(client_of("librarian", home), "/sources/quality/UNPAD/")
    assert "4 records" in together
    assert "75\N{NO-BREAK SPACE}%" in together
    assert "All cases of SLiMS as CSV" in together
    alone = text_of(client_of("librarian", home), f"/sources/{other.pk}/quality/")
    assert "2 records" in alone


def test_the_change_since_last_month_is_shown(home: Library, own: Source) -> None:
    old = QualityReport.objects.create(
        source=own, figures={"records": 10, "titles": 10, "cases": {"year": 1}}
    )
    QualityReport.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=30))
    quality.quality_make(source=own)
    assert "−40 points" in text_of(client_of("librarian", home), "/sources/quality/UNPAD/")


def test_before_the_first_report_the_page_says_when_it_comes(home: Library, own: Source) -> None:
    text = text_of(client_of("librarian", home), "/sources/quality/UNPAD/")
    assert "have not been looked over yet" in text


def test_the_coordinator_compares_the_libraries_and_others_are_led_to_their_own(
    home: Library, own: Source
) -> None:
    quality.quality_make(source=own)
    coordinator = client_of("coordinator", library())
    text = text_of(coordinator, "/sources/quality/")
    assert "Perpustakaan Unpad" in text
    assert '<td class="num poor">50\N{NO-BREAK SPACE}%</td>' in text
    assert (
        client_of("librarian", home).get("/sources/quality/").headers["Location"] == "/sources/quality/UNPAD/"
    )


def test_another_librarys_reports_are_not_there(home: Library, own: Source) -> None:
    stranger = client_of("manager", library())
    for path in (
        "/sources/quality/UNPAD/", f"/sources/{own.pk}/quality/", f"/sources/{own.pk}/quality/isbn.csv",
        "/sources/overlap/of/UNPAD/", "/sources/overlap/of/UNPAD/unique.csv",
    ):  # fmt: skip
        assert stranger.get(path).status_code == 404, path
    assert stranger.post("/sources/quality/UNPAD/now/").status_code == 404
    assert client_of("patron", home).get("/sources/quality/UNPAD/").status_code == 403


def test_the_csv_has_every_case_and_no_formula(home: Library, tmp_path: Path) -> None:
    of = source(home)
    load(of, write(tmp_path, *(marc(str(n), f"Judul {n}") for n in range(1, 13)), marc("=1", "Judul lain")))
    rows = csv_of(client_of("librarian", home), f"/sources/{of.pk}/quality/year.csv")
    assert len(rows) == 14
    assert rows[0].startswith("Identifier,Title,")
    assert any(row.startswith("'=1,") for row in rows)
    assert "http://testserver/edition/" in rows[1]


def test_the_csv_of_what_shows_between_records(home: Library, tmp_path: Path) -> None:
    of = source(home)
    load(
        of,
        write(
            tmp_path, *(marc(n, "Bumi manusia", author="Toer", year=1980, isbn="9789794331972") for n in "12")
        ),
    )
    rows = csv_of(client_of("librarian", home), f"/sources/{of.pk}/quality/same_edition.csv")
    assert [row.split(",")[0] for row in rows[1:]] == ["1", "2"]
    assert client_of("librarian", home).get(f"/sources/{of.pk}/quality/nonsense.csv").status_code == 404


def test_looking_over_now_is_one_job_however_often_it_is_asked_for(
    home: Library, own: Source, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("librarian", home)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert client.post("/sources/quality/UNPAD/now/").status_code == 302
    job = JobRun.objects.get(kind="catalog.quality")
    assert sent == [("quality_job", job.pk)]
    assert "being looked over now" in text_of(client, "/sources/quality/UNPAD/")
    tasks_reports.quality_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.counts) == ("done", {"records": 2})
    assert QualityReport.objects.filter(source=own).count() == 1


def test_a_job_that_lost_its_worker_does_not_hold_the_button_for_ever(home: Library, own: Source) -> None:
    lost = JobRun.objects.create(kind="catalog.quality", label="l", library_id=home.pk)
    JobRun.objects.filter(pk=lost.pk).update(created_at=timezone.now() - timedelta(hours=2))
    assert "Look them over now" in text_of(client_of("librarian", home), "/sources/quality/UNPAD/")


def test_a_run_asks_for_one_report_an_hour(own: Source, sent: list[Any]) -> None:
    run = last_run(own)
    for _ in range(2):
        tasks_reports.after_run(run_id=run.pk)
    assert sent == [("quality_source", own.pk, 0)]
    tasks_reports.quality_source(own.pk)
    assert QualityReport.objects.filter(source=own).count() == 1
    tasks_reports.after_run(run_id=run.pk)
    assert sent[1][2] in range(3590, 3601)
    cache.clear()


def test_the_night_makes_all_reports(own: Source) -> None:
    other = source()
    tasks_reports.nightly_quality()
    tasks_reports.nightly_overlap()
    assert set(QualityReport.objects.values_list("source", flat=True)) == {own.pk, other.pk}
    assert OverlapReport.objects.count() == 1
    assert {job.status for job in JobRun.objects.filter(kind__in=("catalog.quality", "catalog.overlap"))} == {
        "done"
    }


def test_a_source_that_can_not_be_looked_over_does_not_stop_the_others(own: Source, home: Library) -> None:
    other = source(home, name="Zebra")
    SourceRecord.objects.filter(source=own).update(draft={"title": "x", "year": "not a number"})
    tasks_reports.nightly_quality()
    assert [report.source for report in QualityReport.objects.all()] == [other]
    job = JobRun.objects.get(kind="catalog.quality")
    assert (job.status, job.counts["failed"]) == ("done", 1)
    assert "Koha" in job.log


def test_the_coordinator_counts_the_overlap_now(
    home: Library, own: Source, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    coordinator = client_of("coordinator", library())
    with django_capture_on_commit_callbacks(execute=True):
        coordinator.post("/sources/overlap/now/")
    job = JobRun.objects.get(kind="catalog.overlap")
    assert sent == [("overlap_count", job.pk)]
    tasks_reports.overlap_count(job.pk)
    text = text_of(coordinator, "/sources/overlap/")
    assert "The network holds 2 editions. 100\N{NO-BREAK SPACE}% of them stand in one library alone." in text
    assert client_of("librarian", home).post("/sources/overlap/now/").status_code == 403


def test_a_library_reads_what_only_it_has(home: Library, own: Source, tmp_path: Path) -> None:
    other = source(library("LAIN"))
    load(other, write(tmp_path, marc("1", "Ilmu air", year=1990, author="Toer")))
    overlap.overlap_make()
    librarian = client_of("librarian", home)
    text = text_of(librarian, "/sources/overlap/of/UNPAD/")
    assert "the network would lose 1 edition: 50\N{NO-BREAK SPACE}% of its 2" in text
    assert "Ilmu Tanah" in text
    assert "Perpustakaan LAIN" in text
    rows = csv_of(librarian, "/sources/overlap/of/UNPAD/unique.csv")
    assert [row.split(",")[0] for row in rows] == ["Title", "Ilmu Tanah"]
    assert librarian.get("/sources/overlap/").headers["Location"] == "/sources/overlap/of/UNPAD/"
    header, *rows = csv_of(client_of("coordinator", library("PUSAT")), "/sources/overlap/?format=csv")
    assert header.count(",") == 6 and any("Perpustakaan Unpad,2,1,1" in row for row in rows)


def test_reports_are_read_in_indonesian_too(home: Library, own: Source) -> None:
    quality.quality_make(source=own)
    overlap.overlap_make()
    client = Client(headers={"accept-language": "id"})
    user = person("coordinator", library())
    user.language = "id"
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("/sources/", "/sources/quality/", "/sources/quality/UNPAD/", "/sources/overlap/"):
        assert '<html lang="id">' in text_of(client, path)


def test_a_source_without_records_has_no_shares(home: Library) -> None:
    empty = source(home, name="Kosong")
    quality.quality_make(source=empty)
    client = client_of("librarian", home)
    for address in (f"/sources/{empty.pk}/", f"/sources/{empty.pk}/quality/"):
        text = text_of(client, address)
        assert "There is no record yet that could be looked over." in text
        assert "Nothing looks wrong." not in text
        assert "ISBN" not in text
