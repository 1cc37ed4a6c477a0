"""Whatever happens to records, and in whatever order: no edition breaks a rule or a decision, no number is lost."""

from __future__ import annotations

import itertools
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog.harvesting.purge import purge_deleted
from catalog.matching.vetoes import veto
from catalog.models import Edition, MatchAct, MatchDecision, SourceRecord
from catalog.netsettings import DELETED_DAYS
from catalog.selectors import edition_current
from catalog.services.decisions import act_undo, decide_pair, editions_join, records_split
from catalog.services.rematch import rematch_build
from catalog.services.rematch_switch import rematch_switch
from catalog.services.runs import run_execute, run_renormalise
from network_portal.core.errors import RuleViolation
from tests.catalog.building import SYSTEM, load, marc, source

# Each of them is clearly one edition with itself and with no other: which belongs where does not depend on the order.
TOER: Any = {
    "title": "Bumi manusia",
    "author": "Toer, Pramoedya Ananta",
    "publisher": "Hasta Mitra",
    "year": 1980,
}
BOOKS: tuple[dict[str, Any], ...] = (
    {**TOER, "edition": "Ed. 2"},
    {**TOER, "edition": "Ed. 7"},
    {"title": "Laskar pelangi", "author": "Hirata, Andrea", "publisher": "Bentang Pustaka", "year": 2005},
)
NAMES = tuple("abcde")
names = st.sampled_from(NAMES)


