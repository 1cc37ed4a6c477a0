"""MARC in JSON: the objects of a stream one by one, and an object as leader and fields. Called by the reader.

Three spellings are read: MARC-in-JSON ({"245": {"ind1", "subfields": [{"a": …}]}}), MARC-HASH (["245", "1", "0",
[["a", …]]]) and the one with "controlfield" and "datafield" lists.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from .encoding import maybe_twice, undo_double_encoding, undo_entities
from .errors import BadRecord
from .reasons import REASONS
from .records import MAX_XML_RECORD, Field

BLOCK = 1 << 20
MAX_JSON_RECORD = MAX_XML_RECORD  # JSON says the same in about as many bytes as XML
_BETWEEN = b" \t\r\n,[]\xef\xbb\xbf\x1e"  # \x1e: RFC 7464 puts one before each object
_PART = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*("?)|[{}]', re.S)
_NEXT = re.compile(rb'\{\s*"(?:leader|type)"')
_SIGNS = re.compile(rb'"leader"\s*:')
_FIELDS = re.compile(rb'"(?:fields|datafield|controlfield)"\s*:')


def looks_like(start: bytes) -> bool:
    """Whether JSON that starts so holds MARC records."""
    return bool(_SIGNS.search(start) and _FIELDS.search(start))


def split_stream(stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, one object, problem code or ""): of lines, of an array, or of objects one after another."""
    first = stream.read(BLOCK)
    if _one_a_line(first):
        return _lines(first, stream)
    return _objects(first, stream)


