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
from tests.catalog.harvesting.zebra import Zebra, need_zebra
from tests.paths import MARC, needs_shared

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
