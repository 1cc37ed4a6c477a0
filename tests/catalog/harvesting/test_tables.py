"""Tables in runs: read with the source's mapping, and held, with a name for that state, where there is none."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from catalog.choices import RunStatus, SourceKind
from catalog.formats.csv_guess import guess
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord
from catalog.formats.write import to_marcxml
from catalog.harvesting.bundle import joined
from catalog.harvesting.tables import first_rows, forget_waiting, waiting_table
from catalog.models import RejectedRecord, Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue, run_renormalise
from tests.catalog.building import SYSTEM, marc, source
from tests.catalog.formats.test_slims import ENGLISH, INDONESIAN, ROW
from tests.paths import SHARED, needs_shared

pytestmark = pytest.mark.django_db
TABLE = b"judul;pengarang;jumlah\n" + b"".join(b"Judul nomor %d;Toer, P.A.;2\n" % n for n in range(60))
COLUMNS = guess(first_rows(TABLE)).as_json()


def read(own: Source) -> Run:
    run = run_queue(source=own, actor=SYSTEM)
    run_execute(run_id=run.pk, actor=SYSTEM)
    run.refresh_from_db()
    return run


def filed(tmp_path: Path, content: bytes, **values: Any) -> Source:
    path = tmp_path / "buku.csv"
    path.write_bytes(content)
    return source(kind=SourceKind.PATH, path=str(path), **values)


def test_a_table_nobody_has_mapped_ends_in_a_state_of_that_name_and_its_beginning_waits(
    tmp_path: Path,
) -> None:
    own = filed(tmp_path, TABLE)
    run = read(own)
    assert (run.status, run.message_code, run.read) == (RunStatus.FAILED, "needs_mapping", 0)
    waiting = waiting_table(own)
    assert waiting is not None
    assert (waiting.whole, waiting.head()) == (False, TABLE)
    forget_waiting(own)
    assert waiting_table(own) is None


@pytest.mark.parametrize("packed", [False, True])
def test_a_mapped_table_is_read_and_the_second_time_nothing_changes(tmp_path: Path, packed: bool) -> None:
    own = filed(tmp_path, gzip.compress(TABLE) if packed else TABLE, columns=COLUMNS)
    run = read(own)
    assert (run.status, run.created) == (RunStatus.DONE, 60)
    record = SourceRecord.objects.filter(source=own).first()
    assert record is not None
    assert (record.raw_format, record.holdings.get().item_count) == ("table", 2)
    assert read(own).unchanged == 60
    assert not list((tmp_path / "media").rglob("*-table"))


def test_another_header_asks_again(tmp_path: Path) -> None:
    own = filed(tmp_path, TABLE.replace(b"pengarang", b"penulis"), columns=COLUMNS)
    assert read(own).message_code == "needs_mapping"


def test_a_table_that_waited_is_forgotten_when_a_known_one_comes_instead(tmp_path: Path) -> None:
    own = filed(tmp_path, TABLE.replace(b"pengarang", b"penulis"), columns=COLUMNS)
    read(own)
    assert waiting_table(own)
    Path(own.path).write_bytes(TABLE)
    assert read(own).status == RunStatus.DONE
    assert waiting_table(own) is None


def test_a_table_without_a_header_is_known_by_its_width(tmp_path: Path) -> None:
    bare = TABLE.partition(b"\n")[2]
    own = filed(tmp_path, bare, columns=guess(first_rows(bare)).as_json())
    assert read(own).status == RunStatus.DONE
    Path(own.path).write_bytes(bare.replace(b";2\n", b";2;x\n"))
    assert read(own).message_code == "needs_mapping"


def test_bad_rows_are_listed_and_the_others_taken(tmp_path: Path) -> None:
    own = filed(tmp_path, TABLE + b"Satu;dua;3;4;5\n;tanpa judul;1\n", columns=COLUMNS)
    run = read(own)
    assert (run.status, run.created, run.rejected) == (RunStatus.PARTIAL, 60, 2)
    assert list(RejectedRecord.objects.filter(run=run).values_list("position", "reason_code")) == [
        (61, "row_columns"), (62, "no_title"),
    ]  # fmt: skip


def test_a_changed_mapping_is_applied_to_what_is_stored_and_the_next_loading_finds_nothing_new(
    tmp_path: Path,
) -> None:
    own = filed(tmp_path, TABLE, columns=COLUMNS)
    read(own)
    Source.objects.update(columns={**COLUMNS, "columns": {"0": "title", "1": "author", "2": "notes"}})
    own.refresh_from_db()
    run_execute(run_id=run_renormalise(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    draft = SourceRecord.objects.filter(source=own)[0].draft
    assert (draft["notes"], "holdings" in draft) == (["2"], False)
    assert read(own).unchanged == 60


def test_a_changed_mapping_changes_what_the_next_loading_stores(tmp_path: Path) -> None:
    own = filed(tmp_path, TABLE, columns=COLUMNS)
    read(own)
    Source.objects.update(columns={**COLUMNS, "columns": {"0": "title", "1": "publisher"}})
    own.refresh_from_db()
    read(own)
    drafts = SourceRecord.objects.filter(source=own, deleted_at=None).values_list("draft", flat=True)
    assert any(draft.get("publisher") == "Toer, P.A." for draft in drafts)


def _collection(name: str) -> bytes:
    record = parse_payload(marc(name, "Bumi manusia"), "iso2709")
    return b'<?xml version="1.0"?><collection>' + to_marcxml(record.fields, record.leader) + b"</collection>"


def test_pieces_in_xml_are_read_as_one(tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / name).write_bytes(_collection(name))
    whole = io.BytesIO(b"".join(joined([tmp_path / "1", tmp_path / "2"], max_bytes=10**6)))
    assert [to_draft(r).identifier for r in read_records(whole) if isinstance(r, RawRecord)] == ["1", "2"]


def test_pieces_of_one_table_have_their_header_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(TABLE.rstrip(b"\n"))
    whole = b"".join(joined([tmp_path / "a", tmp_path / "b"], max_bytes=10**6))
    assert whole.count(b"judul;pengarang") == 1
    assert whole.count(b"Judul nomor") == 120
    assert len(whole.splitlines()) == 121


@needs_shared
@pytest.mark.parametrize(("name", "least"), [("slims-smk", 15), ("slims-sample", 15)])
def test_tables_of_real_systems_go_in_by_what_is_guessed(tmp_path: Path, name: str, least: int) -> None:
    content = (SHARED / "data" / "indonesian" / name / "csv" / "biblio.csv").read_bytes()
    own = filed(tmp_path, content, columns=guess(first_rows(content)).as_json())
    run = read(own)
    assert (run.status, run.rejected) == (RunStatus.DONE, 0)
    assert run.created == run.read >= least


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("header", [None, INDONESIAN, ENGLISH])
def test_slims_own_export_needs_no_mapping(tmp_path: Path, delimiter: str, header: list[str] | None) -> None:
    out = io.StringIO()
    rows = [[*ROW[:17], f"<B{n}>"] for n in range(5)]
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([header, *rows] if header else rows)
    own = filed(tmp_path, out.getvalue().encode())
    run = read(own)
    assert (run.status, run.created, waiting_table(own)) == (RunStatus.DONE, 5, None)
