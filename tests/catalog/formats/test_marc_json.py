"""MARC in JSON, in its three spellings and as lines, array or single object; and every real file of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from catalog.formats.errors import NotMarc
from catalog.formats.marc21 import problem, to_draft
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord, Rejected
from tests.paths import SHARED, needs_shared

from .build import bad, good, read, values

DATA = SHARED / "data"
LEADER = "00000nam a2200000 i 4500"
# Files whose good records differ from the number of objects counted in the inventory, and why.
OTHER_COUNT = {
    "error_fixtures/e402_malformed_marcjson.json": (0, "the file ends inside its record"),
    "marc-files/marc4.json": (0, "a leader without fields"),
}


def record(number: int, title: str = "Bumi manusia") -> dict[str, Any]:
    field = {"ind1": "1", "ind2": "0", "subfields": [{"a": f"{title} /"}, {"c": "Toer."}]}
    return {"leader": LEADER, "fields": [{"001": f"j{number}"}, {"245": field}]}


HASH = {
    "type": "marc-hash", "version": [1, 0], "leader": LEADER,
    "fields": [["001", "j1"], ["245", "1", "0", [["a", "Bumi manusia /"], ["c", "Toer."]]]],
}  # fmt: skip
LISTS = {
    "leader": LEADER,
    "controlfield": [{"tag": "001", "data": "j1"}],
    "datafield": [
        {"tag": "245", "ind": "10",
         "subfield": [{"code": "a", "data": "Bumi manusia /"}, {"code": "c", "data": "Toer."}]}
    ],
}  # fmt: skip


@pytest.mark.parametrize("spelling", [record(1), HASH, LISTS])
def test_the_three_spellings_say_the_same(spelling: dict[str, Any]) -> None:
    (found,) = good(json.dumps(spelling).encode())
    assert found.format == "marcjson"
    assert found.fields == [
        ("001", "j1"), ("245", "1", "0", (("a", "Bumi manusia /"), ("c", "Toer."))),
    ]  # fmt: skip
    assert to_draft(found).title == "Bumi manusia"
    assert parse_payload(found.payload, found.format).fields == found.fields


def test_lines_arrays_and_printed_objects_give_the_same_records() -> None:
    three = [record(n, 'Kata "{}" dan [,]') for n in range(3)]
    ways = [
        "\n".join(json.dumps(r) for r in three),
        json.dumps(three),
        json.dumps(three, indent=2),
        "\r\n".join(json.dumps(r, indent=1) for r in three),
        "[" + ",\n".join(json.dumps(r) for r in three) + "]",
        "".join(json.dumps(r) for r in three),
        "\ufeff" + "\n\n".join(json.dumps(r) for r in three) + "\n",
    ]
    for way in ways:
        found = good(way.encode())
        assert [values(r, "001") for r in found] == [["j0"], ["j1"], ["j2"]], way[:80]
        assert [r.position for r in found] == [1, 2, 3]
        for raw in found:
            assert way.encode()[raw.offset : raw.offset + len(raw.payload)] == raw.payload


def test_a_damaged_line_costs_no_other() -> None:
    lines = [json.dumps(record(n)) for n in range(4)]
    lines[2] = lines[2][:-30] + "}"
    content = "\n".join(lines).encode()
    assert [values(r, "001") for r in good(content)] == [["j0"], ["j1"], ["j3"]]
    assert [(r.position, r.reason_code) for r in bad(content)] == [(3, "json_malformed")]


def test_an_object_that_never_ends_is_given_up_where_the_next_one_begins() -> None:
    content = json.dumps([record(n) for n in range(4)]).encode()
    cut = content.replace(b'{"001": "j1"}', b'{"001": "j1"', 1)
    assert [values(r, "001") for r in good(cut)] == [["j0"], ["j2"], ["j3"]]
    assert [r.reason_code for r in bad(cut)] == ["json_malformed"]


def test_a_huge_object_is_refused_and_the_rest_is_read() -> None:
    long = json.dumps(record(1, "x" * 5_000_000))
    for glue in ("\n", ",\n"):
        content = glue.join([json.dumps(record(0)), long, json.dumps(record(2))]).encode()
        content = content if glue == "\n" else b"[" + content + b"]"
        assert [values(r, "001") for r in good(content)] == [["j0"], ["j2"]]
        assert len(bad(content)) >= 1


def test_what_is_no_record_is_refused_with_its_reason() -> None:
    content = "\n".join([json.dumps(record(0)), '{"leader": "x"}', '{"leader": "x", "fields": []}']).encode()
    assert [r.reason_code for r in bad(content)] == ["json_not_marc", "no_fields"]
    odd = {
        "leader": 5,
        "fields": [None, 7, {"245": None}, {"020": {"subfields": [{"a": None}]}}, {"001": 12}],
    }
    (found,) = good(json.dumps(odd).encode())
    assert found.fields == [("001", "12")]
    with pytest.raises(NotMarc):
        read(b'{"title": "Bumi manusia"}')


def test_deep_nesting_is_refused() -> None:
    content = b'{"leader": "x", "fields": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert [type(r) for r in read(content)] == [Rejected]


def opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


@needs_shared
def test_every_real_file_goes_through_with_its_records() -> None:
    with (DATA / "inventory.csv").open(newline="") as rows:
        files = {
            r["path"]: int(r["records_counted"])
            for r in csv.DictReader(rows)
            if r["format"] == "marc-in-json"
        }
    assert len(files) == 57
    wrong = {}
    for path, counted in files.items():
        with opened(DATA / path) as stream:
            found = [r for r in read_records(stream) if isinstance(r, RawRecord)]
        for raw in found:
            assert to_draft(raw).identifier
        expected = next((n for end, (n, _) in OTHER_COUNT.items() if path.endswith(end)), counted)
        if len(found) != expected:
            wrong[path] = (len(found), expected)
    assert wrong == {}


@needs_shared
def test_the_labelled_records_are_all_read() -> None:
    started = time.perf_counter()
    with gzip.open(DATA / "labelled/marc-ai/records.jsonl.gz") as packed:
        found = list(read_records(cast(BinaryIO, packed)))
    seconds = time.perf_counter() - started
    assert len(found) == 18_976
    assert all(isinstance(record, RawRecord) for record in found)
    assert sum(problem(to_draft(r)) is None for r in found[::50] if isinstance(r, RawRecord)) > 370
    assert len(found) / seconds > 2000


@needs_shared
def test_json_and_binary_of_the_same_records_agree() -> None:
    folder = DATA / "marc/yaz-tests/test/marc-files"
    for name in ("marc1", "marc5", "marc6"):
        from_json = good((folder / f"{name}.json").read_bytes())[0]
        from_binary = next(read_records(io.BytesIO((folder / f"{name}.json.marc").read_bytes())))
        assert isinstance(from_binary, RawRecord)
        assert [f[0] for f in from_json.fields] == [f[0] for f in from_binary.fields]
        assert to_draft(from_json).title == to_draft(from_binary).title
