"""How well the matcher judges labelled pairs: our own cases, and the half of marc-ai that no weight was fitted on."""

from __future__ import annotations

import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from catalog.matching.labelled import BadPair, figures, judge, open_pairs, read_pairs
from tests.catalog.matching.cases import KINDS, cases
from tests.paths import SHARED, needs_shared

MARC_AI = SHARED / "data" / "labelled" / "marc-ai"


def as_lines() -> bytes:
    return b"\n".join(json.dumps(case).encode() for case in cases())


def test_every_case_is_judged_rightly_or_left_to_a_person() -> None:
    told = list(cases())
    wrong = [
        (case["class"], case["a"]["title"], one.outcome, one.score)
        for case, one in zip(told, judge(list(read_pairs(BytesIO(as_lines())))), strict=True)
        if one.outcome == ("separate" if case["same"] else "merge")
    ]
    assert not wrong
    assert all(sum(case["class"] == kind for case in told) == 12 for kind in KINDS)


def test_every_case_of_one_edition_is_joined() -> None:
    assert figures(judge(list(read_pairs(BytesIO(as_lines()))))).recall == 1


@needs_shared
def test_the_pairs_that_taught_nothing_are_judged_as_well_as_the_documentation_says() -> None:
    found = figures(judge(open_pairs(MARC_AI / "test_pairs.csv", MARC_AI / "records.jsonl.gz")))
    assert (found.pairs, found.same) == (1954, 1501)
    assert found.precision >= 0.99
    assert found.recall >= 0.98
    assert found.best_f1 >= 0.992
    assert found.recall_at(0.99) >= 0.99
    assert found.recall_at(0.995) >= 0.97
    assert found.recall_with_review >= 0.99
    assert found.review_share <= 0.02


def test_the_command_prints_a_table_and_the_same_as_json(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(as_lines())
    table, told = StringIO(), StringIO()
    call_command("match_pairs", str(path), stdout=table)
    call_command("match_pairs", str(path), "--json", stdout=told)
    figures_told = json.loads(told.getvalue())
    assert figures_told["pairs"] == 12 * len(KINDS) and figures_told["precision"] == 1
    assert set(figures_told["classes"]) == set(KINDS)
    assert all(kind in table.getvalue() for kind in KINDS)


@pytest.mark.parametrize("line", ["{}", "[1]", '{"a": {}, "b": 3, "same": true}', "not json"])
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadPair, match="line 2"):
        list(
            read_pairs(BytesIO(b'{"a": {"title": "x"}, "b": {"title": "x"}, "same": true}\n' + line.encode()))
        )
    path = tmp_path / "pairs.jsonl"
    path.write_text(line)
    with pytest.raises(CommandError, match="line 1"):
        call_command("match_pairs", str(path))


def test_a_record_of_odd_size_or_script_costs_no_more_than_another() -> None:
    odd = [
        {"title": "x" * 1_000_000, "author": "y" * 1_000_000},
        {"title": "Judul", "isbn": [f"97860201{n:05d}" for n in range(1000)]},
        {"title": "العربية بين يديك", "author": "عبد الرحمن"},
        {"title": "雪国", "author": "川端康成", "year": "昭和12"},
        {},
    ]
    lines = [json.dumps({"a": a, "b": b, "same": a is b}).encode() for a in odd for b in odd]
    judged = judge(list(read_pairs(BytesIO(b"\n".join(lines)))))
    assert not any(one.outcome == "merge" and not one.same for one in judged)
