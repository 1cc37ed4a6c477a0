"""Input that is no MARC at all, or means harm: a clear code, bounded memory, nothing but the declared errors."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.formats.decompress import open_decompressed
from catalog.formats.errors import WARNINGS, ArchiveError, NotMarc
from catalog.formats.marc21 import dump_lines, problem, to_draft
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.reasons import REASONS
from catalog.formats.records import RawRecord, Rejected

from .build import data, good, read, record, xml, xml_record


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\r\n  \x00", "empty"),
        (b"<!DOCTYPE html><html><title>Login</title>", "html"),
        (b"\n<HTML><body>Masuk</body></HTML>", "html"),
        (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>', "html"),
        (b"%PDF-1.7\n\x1e\x1d\x1f", "pdf"),
        (b"PK\x03\x04....", "zip"),
        (b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml", "spreadsheet"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0....", "spreadsheet"),
        (b"\x1f\x8b\x08....", "gzip"),
        (bz2.compress(b"catalogue"), "zip"),
        (lzma.compress(b"catalogue"), "zip"),
        (b"\x28\xb5\x2f\xfd\x00catalogue", "zip"),
        (b"\x1f\x9d\x90catalogue", "zip"),
        (b'{"leader": "00000nam"}', "json"),
        (b'"judul","pengarang"\n"Bumi manusia","Toer"\n', "needs_mapping"),
        (b"=LDR  00000nam  2200000 a 4500\n=245  10$aBumi manusia\n", "text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x1e\x1f\x1d", "not_marc"),
    ],
)
def test_what_is_not_marc_is_named(content: bytes, code: str) -> None:
    with pytest.raises(NotMarc) as refusal:
        read_records(io.BytesIO(content))
    assert refusal.value.code == code
    assert refusal.value.message == REASONS[code]


def gz(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


def test_gzip_is_told_by_content_and_unpacked(tmp_path: Path) -> None:
    packed = gz(tmp_path, gzip.compress(record() * 3) + gzip.compress(record()) + b"\0" * 9)
    with open_decompressed(packed, max_bytes=10_000) as stream:
        assert len(list(read_records(stream))) == 4


def test_a_file_packed_in_small_pieces_is_known_by_more_than_the_first(tmp_path: Path) -> None:
    whole = b'<?xml version="1.0"?>\n<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods><titleInfo>'
    whole += b"<title>Bumi manusia</title></titleInfo></mods></modsCollection>"
    packed = gz(tmp_path, gzip.compress(whole[:22]) + gzip.compress(whole[22:]))
    with open_decompressed(packed, max_bytes=10_000) as stream:
        assert [record.format for record in read_records(stream) if isinstance(record, RawRecord)] == ["mods"]


def test_a_plain_file_passes_through(tmp_path: Path) -> None:
    with open_decompressed(gz(tmp_path, record()), max_bytes=10_000) as stream:
        assert stream.read() == record()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(record() * 50)[:-30], "gzip_truncated"),
        (
            gzip.compress(record() * 50)[:12] + b"\xff\xff\xff" + gzip.compress(record() * 50)[15:],
            "gzip_damaged",
        ),
        (gzip.compress(gzip.compress(record())), "gzip_nested"),
        (gzip.compress(record() * 5000), "too_large"),
        (record() * 5000, "too_large"),
        (gzip.compress(record())[:5], "gzip_truncated"),
    ],
    ids=["cut short", "damaged", "packed twice", "too large packed", "too large plain", "only a header"],
)
def test_a_bad_archive_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    with (
        pytest.raises(ArchiveError) as refusal,
        open_decompressed(gz(tmp_path, content), max_bytes=500_000) as stream,
    ):
        while stream.read(65_536):
            pass
    assert refusal.value.code == code


def test_a_bomb_is_stopped_early_and_in_little_memory(tmp_path: Path) -> None:
    bomb = gz(tmp_path, gzip.compress(b"\0" * 60_000_000))
    tracemalloc.start()
    with pytest.raises(ArchiveError) as refusal, open_decompressed(bomb, max_bytes=1 << 40) as stream:
        while stream.read(1 << 20):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.code == "ratio"
    assert peak < 8_000_000


def test_a_large_file_is_read_in_little_memory() -> None:
    content = record(data("500", "a" + "panjang " * 100)) * 20_000
    stream = io.BytesIO(content)
    tracemalloc.start()
    count = sum(1 for _ in read_records(stream))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 12_000_000 < len(content)


QUIET = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(content: bytes) -> None:
    """Only the declared refusals may come out, and whatever was read can be drafted, shown and read again."""
    try:
        found = list(read_records(io.BytesIO(content)))
    except NotMarc as refusal:
        assert refusal.code in REASONS
        return
    for entry in found:
        if isinstance(entry, Rejected):
            assert entry.reason == REASONS[entry.reason_code]
            assert len(entry.snippet) <= 300
            continue
        assert isinstance(entry, RawRecord)
        assert len(entry.leader) == 24
        assert set(entry.warnings) <= WARNINGS.keys()
        assert len(entry.warnings) == len(set(entry.warnings))
        draft = to_draft(entry)
        assert problem(draft) in (None, *REASONS)
        assert type(draft).from_json(draft.as_json()) == draft
        assert dump_lines(entry)
        assert parse_payload(entry.payload, entry.format).fields == entry.fields


@QUIET
@given(st.binary(max_size=400))
def test_any_bytes_raise_nothing_but_the_declared_refusals(content: bytes) -> None:
    survives(content)


@QUIET
@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), max_size=12),
    st.integers(0, 500),
)
def test_binary_records_with_bytes_changed_anywhere_are_survived(
    changes: list[tuple[int, bytes]], cut: int
) -> None:
    content = bytearray(
        record(data("020", "a9789799731234 (jilid 1)"), data("880", "6245-01/$1", "a大地")) * 2 + record()
    )
    for place, new in changes:
        place %= len(content)
        content[place : place + len(new)] = new
    survives(bytes(content[: len(content) - cut]))


@QUIET
@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), max_size=8),
    st.integers(0, 300),
)
def test_xml_records_with_bytes_changed_anywhere_are_survived(
    changes: list[tuple[int, bytes]], cut: int
) -> None:
    content = bytearray(xml([xml_record(f"Judul é {n}", number=n) for n in range(4)]))
    for place, new in changes:
        place %= len(content)
        content[place : place + len(new)] = new
    survives(bytes(content[: len(content) - cut]))


FIELD_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x1d\x1e\x1f"), max_size=40)
TAGS = st.sampled_from(
    ["001", "008", "010", "020", "022", "024", "035", "041", "082", "100", "245", "246", "250", "260", "264", "300",
     "490", "505", "520", "650", "653", "700", "710", "852", "856", "866", "876", "880", "949", "952", "999", "200"]
)  # fmt: skip


@QUIET
@given(
    st.lists(st.tuples(TAGS, st.lists(st.tuples(st.sampled_from("abcdehilmnopqtuvyz0789"), FIELD_TEXT), max_size=6)),
             max_size=12)
)  # fmt: skip
def test_any_text_in_any_field_makes_a_draft(fields: list[tuple[str, list[tuple[str, str]]]]) -> None:
    raw = good(record())[0]
    raw.fields = [
        (tag, "".join(v for _, v in subs)) if tag < "010" else (tag, "1", "0", tuple(subs))
        for tag, subs in fields
    ]
    draft = to_draft(raw)
    assert type(draft).from_json(draft.as_json()) == draft
    assert draft.identifier
    assert draft.nonfiling == 0 or draft.nonfiling < len(draft.title)


SLOW_IF_SQUARED = [
    b"<!---->" * 700 + b"<x/>",
    b"<collection>" + b"<record " * 200_000,
    b"<collection>" + b"<record><!--" * 100_000,
    record()[:-1] * 4_000,  # no terminator anywhere
    *[
        record()[:-2] + (b"\x1f" + code + value) * 90_000 + b"\x1e\x1d"
        for code, value in ((b"a", b"2099 ("), (b"u", b"http://a"), (b"z", b"9 9-"))
    ],
]


@pytest.mark.parametrize("content", SLOW_IF_SQUARED, ids=range(len(SLOW_IF_SQUARED)))
def test_input_made_to_be_slow_is_not(content: bytes) -> None:
    start = time.process_time()
    survives(content)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "tag", ["020", "082", "245", "260", "505", "650", "700", "852", "856", "866", "876", "952", "041"]
)
def test_a_record_with_endless_repeats_is_drafted_in_time(tag: str) -> None:
    raw = good(record())[0]
    many = tuple((code, f"{code} 2099 (x{n}) [") for n in range(8_000) for code in "abcuqz8op")
    few: tuple[tuple[str, str], ...] = (("a", "9 2099"), ("8", "1"), ("p", "x"), ("o", "x"))
    raw.fields += [(tag, " ", " ", many)] + [(tag, " ", " ", (*few, ("p", str(n)))) for n in range(20_000)]
    start = time.process_time()
    to_draft(raw)
    assert time.process_time() - start < 3


def test_refused_streams_leave_nothing_behind() -> None:
    with pytest.raises(NotMarc):
        read(b"<html>")


@pytest.mark.parametrize("rest", [b"", b"[]}\n", b'{"columns": {"x": "title"}}}\n', b"[" * 100_000 + b"\n"])
def test_a_file_that_only_begins_like_a_mapped_table_is_refused(rest: bytes) -> None:
    with pytest.raises(NotMarc):
        list(read_records(io.BytesIO(b'{"table_of_books": ' + rest)))
