"""Workers that die in the midst of a run: the end is what an undisturbed run makes of it, record by record.

RUN_LARGE=1: twenty kills within 50,000 records.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from django.db import connection

from catalog.choices import RunStatus, SourceKind
from catalog.models import Run
from catalog.services.runs import run_queue
from tests.catalog.building import SYSTEM, source, state
from tests.catalog.harvesting.oai_process import corpus, oai_process
from tests.catalog.harvesting.workers import carry_out_killing, worker

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = os.environ.get("RUN_LARGE") == "1"
RECORDS, KILLS = (50_000, 20) if LARGE else (3_000, 4)
SEED = int(os.environ.get("FAULT_SEED", "20"))
COUNTS = ("read", "created", "updated", "unchanged", "deleted", "rejected")


def counts(run: Run) -> dict[str, int]:
    run.refresh_from_db()
    return {name: getattr(run, name) for name in COUNTS}


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_source, catalog_edition CASCADE")


def test_a_harvest_whose_worker_is_killed_again_and_again_ends_like_an_undisturbed_one() -> None:
    with oai_process(RECORDS) as url:
        calm = run_queue(source=source(kind=SourceKind.OAI_PMH, url=url, name="sama"), actor=SYSTEM)
        assert worker(calm.pk).wait() == 0
        undisturbed, counted = state(), counts(calm)
        empty()
        run = run_queue(source=source(kind=SourceKind.OAI_PMH, url=url, name="sama"), actor=SYSTEM)
        killed = carry_out_killing(run, RECORDS, KILLS, random.Random(SEED))
    assert killed >= KILLS * 3 // 4, "too few were killed in time to prove anything"
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert run.resumed >= KILLS // 2, "some die before they begin"
    assert counts(run) == counted
    assert state() == undisturbed


def test_a_file_whose_worker_is_killed_again_and_again_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.mrc"
    path.write_bytes(b"".join(corpus(RECORDS)))
    runs = []
    for name in ("calm.mrc", "killed.mrc"):
        copy = tmp_path / name
        shutil.copy2(path, copy)
        run = run_queue(source=source(name="sama"), actor=SYSTEM, stored_path=str(copy))
        if name == "calm.mrc":
            assert worker(run.pk).wait() == 0
            undisturbed, counted = state(), counts(run)
            empty()
        else:
            killed = carry_out_killing(run, RECORDS, KILLS, random.Random(SEED))
        runs.append(run)
    assert killed >= KILLS // 2
    run = runs[1]
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert counts(run) == counted
    assert state() == undisturbed
