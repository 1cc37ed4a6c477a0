"""ISO 2709 (binary MARC): splitting a stream at record terminators and reading one record, tolerantly and fast.

Lengths in real files lie, so terminators lead and the directory is believed only where both agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from .encoding import decode_record
from .errors import BadRecord
from .records import MAX_RECORD, Field

BLOCK = 1 << 20
_JUNK = b"\r\n\0\x1a \t\xef\xbb\xbf"
_ENTRIES = re.compile(rb"(?:[0-9A-Za-z]{3}[0-9]{9})*")
_LEADER_START = re.compile(rb"[0-9]{5}[ -~]{7}[0-9]{5}[ -~]{3}[0-9A-Za-z ]{4}[0-9A-Za-z]{3}[0-9]{9}")
_PLAIN = re.compile(rb"[ -~]{1,200}")
_UNPRINTABLE = re.compile(r"[^ -~]")
_ODD_CODE = re.compile("\x1f[^\x21-\x7e]")


def split_stream(stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, record without terminator, problem code or "") and never holds more than a record and a block."""
    buffer, start = b"", 0  # `start`: offset of the buffer's first byte in the stream
    skipping = False
    while block := stream.read(BLOCK):
        *chunks, rest = (buffer + block).split(b"\x1d") if not skipping else block.split(b"\x1d")
        for chunk in chunks:
            if skipping:
                skipping = False
            else:
                yield from _clean(chunk, start)
            start += len(chunk) + 1
        buffer = rest
        if skipping or len(buffer) > MAX_RECORD:
            if not skipping:
                yield start, buffer[:BLOCK], "too_long"
            skipping = True
            start += len(buffer)
            buffer = b""
    if buffer.strip(_JUNK):
        yield from _last(buffer, start)


def _clean(chunk: bytes, start: int) -> Iterator[tuple[int, bytes, str]]:
    record = chunk.lstrip(_JUNK)
    offset = start + len(chunk) - len(record)
    if not record:
        return
    if len(record) > MAX_RECORD:
        yield offset, record, "too_long"
        return
    # A lost terminator joins two records: the leader's length then points at the next leader.
    begin = 0
    while record[begin : begin + 5].isdigit():
        end = begin + int(record[begin : begin + 5])
        cut = next((c for c in (end - 1, end) if c > begin + 24 and _LEADER_START.match(record, c)), 0)
        if not cut:
            break
        yield offset + begin, record[begin:cut], ""
        begin = cut
    yield offset + begin, record[begin:] if begin else record, ""


def _last(chunk: bytes, start: int) -> Iterator[tuple[int, bytes, str]]:
    """What stands after the last terminator: a whole record that only lost its terminator, or a cut one."""
    parts = list(_clean(chunk, start))
    for offset, record, problem in parts[:-1]:
        yield offset, record, problem
    offset, record, problem = parts[-1]
    trimmed = record.rstrip(b"\r\n\0\x1a")
    whole = trimmed.endswith(b"\x1e") and record[:5].isdigit() and len(trimmed) + 1 >= int(record[:5])
    yield offset, record, problem or ("" if whole else "truncated")


