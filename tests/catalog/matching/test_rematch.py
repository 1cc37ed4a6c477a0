"""Matching everything anew: shown before it counts, taken over in whole steps, gone on with where it broke off."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from catalog.choices import RematchStatus
from catalog.harvesting.database import set_edition
from catalog.models import DirtyEdition, Edition, Holding, MatchDoubt, MatchKey, Rematch, SourceRecord
from catalog.selectors import edition_current
from catalog.services import rematch as building
from catalog.services import rematch_switch as switching
from catalog.services.editions import editions_rebuild, editions_redirect
from catalog.services.rematch import rematch_build
from catalog.services.rematch_switch import rematch_switch
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, load, marc, source, write

pytestmark = pytest.mark.django_db
TOER: Any = {"author": "Toer, Pramoedya Ananta", "publisher": "Hasta Mitra", "year": 1980}
HIRATA: Any = {"author": "Hirata, Andrea", "publisher": "Bentang", "year": 2005}


class Broken(Exception):
    pass


def record(identifier: str) -> SourceRecord:
    return SourceRecord.objects.get(identifier=identifier)


def edition(identifier: str) -> int:
    found = record(identifier).edition_id
    assert found
    return found


def put(*identifiers: str, into: int) -> None:
    """As rules of an earlier version had it."""
    before = {edition(name) for name in identifiers}
    with connection.cursor() as cursor:
        set_edition(cursor, {record(name).pk: into for name in identifiers})
        emptied = before - set(SourceRecord.objects.values_list("edition_id", flat=True))
        editions_redirect(cursor, dict.fromkeys(emptied, into))
        editions_rebuild(cursor, {into, *before}, now=record(identifiers[0]).changed_at)


@pytest.fixture
def catalogue(tmp_path: Path) -> dict[str, int]:
    """Three records of one book, two of another; the second of them lies with the wrong book, keys are missing."""
    books = [marc("A1", "Bumi manusia", **TOER, call="813 TOE"), marc("A2", "Laskar pelangi", **HIRATA)]
    load(source(), write(tmp_path, *books, name="a.mrc"))
    more = [marc("B1", "Bumi manusia", **TOER), marc("B2", "Laskar pelangi", **HIRATA, call="813 HIR")]
    load(source(), write(tmp_path, *more, name="b.mrc"))
    load(source(), write(tmp_path, marc("C1", "Bumi manusia", **TOER), name="c.mrc"))
    right = {"toer": edition("A1"), "hirata": edition("A2")}
    put("B2", into=right["toer"])
    MatchKey.objects.filter(record=record("C1")).delete()
    SourceRecord.objects.filter(identifier="B1").update(features={})
    SourceRecord.objects.update(changed_at=timezone.now() - timedelta(days=1))
    DirtyEdition.objects.all().delete()
    return right


def test_a_rematch_beside_shows_the_difference_and_changes_nothing(catalogue: dict[str, int]) -> None:
    before = list(SourceRecord.objects.order_by("pk").values_list("edition_id", "changed_at"))
    out = StringIO()
    call_command("rematch", "--shadow", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert {name: told[name] for name in ("records", "editions_in_use", "editions_beside", "moved")} == {
        "records": 5, "editions_in_use": 2, "editions_beside": 2, "moved": 1,
    }  # fmt: skip
    assert list(SourceRecord.objects.order_by("pk").values_list("edition_id", "changed_at")) == before
    assert not DirtyEdition.objects.exists()


def test_taken_over_each_record_stands_where_the_rules_put_it(catalogue: dict[str, int]) -> None:
    features = record("A1").features
    out = StringIO()
    call_command("rematch", stdout=out)
    assert "Taken over." in out.getvalue()
    assert edition("B2") == edition("A2") == catalogue["hirata"]
    assert edition("A1") == edition("B1") == edition("C1") == catalogue["toer"]
    assert set(Holding.objects.filter(record=record("B2")).values_list("edition_id", flat=True)) == {
        catalogue["hirata"]
    }
    assert Edition.objects.get(pk=catalogue["hirata"]).record_count == 2
    assert set(DirtyEdition.objects.values_list("edition_id", flat=True)) == set(catalogue.values())
    assert record("B1").features == features
    keys = set(MatchKey.objects.filter(record=record("A1")).values_list("key", flat=True))
    assert set(MatchKey.objects.filter(record=record("C1")).values_list("key", flat=True)) == keys
    assert not Rematch.objects.exclude(status=RematchStatus.DONE).exists()


def test_what_was_wrongly_one_comes_apart_and_the_larger_part_keeps_the_id(catalogue: dict[str, int]) -> None:
    put("A2", into=catalogue["toer"])
    rematch_switch(rematch=rematch_build(actor=SYSTEM, workers=0), actor=SYSTEM)
    assert edition("A1") == edition("B1") == edition("C1") == catalogue["toer"]
    assert edition("A2") == edition("B2") != catalogue["toer"]


def test_what_was_wrongly_two_becomes_one_and_the_smaller_leads_on(catalogue: dict[str, int]) -> None:
    other = Edition.objects.create(
        title="Bumi manusia",
        created_at=record("C1").changed_at,
        changed_at=record("C1").changed_at,
    )
    put("C1", into=other.pk)
    rematch_switch(rematch=rematch_build(actor=SYSTEM, workers=0), actor=SYSTEM)
    assert edition("C1") == catalogue["toer"]
    current = edition_current(other.pk)
    assert current and current.pk == catalogue["toer"]


def test_a_rematch_that_broke_off_goes_on_where_it_stood(
    catalogue: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "PAGE", 2)

    def stop(rematch: Rematch, count: int) -> None:
        raise Broken

    with pytest.raises(Broken):
        rematch_build(actor=SYSTEM, workers=0, progress=stop)
    seen: list[int] = []
    done = rematch_build(actor=SYSTEM, workers=0, progress=lambda rematch, count: seen.append(count))
    assert (sum(seen), done.figures["records"]) == (3, 5)
    assert Rematch.objects.count() == 1


def test_a_switch_that_broke_off_goes_on_with_what_is_left(
    catalogue: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("A2", into=catalogue["toer"])
    monkeypatch.setattr(switching, "EDITIONS", 1)
    monkeypatch.setattr(switching, "RECORDS", 2)
    ready = rematch_build(actor=SYSTEM, workers=0)

    def stop(what: str, done: int) -> None:
        raise Broken

    with pytest.raises(Broken):
        rematch_switch(rematch=ready, actor=SYSTEM, progress=stop)
    left = rematch_build(actor=SYSTEM, workers=0)
    assert left.status == RematchStatus.SWITCHING
    rematch_switch(rematch=left, actor=SYSTEM)
    assert edition("A2") == edition("B2") != catalogue["toer"]


def test_what_harvests_change_meanwhile_is_in_it(catalogue: dict[str, int], tmp_path: Path) -> None:
    ready = rematch_build(actor=SYSTEM, workers=0)
    changed = record("B2").source
    load(changed, write(tmp_path, marc("B2", "Bumi manusia", **TOER), marc("B9", "Laskar pelangi", **HIRATA)))
    rematch_switch(rematch=ready, actor=SYSTEM)
    assert edition("B2") == catalogue["toer"]
    assert edition("B9") == edition("A2") == catalogue["hirata"]


def test_other_rules_begin_anew(catalogue: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    first = rematch_build(actor=SYSTEM, workers=0)
    Rematch.objects.update(rules="1999-01-01")
    second = rematch_build(actor=SYSTEM, workers=0)
    first.refresh_from_db()
    assert first.status == RematchStatus.DROPPED and second.figures["records"] == 5


def test_an_unfinished_rematch_is_not_switched_to(catalogue: dict[str, int]) -> None:
    ready = rematch_build(actor=SYSTEM, workers=0)
    Rematch.objects.update(status=RematchStatus.BUILDING)
    with pytest.raises(RuleViolation):
        rematch_switch(rematch=ready, actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_only_one_rematch_works_at_a_time() -> None:
    other: Any = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [building.LOCK])
        with pytest.raises(CommandError):
            call_command("rematch", "--shadow")
    finally:
        other.close()


def test_what_waits_for_a_person_is_what_the_new_rules_doubt(tmp_path: Path) -> None:
    title = "Bumi manusia dan seisinya"
    load(source(), write(tmp_path, marc("a", title, **TOER), name="a.mrc"))
    load(
        source(),
        write(tmp_path, marc("b", title, **{**TOER, "publisher": "Lentera Dipantara"}), name="b.mrc"),
    )
    noted = MatchDoubt.objects.values_list("one", "other", "score", "why").get()
    MatchDoubt.objects.all().delete()
    MatchDoubt.objects.create(
        one=record("a"),
        other_id=record("b").pk + 1,
        score=1,
        rules="1999",
        seen_at=timezone.now() - timedelta(days=1),
    )
    rematch_switch(rematch=rematch_build(actor=SYSTEM, workers=0), actor=SYSTEM)
    assert MatchDoubt.objects.values_list("one", "other", "score", "why").get() == noted