def _one_a_line(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    line, newline, rest = start.partition(b"\n")
    if not start.startswith(b"{") or (not newline and len(head) >= BLOCK):
        return False
    following = rest.lstrip()
    alone = line.rstrip().endswith(b"}") and b"}{" not in line
    return alone and (not following or following.startswith(b"{"))


def _lines(head: bytes, stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Each line is judged alone, so that a damaged one costs no other."""
    buffer, start = head, 0
    while True:
        done = 0
        while (end := buffer.find(b"\n", done)) >= 0:
            yield from _line(start + done, buffer[done:end])
            done = end + 1
        buffer, start = buffer[done:], start + done
        block = b"" if len(buffer) > MAX_JSON_RECORD else stream.read(BLOCK)
        if block:
            buffer += block
            continue
        if len(buffer) <= MAX_JSON_RECORD:
            yield from _line(start, buffer)
            return
        yield start, buffer[:BLOCK], "too_long"
        while buffer and b"\n" not in buffer:
            start += len(buffer)
            buffer = stream.read(BLOCK)
        if not buffer:
            return
        cut = buffer.find(b"\n") + 1
        buffer, start = buffer[cut:], start + cut


def _line(offset: int, line: bytes) -> Iterator[tuple[int, bytes, str]]:
    payload = line.strip(_BETWEEN)
    if payload:
        yield offset + line.find(payload[:1]), payload, ""


def _objects(buffer: bytes, stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Objects by their braces. One that never ends is given up, and the next record looked for."""
    start = scan = depth = 0
    opened = -1
    while True:
        for match in _PART.finditer(buffer, scan):
            sign = match.group()
            if sign == b"{":
                opened = opened if depth else match.start()
                depth += 1
            elif sign == b"}":
                depth = max(0, depth - 1)
                if not depth and opened >= 0:
                    yield start + opened, buffer[opened : match.end()], ""
                    opened = -1
            elif not match.group(1):
                break  # a text that goes on in the next block
            scan = match.end()
        block = stream.read(BLOCK) if opened < 0 or len(buffer) - opened <= MAX_JSON_RECORD else b""
        if not block:
            if opened < 0:
                return
            found = _NEXT.search(buffer, opened + 1)
            long = len(buffer) - opened > MAX_JSON_RECORD
            end = min(found.start() if found else len(buffer), opened + BLOCK)
            code = "json_malformed" if found else "too_long" if long else "truncated"
            yield start + opened, buffer[opened:end], code
            scan, opened, depth = found.start() if found else len(buffer), -1, 0
            if not found:
                start += max(0, len(buffer) - 64)
                start, buffer = _next_record(start, buffer[-64:], stream)
                scan = 0
        keep = opened if opened >= 0 else scan
        buffer, start, scan = buffer[keep:] + block, start + keep, scan - keep
        opened = 0 if opened >= 0 else -1


def _next_record(start: int, buffer: bytes, stream: BinaryIO) -> tuple[int, bytes]:
    """What follows from the next beginning of a record on, with its offset; nothing at the end of the stream."""
    while not (found := _NEXT.search(buffer)):
        block = stream.read(BLOCK)
        if not block:
            return start + len(buffer), b""
        start += max(0, len(buffer) - 64)
        buffer = buffer[-64:] + block
    return start + found.start(), buffer[found.start() :]


def parse_record(payload: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """Leader, fields and warnings of one object. Raises BadRecord."""
    warnings: list[str] = []
    found = _loaded(payload, fallback, warnings)
    if not isinstance(found, dict) or not (
        "fields" in found or "datafield" in found or "controlfield" in found
    ):
        raise BadRecord("json_not_marc", REASONS["json_not_marc"])
    fields = [field for field in _fields(found) if len(field) == 2 or field[3]]
    if not fields:
        raise BadRecord("no_fields")
    if not payload.isascii() or b"\\u" in payload or b"&" in payload:
        fields = _cleaned(fields, warnings)
    leader = str(found.get("leader") or "")
    if len(leader) != 24:
        warnings.append("leader_length")
        leader = (leader + " " * 24)[:24]
    return leader, fields, warnings


def _loaded(payload: bytes, fallback: str, warnings: list[str]) -> Any:
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        text = payload.decode(fallback, "replace")
        warnings.append("fallback_encoding")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise BadRecord("json_malformed", REASONS["json_malformed"]) from None


def _fields(found: dict[str, Any]) -> Iterator[Field]:
    for entry in _items(found.get("fields")):
        if isinstance(entry, dict):
            for tag, value in entry.items():
                yield from _named(tag, value)
        elif isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str):
            yield entry[0], _text(entry[1])
        elif isinstance(entry, list) and len(entry) == 4 and isinstance(entry[0], str):
            pairs = [pair for pair in _items(entry[3]) if isinstance(pair, list) and len(pair) == 2]
            yield entry[0], _indicator(entry[1]), _indicator(entry[2]), _pairs(pairs)
    for entry in _items(found.get("controlfield")):
        if isinstance(entry, dict):
            yield _text(entry.get("tag")), _text(entry.get("data"))
    for entry in _items(found.get("datafield")):
        if isinstance(entry, dict):
            both = (_text(entry.get("ind")) or _text(entry.get("ind1"))[:1] + _text(entry.get("ind2"))) + "  "
            parts = [part for part in _items(entry.get("subfield")) if isinstance(part, dict)]
            pairs = [[part.get("code"), part.get("data")] for part in parts]
            yield _text(entry.get("tag")), both[0], both[1], _pairs(pairs)


def _named(tag: str, value: Any) -> Iterator[Field]:
    if isinstance(value, dict):
        parts = [part for part in _items(value.get("subfields")) if isinstance(part, dict)]
        pairs = [list(pair) for part in parts for pair in part.items()]
        yield tag, _indicator(value.get("ind1")), _indicator(value.get("ind2")), _pairs(pairs)
    elif isinstance(value, (str, int)):
        yield tag, str(value)


def _items(value: Any) -> list[Any]:
    """A list; one thing that should have been a list of one; nothing."""
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _pairs(pairs: Iterable[list[Any]]) -> tuple[tuple[str, str], ...]:
    return tuple([(_text(code) or "a", _text(value)) for code, value in pairs if value is not None])


def _indicator(value: Any) -> str:
    return _text(value)[:1] or " "


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _cleaned(fields: list[Field], warnings: list[str]) -> list[Field]:
    """NFC, lone surrogates out, double encoding and HTML entities undone."""
    found: list[str] = []

    def clean(value: str) -> str:
        if "&" in value:
            value = undo_entities(value, warnings)
        if value.isascii():
            return value
        data = value.encode("utf-8", "replace")
        value = undo_double_encoding(data.decode(), found) if maybe_twice(data) else data.decode()
        return unicodedata.normalize("NFC", value)

    cleaned: list[Field] = []
    for field in fields:
        if len(field) == 2:
            cleaned.append((field[0], clean(field[1])))
        else:
            cleaned.append((field[0], field[1], field[2], tuple([(c, clean(v)) for c, v in field[3]])))
    warnings.extend(found[:1])
    return cleaned
