"""The page that offers to change record numbers over: what it shows, and that one click is enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Run, Source, SourceRecord
from catalog.presenters.run import RunView
from catalog.services.runs import run_execute
from tests.catalog.building import SYSTEM, library, load, marc, person, source, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.services.rekey.run_send", lambda number: None)


def books(prefix: str, *numbers: int) -> list[bytes]:
    return [marc(f"{prefix}{n}", f"Judul nomor {n} kota", author="Toer", year=1990) for n in numbers]


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source(library("UNPAD"), name="Katalog", is_snapshot=True)
    load(made, write(tmp_path, *books("slims-", *range(20))))
    return made


@pytest.fixture
def manager(own: Source) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("manager", own.library), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, number: int, **query: Any) -> str:
    response = client.get(reverse(f"catalog:{name}", args=[number]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_changed_system_is_noticed_shown_and_changed_over_with_one_click(
    manager: Client, own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        load(own, write(tmp_path, *books("koha-", *range(2, 20))))
    assert "18 of 20 missing records came again under another number" in page(manager, "source", own.pk)
    held = Run.objects.get(deletes_held__gt=0)
    assert "Change the numbers over first" in page(manager, "run", held.pk)
    text = page(manager, "rekey", own.pk)
    assert "slims-2" in text
    assert "koha-2" in text
    assert text.count("Judul nomor") == 20, "ten pairs, side by side"

    where = reverse("catalog:rekey_start", args=[own.pk])
    first = manager.post(where).headers["Location"]
    assert manager.post(where).headers["Location"] == first, "a double click leads to the same run"
    run_execute(run_id=Run.objects.get(status="queued").pk, actor=SYSTEM)
    assert SourceRecord.objects.filter(identifier__startswith="koha-", deleted_at=None).count() == 18
    assert SourceRecord.objects.count() == 20
    assert "came again under another number" not in page(manager, "source", own.pk)
    assert "No record of this source waits under another number." in page(manager, "rekey", own.pk)


def test_a_source_can_be_said_to_replace_another(manager: Client, own: Source, tmp_path: Path) -> None:
    fresh = source(own.library, name="Koha")
    load(fresh, write(tmp_path, *books("koha-", *range(4))))
    fresh.refresh_from_db()
    assert "This source replaces another one" in page(manager, "source", fresh.pk)
    text = page(manager, "rekey", fresh.pk, replaces=own.pk)
    assert "Not yet compared with “Katalog”." in text
    assert "Pairs, for example" not in text, "comparing is no work of a page"
    where = reverse("catalog:rekey_compare", args=[fresh.pk])
    first = manager.post(where, {"replaces": own.pk}).headers["Location"]
    assert manager.post(where, {"replaces": own.pk}).headers["Location"] == first, "a double click is one"
    assert "The records are being compared with those of “Katalog”." in manager.get(first).content.decode()
    survey = run_execute(run_id=Run.objects.get(status="queued").pk, actor=SYSTEM)
    assert survey is not None
    assert [label for label, _ in RunView(survey).figures] == ["compared"]
    assert f"{reverse('catalog:rekey', args=[fresh.pk])}?replaces={own.pk}" in page(manager, "run", survey.pk)
    text = manager.get(first).content.decode()
    assert "Fewer than half of the old records have a partner." in text
    assert "“Katalog” is switched off with it" in text
    manager.post(reverse("catalog:rekey_start", args=[fresh.pk]), {"replaces": own.pk})
    run_execute(run_id=Run.objects.get(status="queued").pk, actor=SYSTEM)
    own.refresh_from_db()
    assert (own.enabled, own.record_count) == (False, 16)


def test_another_librarys_source_is_not_there_to_be_replaced(manager: Client, own: Source) -> None:
    foreign = source(library("USU"))
    response = manager.get(reverse("catalog:rekey", args=[own.pk]), {"replaces": foreign.pk})
    assert response.status_code == 404


def test_a_comparison_that_was_stopped_says_so_and_can_be_asked_for_again(
    manager: Client, own: Source, tmp_path: Path
) -> None:
    fresh = source(own.library, name="Koha")
    load(fresh, write(tmp_path, *books("koha-", 1)))
    where = reverse("catalog:rekey_compare", args=[fresh.pk])
    manager.post(where, {"replaces": own.pk})
    run = Run.objects.get(kind="survey")
    Run.objects.filter(pk=run.pk).update(stop_asked=True)
    stopped = run_execute(run_id=run.pk, actor=SYSTEM)
    assert stopped is not None
    assert (stopped.status, "found" in stopped.checkpoint) == ("stopped", False)
    assert "The comparison did not come to its end." in page(manager, "rekey", fresh.pk, replaces=own.pk)
    manager.post(where, {"replaces": own.pk})
    assert Run.objects.filter(kind="survey", status="queued").exists()


def test_comparing_waits_for_the_loading_that_goes_on(manager: Client, own: Source) -> None:
    fresh = source(own.library, name="Koha")
    live = Run.objects.create(source=fresh, status="running")
    answer = manager.post(reverse("catalog:rekey_compare", args=[fresh.pk]), {"replaces": own.pk})
    assert answer.headers["Location"] == reverse("catalog:run", args=[live.pk])
    assert not Run.objects.filter(kind="survey").exists()


def test_another_librarys_source_is_not_there_to_be_compared_with(manager: Client, own: Source) -> None:
    foreign = source(library("USU"))
    answer = manager.post(reverse("catalog:rekey_compare", args=[own.pk]), {"replaces": foreign.pk})
    assert answer.status_code == 404
