"""Small records written out by the tests themselves, so that each shows what it is about."""

from __future__ import annotations

import io
from collections.abc import Iterable

from catalog.formats.draft import BibDraft
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import read_records
from catalog.formats.records import Field, RawRecord, Rejected
from catalog.formats.write import LEADER, to_iso2709

TITLE = ("245", "1", "0", (("a", "Bumi manusia /"), ("c", "Pramoedya Ananta Toer.")))
FIXED = "240101s1980    io a          000 1 ind d"


def data(tag: str, *subfields: str, ind: str = "  ") -> Field:
    """`data("250", "aCet. 5")`: each value begins with its subfield code."""
    return (tag, ind[0], ind[1], tuple((text[0], text[1:]) for text in subfields))


def record(*fields: Field, leader: str = LEADER, title: Field | None = TITLE) -> bytes:
    start: list[Field] = [("001", "r1"), ("008", FIXED)]
    return to_iso2709([*start, *([title] if title else []), *fields], leader)


def read(content: bytes, fallback: str = "cp1252") -> list[RawRecord | Rejected]:
    return list(read_records(io.BytesIO(content), fallback_encoding=fallback))


def good(content: bytes, fallback: str = "cp1252") -> list[RawRecord]:
    return [r for r in read(content, fallback) if isinstance(r, RawRecord)]


def bad(content: bytes) -> list[Rejected]:
    return [r for r in read(content) if isinstance(r, Rejected)]


def draft(*fields: Field, leader: str = LEADER, title: Field | None = TITLE) -> BibDraft:
    return to_draft(good(record(*fields, leader=leader, title=title))[0])


def values(raw: RawRecord, tag: str) -> list[str]:
    """The subfield values, or the data, of all fields with a tag."""
    found: list[str] = []
    for field in raw.fields:
        if field[0] == tag:
            found += [field[1]] if len(field) == 2 else [value for _, value in field[3]]
    return found


def xml(
    records: Iterable[str], *, head: str = '<?xml version="1.0" encoding="UTF-8"?>', prefix: str = ""
) -> bytes:
    name = f"{prefix}:collection" if prefix else "collection"
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    inside = "\n".join(records)
    return f'{head}<{name} {space}="http://www.loc.gov/MARC21/slim">{inside}</{name}>'.encode()


def xml_record(title: str, prefix: str = "", number: int = 1) -> str:
    p = f"{prefix}:" if prefix else ""
    return (
        f"<{p}record><{p}leader>00000nam a2200000 i 4500</{p}leader>"
        f'<{p}controlfield tag="001">x{number}</{p}controlfield>'
        f'<{p}datafield tag="245" ind1="1" ind2="0"><{p}subfield code="a">{title}</{p}subfield></{p}datafield>'
        f"</{p}record>"
    )
