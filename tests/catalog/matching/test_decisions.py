"""What people decided stays decided: through harvests, returns and matchings from scratch; and can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from catalog.choices import Decided
from catalog.models import Edition, Holding, MatchAct, MatchDecision, MatchDoubt, Source, SourceRecord
from catalog.selectors import edition_current
from catalog.services.decisions import act_undo, decide_pair, editions_join, records_split
from catalog.services.rematch import rematch_build
from catalog.services.rematch_switch import rematch_switch
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, load, marc, source, write

pytestmark = pytest.mark.django_db
TOER: Any = {"author": "Toer, Pramoedya Ananta", "publisher": "Hasta Mitra", "year": 1980}
OTHER: Any = {"author": "Hirata, Andrea", "publisher": "Bentang", "year": 2005}


def record(identifier: str) -> SourceRecord:
    return SourceRecord.objects.get(identifier=identifier)


def edition(identifier: str) -> Edition:
    found = record(identifier).edition
    assert found is not None
    return found


def again(of: Source, folder: Path, *records: bytes) -> None:
    """As the next harvest brings it, with a change in every record."""
    load(of, write(folder, *records, name="again.mrc"))


def from_scratch() -> None:
    rematch_switch(rematch=rematch_build(actor=SYSTEM, workers=0), actor=SYSTEM)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Source, Source]:
    """Two catalogues: "a" and "b" describe one book, "c" and "d" another."""
    first, second = source(), source()
    load(
        first,
        write(tmp_path, marc("a", "Bumi manusia", **TOER, call="1"), marc("c", "Laskar pelangi", **OTHER)),
    )
    load(
        second,
        write(tmp_path, marc("b", "Bumi manusia", **TOER, call="2"), marc("d", "Laskar pelangi", **OTHER)),
    )
    assert edition("a") == edition("b") and edition("c") == edition("d")
    return first, second


def test_what_is_kept_apart_stays_apart_when_it_comes_again(
    two: tuple[Source, Source], tmp_path: Path
) -> None:
    home = edition("a")
    act = records_split(edition=home, numbers=[record("b").pk], actor=SYSTEM, note="Cetakan lain")
    assert edition("a") == home and edition("b") != home
    assert act.note == "Cetakan lain" and act.kind == Decided.SPLIT
    again(two[1], tmp_path, marc("b", "Bumi manusia", **TOER, call="3"))
    assert edition("b") != home
    from_scratch()
    assert edition("b") != edition("a")


def test_a_third_record_does_not_bring_them_together(two: tuple[Source, Source], tmp_path: Path) -> None:
    records_split(edition=edition("a"), numbers=[record("b").pk], actor=SYSTEM)
    load(source(), write(tmp_path, marc("e", "Bumi manusia", **TOER), name="third.mrc"))
    assert edition("a") != edition("b") and edition("e") in (edition("a"), edition("b"))
    from_scratch()
    assert edition("a") != edition("b")


def test_what_is_put_together_stays_together(two: tuple[Source, Source], tmp_path: Path) -> None:
    gone = edition("c")
    act = decide_pair(one=record("a"), other=record("c"), same=True, actor=SYSTEM)
    assert {edition(name).pk for name in "abcd"} == {edition("a").pk}
    assert edition_current(gone.pk) == edition("a")
    assert Edition.objects.get(pk=edition("a").pk).record_count == 4
    again(
        two[0],
        tmp_path,
        marc("a", "Bumi manusia", **TOER, pages=12),
        marc("c", "Laskar pelangi", **OTHER, pages=9),
    )
    assert edition("a") == edition("c") == edition("d")
    from_scratch()
    assert {edition(name).pk for name in "abcd"} == {edition("a").pk}
    assert act.pairs.count() == 3


def test_a_merge_is_undone_to_the_letter(two: tuple[Source, Source]) -> None:
    one, other = edition("a"), edition("c")
    older = Edition.objects.create(
        title="x", merged_into=other, created_at=timezone.now(), changed_at=timezone.now()
    )
    act = editions_join(edition=one, other=other, actor=SYSTEM)
    assert edition_current(older.pk) == edition_current(other.pk) == one
    act_undo(act=act, actor=SYSTEM)
    assert edition("a") == edition("b") == one and edition("c") == edition("d") == other
    other.refresh_from_db()
    assert other.merged_into is None and other.record_count == 2
    assert edition_current(older.pk) == other
    assert not MatchDecision.objects.filter(is_active=True).exists()
    with pytest.raises(RuleViolation):
        act_undo(act=act, actor=SYSTEM)


def test_a_split_is_undone_and_the_new_number_leads_back(two: tuple[Source, Source]) -> None:
    home = edition("a")
    act = records_split(edition=home, numbers=[record("b").pk], actor=SYSTEM)
    parted = edition("b")
    assert set(Holding.objects.filter(record=record("b")).values_list("edition", flat=True)) == {parted.pk}
    act_undo(act=act, actor=SYSTEM)
    assert edition("b") == home and edition_current(parted.pk) == home
    from_scratch()
    assert edition("a") == edition("b")


def test_after_a_split_the_number_stays_with_the_larger_part(
    two: tuple[Source, Source], tmp_path: Path
) -> None:
    load(source(), write(tmp_path, marc("e", "Bumi manusia", **TOER), name="third.mrc"))
    home = edition("a")
    records_split(edition=home, numbers=[record("b").pk, record("e").pk], actor=SYSTEM)
    assert edition("b") == edition("e") == home and edition("a") != home


def test_people_who_disagree_are_told_of_each_other(two: tuple[Source, Source]) -> None:
    records_split(edition=edition("a"), numbers=[record("b").pk], actor=SYSTEM)
    decide_pair(one=record("b"), other=record("c"), same=True, actor=SYSTEM)
    with pytest.raises(RuleViolation) as refusal:
        editions_join(edition=edition("a"), other=edition("b"), actor=SYSTEM)
    assert refusal.value.code == "conflict" and edition("a") != edition("b")


def test_a_later_decision_about_a_pair_takes_the_place_of_the_earlier_one_until_it_is_undone(
    two: tuple[Source, Source],
) -> None:
    decide_pair(one=record("a"), other=record("c"), same=False, actor=SYSTEM)
    second = decide_pair(one=record("a"), other=record("c"), same=True, actor=SYSTEM)
    assert edition("a") == edition("c")
    act_undo(act=second, actor=SYSTEM)
    assert edition("a") != edition("c")
    left = MatchDecision.objects.get(is_active=True)
    assert not left.is_same


def test_records_that_leave_for_good_find_their_decisions_when_they_return(
    two: tuple[Source, Source], tmp_path: Path
) -> None:
    records_split(edition=edition("a"), numbers=[record("b").pk], actor=SYSTEM)
    old = record("b").pk
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_holding WHERE record_id = %s", [old])
        cursor.execute("DELETE FROM catalog_matchkey WHERE record_id = %s", [old])
        cursor.execute("DELETE FROM catalog_sourcerecord WHERE id = %s", [old])
    again(two[1], tmp_path, marc("b", "Bumi manusia", **TOER, call="2"))
    assert record("b").pk != old and edition("b") != edition("a")
    assert MatchDecision.objects.get(is_active=True).other_id == record("b").pk


def test_at_least_one_record_leaves_and_one_stays(two: tuple[Source, Source]) -> None:
    for numbers in ([], [record("a").pk, record("b").pk], [record("c").pk]):
        with pytest.raises(RuleViolation):
            records_split(edition=edition("a"), numbers=numbers, actor=SYSTEM)
    assert not MatchAct.objects.exists()


def test_doubts_are_noted_and_forgotten_with_the_records(tmp_path: Path) -> None:
    """Another house in the same year, and no pages to tell: a person has to look."""
    first, second = source(), source()
    load(first, write(tmp_path, marc("a", "Bumi manusia dan seisinya", **TOER)))
    elsewhere: Any = {**TOER, "publisher": "Lentera Dipantara"}
    load(second, write(tmp_path, marc("b", "Bumi manusia dan seisinya", **elsewhere)))
    doubt = MatchDoubt.objects.get()
    assert (doubt.one_id, doubt.other_id) == (
        record("a").pk,
        record("b").pk,
    ) and doubt.why == "other_publisher"
    again(second, tmp_path, marc("b", "Sesuatu yang lain sama sekali", **OTHER))
    assert not MatchDoubt.objects.exists()


def test_a_decision_is_kept_with_who_and_when(two: tuple[Source, Source]) -> None:
    act = decide_pair(one=record("c"), other=record("a"), same=False, actor=Actor.system(channel="command"))
    pair = act.pairs.get()
    assert (pair.one_id, pair.other_id) == (record("a").pk, record("c").pk)
    assert (pair.one_identifier, pair.other_identifier) == ("a", "c") and act.at is not None
