"""A run fails only past the share of bad records that its source bears, and never because of a few."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.choices import RunStatus
from catalog.harvesting import judge
from catalog.harvesting.errors import RunFailed
from catalog.models import GoneRecord, SourceRecord
from tests.catalog.building import last_run, load, marc, source, write

pytestmark = pytest.mark.django_db


def good(count: int, start: int = 0) -> list[bytes]:
    return [marc(str(n), f"Judul nomor {n} kota") for n in range(start, start + count)]


def bad(count: int) -> list[bytes]:
    return [marc(f"leer{n}", "") for n in range(count)]


def test_a_file_with_too_many_bad_records_fails_keeps_what_was_read_and_takes_nothing_out(
    tmp_path: Path,
) -> None:
    own = source(is_snapshot=True)
    load(own, write(tmp_path, *good(40)))
    with pytest.raises(RunFailed) as failure:
        load(own, write(tmp_path, *good(35, 6), marc("1", "x", status="d"), *bad(10)))
    run = last_run(own)
    assert (failure.value.code, run.status, run.message_code) == (
        "too_many_bad",
        RunStatus.FAILED,
        "too_many_bad",
    )
    assert (run.read, run.created, run.rejected, run.deleted) == (46, 1, 10, 0)
    assert SourceRecord.objects.filter(deleted_at=None, missed=0).count() == 41
    assert GoneRecord.objects.count() == 1, "what was announced waits for a run that can be believed"
    assert run.rejects.count() == 10


def test_the_share_is_the_sources_own(tmp_path: Path) -> None:
    own = source(max_bad_percent=50)
    load(own, write(tmp_path, *good(30), *bad(20)))
    assert last_run(own).status == RunStatus.PARTIAL


def test_a_few_bad_records_never_fail_a_small_file(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, *good(2), *bad(9)))
    assert last_run(own).status == RunStatus.PARTIAL


def test_records_that_are_only_sorted_out_are_not_bad(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, *good(5), *(marc(f"a{n}", "Toer", type_code="z") for n in range(30))))
    run = last_run(own)
    assert (run.status, run.rejected, set(run.rejects.values_list("reason_code", flat=True))) == (
        RunStatus.PARTIAL, 30, {"authority"},
    )  # fmt: skip


def test_the_beginning_of_a_large_file_is_not_judged_but_the_rest_need_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = source()
    records: list[Any] = [*bad(1000), *good(6000)]
    load(own, write(tmp_path, *records))
    assert (last_run(own).status, last_run(own).read) == (RunStatus.PARTIAL, 7000)
    monkeypatch.setattr(judge, "JUDGED_FROM", 1000)
    with pytest.raises(RunFailed):
        load(own, write(tmp_path, *records, name="again.mrc"))
    assert 1000 <= last_run(own).read < 2000  # the page that reached the number was the last
