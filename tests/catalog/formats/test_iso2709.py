"""Binary MARC: what is read, what is repaired, what is rejected alone."""

from __future__ import annotations

import io

import pytest

from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import MAX_RECORD, RawRecord, Rejected

from .build import bad, data, good, read, record, values


def test_records_carry_their_position_offset_and_bytes() -> None:
    first, second = record(), record(data("250", "aCet. 2"))
    found = good(first + b"\r\n" + second)
    assert [(r.position, r.offset) for r in found] == [(1, 0), (2, len(first) + 2)]
    assert found[1].payload == second[:-1]
    assert found[1].format == "iso2709"
    assert found[1].fields[-1] == ("250", " ", " ", (("a", "Cet. 2"),))
    assert found[1].warnings == []


def test_a_stored_payload_reads_the_same_again() -> None:
    raw = good(record(data("250", "aÉdition")))[0]
    again = parse_payload(raw.payload, raw.format)
    assert (again.leader, again.fields) == (raw.leader, raw.fields)


@pytest.mark.parametrize("junk", [b"\r\n", b"\n\n", b"\x00\x00", b"\x1a", b" \r\n"])
def test_junk_between_records_is_skipped(junk: bytes) -> None:
    assert len(good(record() + junk + record() + junk)) == 2


def test_a_byte_order_mark_before_the_first_record_is_skipped() -> None:
    assert len(good(b"\xef\xbb\xbf" + record())) == 1


def test_a_wrong_record_length_does_not_matter() -> None:
    wrong = b"00099" + record()[5:]
    assert good(wrong * 3)[2].warnings == []


def test_a_broken_record_is_rejected_alone_and_the_rest_lands() -> None:
    found = read(record() + b"00030nam  nonsense without fields\x1d" + record())
    assert [type(r) for r in found] == [RawRecord, Rejected, RawRecord]
    refusal = found[1]
    assert isinstance(refusal, Rejected)
    assert (refusal.position, refusal.offset, refusal.reason_code) == (2, len(record()), "no_directory")
    assert refusal.snippet.startswith(b"00030nam")


def test_a_truncated_last_record_is_rejected_with_its_reason() -> None:
    found = read(record() + record()[:-20])
    assert [getattr(r, "reason_code", "") for r in found] == ["", "truncated"]


def test_a_last_record_that_only_lost_its_terminator_is_kept() -> None:
    assert len(good(record() + record()[:-1])) == 2


def test_two_records_joined_by_a_lost_terminator_are_taken_apart() -> None:
    assert len(good(record()[:-1] + record())) == 2


def test_false_lengths_in_the_directory_are_repaired_and_said() -> None:
    content = record(data("250", "aCet. 5"))
    place = content.index(b"250") + 3
    raw = good(content[:place] + b"999900001" + content[place + 9 :])[0]
    assert values(raw, "250") == ["Cet. 5"]
    assert values(raw, "245")[0] == "Bumi manusia /"
    assert raw.warnings == ["directory_repaired"]


def test_a_directory_in_another_order_than_the_fields_is_followed() -> None:
    content = record(data("250", "aCet. 5"))
    directory = content[24 : content.index(b"\x1e")]
    entries = [directory[i : i + 12] for i in range(0, len(directory), 12)]
    turned = content.replace(directory, b"".join(reversed(entries)))
    raw = good(turned)[0]
    assert values(raw, "250") == ["Cet. 5"]
    assert values(raw, "001") == ["r1"]
    assert raw.warnings == []


def test_missing_indicators_are_filled_with_blanks() -> None:
    content = record(data("250", "aCet. 5")).replace(b"  \x1faCet. 5", b"\x1faCet. 5")
    raw = good(content)[0]
    assert raw.fields[-1] == ("250", " ", " ", (("a", "Cet. 5"),))
    assert "indicators_repaired" in raw.warnings


def test_a_control_character_becomes_a_blank_and_keeps_fixed_fields_in_place() -> None:
    raw = good(record(("009", "ab\x01cd")))[0]
    assert values(raw, "009") == ["ab cd"]
    assert raw.warnings == ["control_characters"]


def test_a_subfield_code_hit_by_a_foreign_character_joins_the_text_before_it() -> None:
    raw = good(record(data("500", "aPanjang", "∞tak terhingga")))[0]
    assert values(raw, "500") == ["Panjang∞tak terhingga"]
    assert raw.warnings == ["subfield_codes_repaired"]


def test_a_record_over_a_megabyte_is_rejected_and_the_next_is_read() -> None:
    long = record()[:-1] + b"x" * (MAX_RECORD + 3_000_000) + b"\x1d"
    found = read(record() + long + record())
    assert [getattr(r, "reason_code", "ok") for r in found] == ["ok", "too_long", "ok"]
    assert found[2].offset == len(record()) + len(long)  # type: ignore[union-attr]


def test_blocks_cut_records_anywhere_without_loss() -> None:
    content = record(data("500", "aé" + "x" * 900)) * 3000

    class Dribble(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 65_537) if size and size > 0 else 65_537)

    found = list(read_records(Dribble(content)))
    assert len(found) == 3000
    assert all(isinstance(r, RawRecord) and not r.warnings for r in found)


def test_records_come_while_the_stream_is_still_being_read() -> None:
    stream = io.BytesIO(record() * 40_000)
    next(iter(read_records(stream)))
    assert stream.tell() < 3_000_000


@pytest.mark.parametrize("size", [0, 5, 23, 25])
def test_a_chunk_too_short_for_a_record_is_rejected(size: int) -> None:
    codes = [r.reason_code for r in bad(record() + b"0" * size + b"\x1d" + record())]
    assert codes == ([] if size == 0 else ["too_short"])