class Catalogue(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.work = transaction.atomic()
        self.work.__enter__()
        self.sources = {name: source() for name in NAMES}
        self.folder = tempfile.TemporaryDirectory()
        self.files = itertools.count()
        self.seen: set[int] = set()

    def teardown(self) -> None:
        try:
            self._from_scratch()
        finally:
            self.folder.cleanup()
            transaction.set_rollback(True)
            self.work.__exit__(None, None, None)

    @initialize(books=st.lists(st.sampled_from(BOOKS), min_size=len(NAMES), max_size=len(NAMES)))
    def all_come(self, books: list[dict[str, Any]]) -> None:
        for name, book in zip(NAMES, books, strict=True):
            self._load(name, marc(name, **book))

    @rule(name=names, book=st.sampled_from(BOOKS), pages=st.integers(100, 101))
    def comes(self, name: str, book: dict[str, Any], pages: int) -> None:
        self._load(name, marc(name, **{**book, "call": str(pages)}))

    @rule(name=names)
    def leaves(self, name: str) -> None:
        self._load(name, marc(name, "Dihapus", status="d"))

    @rule()
    def those_who_left_are_forgotten(self) -> None:
        SourceRecord.objects.exclude(deleted_at=None).update(
            deleted_at=timezone.now() - timedelta(days=DELETED_DAYS.now() + 1)
        )
        purge_deleted()

    @rule(name=names)
    def is_read_anew(self, name: str) -> None:
        """What older rules made of the originals is made anew, without any harvest."""
        SourceRecord.objects.filter(source=self.sources[name]).update(
            features={"title": "read by older rules"}
        )
        run = run_renormalise(source=self.sources[name], actor=SYSTEM, send=False)
        run_execute(run_id=run.pk, actor=SYSTEM, trusted=True)
        if record := self._live(name):
            assert record.features["title"] != "read by older rules"

    @rule(name=names, other=names, same=st.booleans())
    def is_decided(self, name: str, other: str, same: bool) -> None:
        one, two = self._live(name), self._live(other)
        if one and two and one != two:
            self._try(lambda: decide_pair(one=one, other=two, same=same, actor=SYSTEM))

    @rule(name=names, other=names)
    def are_joined(self, name: str, other: str) -> None:
        one, two = self._live(name), self._live(other)
        if one and two:
            self._try(lambda: editions_join(edition=one.edition, other=two.edition, actor=SYSTEM))

    @rule(name=names)
    def is_taken_out(self, name: str) -> None:
        if record := self._live(name):
            self._try(lambda: records_split(edition=record.edition, numbers=[record.pk], actor=SYSTEM))

    @precondition(lambda self: MatchAct.objects.filter(undone_at=None).exists())
    @rule(back=st.integers(0, 3))
    def is_undone(self, back: int) -> None:
        acts = list(MatchAct.objects.filter(undone_at=None).order_by("-pk")[:4])
        act_undo(act=acts[back % len(acts)], actor=SYSTEM)

    @invariant()
    def every_live_record_is_in_one_living_edition(self) -> None:
        records = SourceRecord.objects.filter(deleted_at=None).select_related("edition")
        counts: dict[int, int] = {}
        for record in records:
            assert record.edition is not None and record.edition.merged_into_id is None
            counts[record.edition.pk] = counts.get(record.edition.pk, 0) + 1
            assert set(record.holdings.values_list("edition", flat=True)) <= {record.edition.pk}
        for edition in Edition.objects.all():
            assert edition.record_count == counts.get(edition.pk, 0)

    @invariant()
    def no_decision_is_broken(self) -> None:
        where = dict(SourceRecord.objects.filter(deleted_at=None).values_list("pk", "edition"))
        apart, same = set(), []
        for pair in MatchDecision.objects.filter(is_active=True):
            if pair.one_id not in where or pair.other_id not in where:
                continue
            editions = where[pair.one_id], where[pair.other_id]
            if pair.is_same:
                same.append(editions)
            else:
                assert editions[0] != editions[1]
                apart.add(frozenset(editions))
        assert all(a == b or frozenset((a, b)) in apart for a, b in same)

    @invariant()
    def no_rule_is_broken_but_by_a_person(self) -> None:
        pairs = MatchDecision.objects.filter(is_same=True, is_active=True).values_list("one", "other")
        decided = {number for pair in pairs for number in pair}
        for edition in Edition.objects.filter(record_count__gt=1):
            records = list(edition.records.filter(deleted_at=None))
            if decided.isdisjoint(record.pk for record in records):
                assert not any(veto(a.features, b.features) for a, b in itertools.combinations(records, 2))

    @invariant()
    def no_number_is_lost(self) -> None:
        self.seen |= set(Edition.objects.values_list("pk", flat=True))
        for number in self.seen:
            assert edition_current(number).merged_into_id is None

    def _load(self, name: str, record: bytes) -> None:
        path = Path(self.folder.name) / f"{next(self.files)}.mrc"
        path.write_bytes(record)
        load(self.sources[name], path)

    def _live(self, name: str) -> SourceRecord | None:
        return SourceRecord.objects.filter(source=self.sources[name], deleted_at=None).first()

    def _try(self, act: Any) -> None:
        """Refused is refused: nothing has changed then."""
        before = list(SourceRecord.objects.order_by("pk").values_list("pk", "edition"))
        try:
            act()
        except RuleViolation:
            assert list(SourceRecord.objects.order_by("pk").values_list("pk", "edition")) == before

    def _from_scratch(self) -> None:
        """A matching from scratch breaks nothing either; and nothing moves where no person had a hand in it."""
        before = dict(SourceRecord.objects.filter(deleted_at=None).values_list("pk", "edition"))
        rematch_switch(rematch=rematch_build(actor=SYSTEM, workers=0), actor=SYSTEM)
        if not MatchDecision.objects.filter(is_active=True).exists():
            assert dict(SourceRecord.objects.filter(deleted_at=None).values_list("pk", "edition")) == before
        self.every_live_record_is_in_one_living_edition()
        self.no_decision_is_broken()
        self.no_rule_is_broken_but_by_a_person()
        self.no_number_is_lost()


@pytest.mark.django_db
def test_no_sequence_of_changes_and_decisions_breaks_the_editions() -> None:
    run_state_machine_as_test(
        Catalogue,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
