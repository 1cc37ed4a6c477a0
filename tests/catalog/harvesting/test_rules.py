"""Normalisation rules: what each does to a record, what can't be saved, and what stored junk does: nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.choices import RunStatus
from catalog.formats.draft import BibDraft, HoldingDraft
from catalog.harvesting.rules import apply, problem
from catalog.models import Holding, SourceRecord
from catalog.services.item_holdings import Copy, made_of
from catalog.services.runs import run_execute, run_renormalise
from tests.catalog.building import SYSTEM, last_run, load, marc, source, write


def book(**values: Any) -> BibDraft:
    holdings = [
        HoldingDraft("REF", "P 899 TOE", 2, status="available", available_count=2),
        HoldingDraft("UMUM", "P 899 TOE", note="rusak ringan"),
    ]
    return BibDraft(**{"title": "[Majalah] Tempo", "subjects": ["Sastra"], "holdings": holdings, **values})


def after(*rules: dict[str, Any], **values: Any) -> BibDraft:
    draft = book(**values)
    assert [problem(rule) for rule in rules] == [""] * len(rules)
    assert not apply(draft, rules)
    return draft


def test_place_codes_get_their_names() -> None:
    draft = after({"do": "map_location", "map": {"REF": "Rujukan", "UMUM": "Lantai 1"}})
    assert [h.location for h in draft.holdings] == ["Rujukan", "Lantai 1"]
    assert after({"do": "map_location", "from": "REF", "to": "Rujukan"}).holdings[0].location == "Rujukan"


def test_a_status_is_set_for_the_copies_that_are_meant() -> None:
    draft = after({"do": "set_status", "where": "location", "from": "REF", "to": "reference"})
    assert [(h.status, h.available_count) for h in draft.holdings] == [("reference", 0), ("unknown", None)]
    draft = after({"do": "set_status", "where": "note", "from": "RUSAK", "to": "unavailable"})
    assert [h.status for h in draft.holdings] == ["available", "unavailable"]


def test_letters_before_call_numbers_are_taken_off_but_never_all_of_it() -> None:
    assert after({"do": "strip_call_number", "from": "P "}).holdings[0].call_number == "899 TOE"
    assert after({"do": "strip_call_number", "from": "P 899 TOE"}).holdings[0].call_number == "P 899 TOE"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({}, "serial"),
        ({"where": "format", "from": "book"}, "serial"),
        ({"from": "map"}, "book"),
        ({"where": "title", "from": "[majalah]"}, "serial"),
        ({"where": "subject", "from": "sastra"}, "serial"),
        ({"where": "location", "from": "REF"}, "serial"),
        ({"where": "location", "from": "ref"}, "book"),
        ({"where": "call_number", "from": "P 899"}, "serial"),
        ({"where": "publisher", "from": "Tempo"}, "book"),
    ],
)
def test_the_format_is_set_where_the_condition_holds(condition: dict[str, str], found: str) -> None:
    assert after({"do": "set_format", "to": "serial", **condition}).format == found


def test_a_language_is_set_only_where_none_is_named() -> None:
    rule = {"do": "set_language", "to": "ind"}
    assert (after(rule).language, after(rule).languages) == ("ind", ["ind"])
    assert after(rule, language="eng", languages=["eng"]).language == "eng"


def test_a_dropped_field_is_empty() -> None:
    assert after({"do": "drop_field", "field": "subjects"}).subjects == []


def test_copies_of_a_place_are_left_out_and_the_record_with_its_last_one() -> None:
    draft = book()
    assert not apply(draft, [{"do": "leave_out", "where": "location", "from": "REF"}])
    assert [h.location for h in draft.holdings] == ["UMUM"]
    assert apply(draft, [{"do": "leave_out", "where": "location", "from": "UMUM"}])
    assert not apply(BibDraft(title="x"), [{"do": "leave_out", "where": "location", "from": "UMUM"}])
    assert apply(book(format="article"), [{"do": "leave_out", "where": "format", "from": "article"}])


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("drop_field", "unknown_rule"),
        ({}, "unknown_rule"),
        ({"do": "run_code"}, "unknown_rule"),
        ({"do": "drop_field", "field": "title"}, "bad_field"),
        ({"do": "drop_field", "field": "notes", "where": "title"}, "unknown_fields"),
        ({"do": "set_format", "to": "novel"}, "bad_value"),
        ({"do": "set_format", "to": "book", "where": "price", "from": "1"}, "bad_where"),
        ({"do": "set_language", "to": "Indonesia"}, "bad_value"),
        ({"do": "leave_out", "where": "title"}, "no_value"),
        ({"do": "strip_call_number", "from": "  "}, "bad_value"),
        ({"do": "strip_call_number", "from": ["P"]}, "bad_value"),
        ({"do": "map_location", "map": {}}, "no_value"),
        ({"do": "map_location", "map": {"REF": 1}}, "no_value"),
        ({"do": "map_location", "map": ["REF"]}, "bad_value"),
        ({"do": "map_location", "from": "REF"}, "no_value"),
    ],
)
def test_what_is_no_rule_cannot_be_saved_and_changes_nothing_when_it_is_stored(rule: Any, code: str) -> None:
    assert problem(rule) == code
    draft = book()
    if code != "unknown_fields":
        assert not apply(draft, [rule])
        assert draft == book()


JUNK: list[Any] = [
    None, 7, "x", [], {"do": None}, {"do": ["map_location"]}, {"do": "map_location", "map": {"REF": ["x"]}},
    {"do": "set_status", "where": {}, "from": 1, "to": []}, {"do": "set_format", "to": "book", "where": 9, "from": "x"},
    {"do": "leave_out", "where": "holdings", "from": "REF"}, {"do": "leave_out", "where": None, "from": None},
]  # fmt: skip


def test_stored_junk_changes_nothing() -> None:
    draft = book()
    assert not apply(draft, JUNK)
    assert draft == book()


def test_copies_that_an_agent_tells_of_are_left_out_as_well() -> None:
    at = timezone.now()
    copies = [
        Copy(name, True, place, "899", "available", at) for name, place in (("1", "REF"), ("2", "UMUM"))
    ]
    rules = [{"do": "leave_out", "where": "location", "from": "REF"}]
    assert [holding.location for holding, _ in made_of(copies, [], rules, at)] == ["UMUM"]


@pytest.mark.django_db
def test_records_that_a_rule_leaves_out_are_counted_by_name_and_are_no_errors(tmp_path: Path) -> None:
    own = source(rules=[{"do": "leave_out", "where": "location", "from": "Umum"}])
    kept = marc("2", "Anak semua bangsa")
    path = write(tmp_path, *[marc(f"a{n}", f"Judul nomor {n}", call="899") for n in range(20)], kept)
    load(own, path)
    run = last_run(own)
    assert (run.status, run.rejected, run.created, run.warnings["left_out"]) == (RunStatus.DONE, 0, 1, 20)


@pytest.mark.django_db
def test_rules_are_applied_to_what_is_stored(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusia", call="899"), marc("2", "Anak semua bangsa")))
    own.rules = [{"do": "map_location", "map": {"Umum": "Lantai 1"}}]
    own.save()
    run_execute(run_id=run_renormalise(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert Holding.objects.get(record__identifier="1").location == "Lantai 1"
    own.rules = [{"do": "leave_out", "where": "location", "from": "Umum"}]
    own.save()
    run_execute(run_id=run_renormalise(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert SourceRecord.objects.get(deleted_at=None).identifier == "2"
