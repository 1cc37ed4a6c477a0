"""A real Zebra with real records, harvested over SRU: complete, in each version and format, and after a kill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalog.choices import RunStatus, SourceKind
from catalog.formats import marc21
from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord
from catalog.models import Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue
from tests.catalog.building import SYSTEM, source
from tests.catalog.harvesting import zebra as zebra_tool
from tests.catalog.harvesting.zebra import Zebra, need_zebra
from tests.paths import MARC, needs_shared
from tests.perf.zebra import measure

pytestmark = [pytest.mark.django_db, needs_shared]
FILES = [
    MARC / name
    for name in (
        "marc4j/pride-and-prejudice-fixed.mrc", "qa-catalogue/general/BooksAll.2014.part01-0001.mrc",
        "folio-core/instance/CornellFOLIOExemplars_Bibs.mrc", "evergreen/Open-ILS/tests/datasets/nepali.marc",
    )
]  # fmt: skip
RECORDS = 641


@pytest.fixture(scope="module")
def zebra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zebra]:
    need_zebra()
    with Zebra(tmp_path_factory.mktemp("zebra"), FILES) as server:
        yield server


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def in_files() -> dict[str, str]:
    """Titles by record number, straight from the files."""
    found: dict[str, str] = {}
    for path in FILES:
        with path.open("rb") as stream:
            for record in read_records(stream):
                assert isinstance(record, RawRecord)
                draft = marc21.to_draft(record)
                found[draft.identifier] = draft.title
    return found


def harvested(own: Source) -> dict[str, str]:
    found = SourceRecord.objects.filter(source=own, deleted_at=None)
    return {r.identifier: r.draft.get("title", "") for r in found}


def harvest(own: Source) -> Run:
    run = run_execute(run_id=run_queue(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert run is not None
    own.refresh_from_db()
    return run


@pytest.mark.parametrize("version", ["", "1.1", "2.0"])
def test_all_records_of_the_files_come_over_sru_with_their_numbers_and_titles(
    zebra: Zebra, version: str
) -> None:
    own = source(kind=SourceKind.SRU, url=zebra.url, options={"version": version, "page_size": 90})
    run = harvest(own)
    assert (run.status, run.message) == (RunStatus.DONE, "")
    assert (run.read, run.rejected, own.told_count) == (RECORDS, 0, RECORDS)
    # The files hold 20 records a second time, byte by byte.
    assert (harvested(own), own.record_count) == (in_files(), RECORDS - 20)
    assert run.checkpoint["plan"]["query"] == "cql.allRecords = 1"
    assert own.server["title"] == "Zebra"


def test_dublin_core_of_the_same_server_has_the_same_titles(zebra: Zebra) -> None:
    own = source(kind=SourceKind.SRU, url=zebra.url, options={"schema": "dc"})
    run = harvest(own)
    # Zebra's Dublin Core has a title only where 245 has a subfield a.
    assert (run.read, set(run.rejects.values_list("reason_code", flat=True))) == (RECORDS, {"no_title"})
    assert run.rejected < 20
    assert len(set(harvested(own).values()) & set(in_files().values())) > 200


def test_a_query_of_the_source_takes_only_its_part(zebra: Zebra) -> None:
    own = source(kind=SourceKind.SRU, url=zebra.url, options={"query": 'dc.title = "prejudice"'})
    run = harvest(own)
    assert (run.status, run.checkpoint["plan"]["query"]) == (RunStatus.DONE, 'dc.title = "prejudice"')
    assert 100 < run.read < RECORDS
    assert own.told_count == run.read


def test_the_speed_of_zebra_is_measured_on_real_files() -> None:
    need_zebra()
    found = measure([FILES[0]])
    assert found["records"] == 383
    assert found["seconds"] > 0


def test_a_missing_zebra_skips_the_tests_or_fails_them_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zebra_tool, "missing", lambda: "yaz")
    monkeypatch.delenv("REQUIRE_ZEBRA", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install"):
        need_zebra()
    monkeypatch.setenv("REQUIRE_ZEBRA", "1")
    with pytest.raises(pytest.fail.Exception, match="not installed"):
        need_zebra()