def parse_record(chunk: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """Leader, fields and warnings of one record without its terminator. Raises BadRecord."""
    if len(chunk) < 26:
        raise BadRecord("too_short")
    warnings: list[str] = []
    end = chunk.find(b"\x1e", 24)
    if end < 0:
        raise BadRecord("no_directory")
    directory, data = chunk[24:end], chunk[end + 1 :]
    leader = _UNPRINTABLE.sub(" ", chunk[:24].decode("latin-1"))
    text = decode_record(data, leader[9] == "a", fallback, warnings)
    values = text.split("\x1e")
    if values[-1] == "":
        values.pop()
    else:
        warnings.append("field_unterminated")
    tags = _sequential_tags(directory, data, len(values))
    if tags is None:
        tags, values = _repair(chunk, directory, data, values, leader[9] == "a", fallback, warnings)
    fields = _fields(tags, values, warnings)
    if not fields:
        raise BadRecord("no_fields")
    if _ODD_CODE.search(text):
        fields = _mend_codes(fields, warnings)
    return leader, fields, warnings


def control_number(chunk: bytes) -> str | None:
    """001 without reading the record; None where only `parse_record` can tell."""
    end = chunk.find(b"\x1e", 24)
    if chunk[24:27] != b"001" or chunk[31:36] != b"00000" or (end - 24) % 12:
        return None
    value = chunk[end + 1 : chunk.find(b"\x1e", end + 1)]
    return value.decode("ascii").strip() if _PLAIN.fullmatch(value) else None


def _sequential_tags(directory: bytes, data: bytes, count: int) -> list[str] | None:
    """The tags where the directory lists the fields in the order and at the places where they stand, else None."""
    if len(directory) != count * 12:
        return None
    position = 0
    try:
        for i in range(7, len(directory), 12):
            if int(directory[i : i + 5]) != position:
                return None
            position = data.find(b"\x1e", position) + 1
        names = directory.decode("ascii")
    except ValueError:
        return None
    return [names[i : i + 3] for i in range(0, len(names), 12)]


def _repair(
    chunk: bytes,
    directory: bytes,
    data: bytes,
    values: list[str],
    utf8: bool,
    fallback: str,
    warnings: list[str],
) -> tuple[list[str], list[str]]:
    """Another order is followed where each entry ends at a separator; else tags and values pair as they come."""
    placed = _by_directory(directory, data)
    if placed is not None:
        names = [tag for tag, _ in placed]
        return names, [decode_record(value, utf8, fallback, []) for _, value in placed]
    warnings.append("directory_repaired")
    match = _ENTRIES.match(directory)
    known = match.end() if match else 0
    if known and known < len(directory):
        # The directory lost its own terminator, so the first field was taken for its end.
        base = int(chunk[12:17]) if chunk[12:17].isdigit() else 0
        known = base - 24 if known < base - 24 < len(directory) and base - 24 <= known + 1 else known
        first = decode_record(directory[known:], utf8, fallback, [])
        if len(directory) % 12 or "\x1f" in first:
            directory, values = directory[: known - known % 12], [first, *values]
    tags = [directory[i : i + 3].decode("latin-1") for i in range(0, len(directory) - 2, 12)]
    if len(tags) != len(values):
        warnings.append("fields_lost")
    return tags, values


def _by_directory(directory: bytes, data: bytes) -> list[tuple[str, bytes]] | None:
    if not directory or len(directory) % 12 or not directory.isalnum() or not directory.isascii():
        return None
    found = []
    for i in range(0, len(directory), 12):
        try:
            length, start = int(directory[i + 3 : i + 7]), int(directory[i + 7 : i + 12])
        except ValueError:
            return None
        value = data[start : start + length]
        if not value.endswith(b"\x1e") or b"\x1e" in value[:-1]:
            return None
        found.append((directory[i : i + 3].decode("ascii"), value[:-1]))
    return found


def _fields(tags: list[str], values: list[str], warnings: list[str]) -> list[Field]:
    fields: list[Field] = []
    add = fields.append
    for tag, value in zip(tags, values, strict=False):
        if tag[:2] == "00":
            add((tag, value))
            continue
        head, *parts = value.split("\x1f")
        if not parts:
            if not tag.isdigit():
                add((tag, value))  # FMT, SYS and other control fields of single systems
            elif value.strip():
                _once("subfields_missing", warnings)
                marked = not value[:2].strip("0123456789 ")
                ones, text = (value[:2] + "  ", value[2:]) if marked else ("  ", value)
                add((tag, ones[0], ones[1], (("a", text),)))
            continue
        if len(head) == 2:
            add((tag, head[0], head[1], tuple([(part[0], part[1:]) for part in parts if part])))
        else:
            _once("indicators_repaired", warnings)
            head = (head + "  ")[:2]
            add((tag, head[0], head[1], tuple([(part[0], part[1:]) for part in parts if part])))
    return fields


def _mend_codes(fields: list[Field], warnings: list[str]) -> list[Field]:
    """A subfield code that is no ASCII character is its letter without the accent, or else part of the text before."""
    mended: list[Field] = []
    for field in fields:
        if len(field) == 2 or all("!" <= code <= "~" for code, _ in field[3]):
            mended.append(field)
            continue
        subfields: list[tuple[str, str]] = []
        for code, value in field[3]:
            if code == "\ufffd":
                code, value = _code_after_damage(value)
            plain = unicodedata.normalize("NFKD", code)[0]
            if "!" <= plain <= "~":
                subfields.append((plain, value))
            elif subfields:
                subfields[-1] = (subfields[-1][0], subfields[-1][1] + code + value)
            else:
                subfields.append(("a", code + value))
        mended.append((field[0], field[1], field[2], tuple(subfields)))
        _once("subfield_codes_repaired", warnings)
    return mended


def _code_after_damage(value: str) -> tuple[str, str]:
    """A damaged character behind the delimiter hides the code where a code and a capital or blank follow."""
    rest = value.lstrip("\ufffd")
    if rest[:1].isascii() and rest[:1].isalnum() and not rest[1:2].islower():
        return rest[0], rest[1:]
    return " ", rest


def _once(code: str, warnings: list[str]) -> None:
    if code not in warnings:
        warnings.append(code)
