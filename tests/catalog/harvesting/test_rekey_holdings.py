"""Holdings records when record numbers are changed over: they go with their title, or give way to newer ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.choices import RunStatus
from catalog.models import Holding, HoldingsRecord, Source, SourceRecord
from catalog.services.rekey import rekey_start
from catalog.services.runs import run_execute
from tests.catalog.building import SYSTEM, library, load, marc, source, write
from tests.catalog.harvesting.test_holdings_link import holdings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.services.rekey.run_send", lambda number: None)


def books(prefix: str) -> list[bytes]:
    return [marc(f"{prefix}{n}", f"Judul nomor {n} kota", author="Toer", year=1990) for n in range(12)]


def change_over(own: Source, replaces: Source | None = None) -> None:
    run = run_execute(run_id=rekey_start(source=own, replaces=replaces, actor=SYSTEM).pk, actor=SYSTEM)
    assert run is not None
    assert run.status in (RunStatus.DONE, RunStatus.PARTIAL), run.message


def shown(of: Source) -> list[tuple[str, str]]:
    found = Holding.objects.filter(record__source=of).exclude(textual="")
    return sorted(found.values_list("record__identifier", "textual"))


@pytest.fixture
def own(tmp_path: Path) -> Source:
    made = source(library("UNPAD"), name="Katalog", is_snapshot=True)
    load(made, write(tmp_path, *books("slims-"), holdings("h1", "slims-1"), holdings("h2", "slims-2")))
    return made


@pytest.fixture
def fresh(own: Source) -> Source:
    return source(own.library, name="Koha")


def test_holdings_go_with_their_title_to_its_new_number(
    own: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    before = SourceRecord.objects.get(identifier="slims-1").pk
    with django_capture_on_commit_callbacks(execute=True):
        load(own, write(tmp_path, *books("koha-"), holdings("k2", "koha-2", years="2006-2010")))
    change_over(own)
    assert shown(own) == [("koha-1", "1990-2005"), ("koha-2", "2006-2010")]
    assert set(HoldingsRecord.objects.values_list("identifier", "host")) == {
        ("h1", "koha-1"),
        ("k2", "koha-2"),
    }
    assert HoldingsRecord.objects.get(identifier="h1").record_id == before
    Source.objects.update(is_snapshot=False)
    own.refresh_from_db()
    load(own, write(tmp_path, marc("koha-1", "Judul nomor 1 kota", author="Toer", year=1991), name="3.mrc"))
    assert ("koha-1", "1990-2005") in shown(own), "a title that changes afterwards keeps them"


def test_holdings_of_a_replaced_source_go_over_to_the_new_one(
    own: Source, fresh: Source, tmp_path: Path
) -> None:
    load(fresh, write(tmp_path, *books("koha-"), holdings("h2", "koha-2", years="2006-2010")))
    change_over(fresh, own)
    assert shown(fresh) == [("koha-1", "1990-2005"), ("koha-2", "2006-2010")]
    assert shown(own) == []
    assert not HoldingsRecord.objects.filter(source=own).exists()


def test_holdings_of_both_sources_with_one_number_are_told_apart(
    own: Source, fresh: Source, tmp_path: Path
) -> None:
    load(fresh, write(tmp_path, *books("koha-"), holdings("h1", "koha-5", years="2006-2010")))
    change_over(fresh, own)
    assert HoldingsRecord.objects.get(source=fresh, identifier="h1").host == "koha-5"
    assert shown(fresh) == [("koha-2", "1990-2005"), ("koha-5", "2006-2010")]
