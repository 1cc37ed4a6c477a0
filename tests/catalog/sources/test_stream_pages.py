"""The pages of a full file beside the one in use: difference, warnings, switching and going back by buttons."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalog.models import Run, Source, SourceRecord, Stream
from catalog.services.runs import run_execute
from tests.catalog.building import SYSTEM, library, load, marc, person, source, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.services.streams.run_send", lambda number: None)


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source(library("UNPAD"), name="Koha", is_snapshot=True)
    load(made, write(tmp_path, *(marc(str(n), f"Judul nomor {n} kota", year=1990) for n in range(20))))
    return made


@pytest.fixture
def manager(own: Source) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("manager", own.library), backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client: Client, of: Source, *records: bytes) -> Stream:
    file = SimpleUploadedFile("penuh.mrc", b"".join(records))
    response = client.post(reverse("catalog:stream_upload", args=[of.pk]), {"file": file})
    stream = Stream.objects.latest("pk")
    assert response.headers["Location"] == reverse("catalog:stream", args=[stream.pk])
    return stream


def work() -> None:
    for run in Run.objects.filter(status="queued"):
        run_execute(run_id=run.pk, actor=SYSTEM)


def page(client: Client, name: str, number: int) -> str:
    return client.get(reverse(f"catalog:{name}", args=[number])).content.decode()


def press(client: Client, name: str, number: int) -> str:
    return client.post(reverse(f"catalog:{name}", args=[number])).headers["Location"]


def test_a_manager_compares_switches_and_goes_back_with_one_click_each(manager: Client, own: Source) -> None:
    records = [marc(str(n), f"Judul nomor {n} kota", year=1990) for n in range(1, 20)]
    stream = upload(manager, own, *records, marc("20", "Layar terkembang", author="Alisjahbana, S. Takdir"))
    assert "is being compared" in page(manager, "stream", stream.pk)
    work()
    text = page(manager, "stream", stream.pk)
    assert "Layar terkembang" in text
    assert "Judul nomor 0 kota" in text
    assert "Judul nomor 5 kota" not in text
    assert "would go" not in text, "one of twenty is usual"
    assert "Waits for the switch" in page(manager, "source", own.pk)

    first = press(manager, "stream_switch", stream.pk)
    assert press(manager, "stream_switch", stream.pk) == first, "a double click leads to the same run"
    work()
    assert not SourceRecord.objects.filter(identifier="0", deleted_at=None).exists()
    back = Stream.objects.get(state="previous")
    assert "Go back to these records" in page(manager, "stream", back.pk)
    assert "as they were before the switch (penuh.mrc)" in page(manager, "source", own.pk)
    press(manager, "stream_switch", back.pk)
    work()
    assert SourceRecord.objects.filter(identifier="0", deleted_at=None).exists()
    assert not SourceRecord.objects.filter(identifier="20", deleted_at=None).exists()


def test_the_page_warns_when_more_than_a_tenth_would_go(manager: Client, own: Source) -> None:
    stream = upload(manager, own, *(marc(str(n), f"Judul nomor {n} kota", year=1990) for n in range(17)))
    work()
    assert "15 % of the records in use would go: 3 of 20." in page(manager, "stream", stream.pk)


def test_the_page_asks_to_compare_again_after_the_source_has_moved_on(
    manager: Client, own: Source, tmp_path: Path
) -> None:
    stream = upload(manager, own, marc("0", "Judul nomor 0 kota", year=1990))
    work()
    load(own, write(tmp_path, marc("99", "Buku baru sekali", year=2020)))
    text = page(manager, "stream", stream.pk)
    assert "Compare it again before you switch." in text
    assert "Switch to this file" not in text
    press(manager, "stream_compare", stream.pk)
    work()
    assert "Switch to this file" in page(manager, "stream", stream.pk)


def test_what_is_no_catalogue_says_so_and_can_be_dropped(manager: Client, own: Source) -> None:
    stream = upload(manager, own, b"<html>Not found</html>")
    work()
    assert "could not be compared" in page(manager, "stream", stream.pk)
    press(manager, "stream_drop", stream.pk)
    stream.refresh_from_db()
    assert stream.state == "dropped"
    assert SourceRecord.objects.filter(deleted_at=None).count() == 20
