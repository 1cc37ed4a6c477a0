"""What both baselines need of a MARC record: its fields by tag, its subfields by code, folded text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from catalog.formats.records import RawRecord, Subfields

_SIGNS = re.compile(r"[^\w\s]|_")


def control(record: RawRecord, tag: str) -> str:
    return next((field[1] for field in record.fields if len(field) == 2 and field[0] == tag), "")


def fields(record: RawRecord, *tags: str) -> Iterator[Subfields]:
    """The subfields of these fields, in the order of the tags."""
    for tag in tags:
        for field in record.fields:
            if len(field) == 4 and field[0] == tag:
                yield field[3]


def values(record: RawRecord, tag: str, codes: str) -> list[str]:
    return [value for field in fields(record, tag) for code, value in field if code in codes]


def first(record: RawRecord, tag: str, code: str) -> str:
    return next(iter(values(record, tag, code)), "")


def without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def key(text: str) -> str:
    """Small letters and digits only: no accents, no signs, no blanks."""
    return "".join(_SIGNS.sub("", without_accents(text).lower()).split())
