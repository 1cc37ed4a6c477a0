"""A harvest of a real Zebra whose worker is killed in the middle: it ends like an undisturbed one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from catalog.choices import RunStatus, SourceKind
from catalog.models import DirtyEdition, Edition, MatchKey, Run, SourceRecord
from catalog.services.runs import run_execute, run_queue
from tests.catalog.building import SYSTEM, library, source, state
from tests.catalog.harvesting.workers import carry_out_killing
from tests.catalog.harvesting.zebra import Zebra, need_zebra
from tests.paths import MARC, needs_shared

pytestmark = [pytest.mark.django_db(transaction=True), needs_shared]
FILES = [
    MARC / "marc4j/pride-and-prejudice-fixed.mrc",
    MARC / "qa-catalogue/general/BooksAll.2014.part01-0001.mrc",
]
RECORDS = 483


@pytest.fixture(scope="module")
def zebra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zebra]:
    need_zebra()
    with Zebra(tmp_path_factory.mktemp("zebra"), FILES) as server:
        yield server


def test_a_harvest_whose_worker_is_killed_ends_like_an_undisturbed_one(zebra: Zebra, settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    own = source(library("UJI"), kind=SourceKind.SRU, url=zebra.url, name="sru", options={"page_size": 7})
    counted = run_execute(run_id=run_queue(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert counted is not None
    assert (counted.status, counted.read) == (RunStatus.DONE, RECORDS)
    undisturbed = state()
    Edition.objects.update(merged_into=None)
    for model in (MatchKey, SourceRecord, Run, Edition, DirtyEdition):
        model.objects.all().delete()

    run = run_queue(source=own, actor=SYSTEM)
    killed = carry_out_killing(run, RECORDS * 3 // 4, 2, random.Random(4))
    assert killed, "no worker was killed in time to prove anything"
    run.refresh_from_db()
    assert (run.status, run.read, run.created, run.rejected) == (RunStatus.DONE, RECORDS, counted.created, 0)
    assert state() == undisturbed
