"""MARC fields made ready for another library: without what only the sender's system knows, valid in both encodings.

Called by catalog/downloads. Standards: ISO 2709 as in MARC 21's specifications for exchange; MARC21slim.xsd.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .records import DataField, Field, Subfields
from .write import to_iso2709

MOST_FIELD = 9_000  # bytes of a field; the directory has four digits for it
# Numbers, dates and holdings of the system that the record comes from; 59X, 69X and 9XX are for local use.
LOCAL = re.compile(
    r"00[1-5]|0[4-9]9|09[1-9]|59\d|69[1-9]|8(?:4[1-5]|5[2-5]|6\d|7[6-8])|9\d\d|[^0-9]..|.[^0-9].|..[^0-9]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
_TAG = re.compile(r"\d{3}$")
_SYSTEM_CODES = "9"  # $9 holds Koha's own number of an authority record


class TooLong(ValueError):
    """The record does not fit ISO 2709, whose lengths have five digits."""


def portable(fields: Iterable[Field]) -> list[Field]:
    """In order of their tags; control signs, empty subfields and fields that are local or no MARC are left out."""
    kept: list[Field] = []
    for field in fields:
        if (
            not _TAG.match(field[0])
            or LOCAL.match(field[0])
            or (len(field) == 2) != field[0].startswith("00")
        ):
            continue
        if len(field) == 2:
            kept.append((field[0], _CONTROL.sub(" ", field[1])))
        elif values := _subfields(field[3]):
            kept.append((field[0], _indicator(field[1]), _indicator(field[2]), values))
    return sorted(kept, key=lambda field: field[0])


def _subfields(subfields: Subfields) -> Subfields:
    return tuple(
        (code.lower(), text)
        for code, value in subfields
        if len(code) == 1 and code.isascii() and code.isalnum() and code not in _SYSTEM_CODES
        if (text := _CONTROL.sub(" ", value).strip())
    )


def _indicator(sign: str) -> str:
    return sign if len(sign) == 1 and (sign.isascii() and (sign.isdigit() or sign.islower())) else " "


def leader_of(leader: str) -> str:
    """A new record's leader of the same kind of thing, in UTF-8; the lengths are the writer's."""
    padded = leader.ljust(24)
    kind = padded[6] if padded[6] in "acdefgijkmoprt" else "a"
    level = padded[7] if padded[7] in "abcdims" else "m"
    depth = padded[17] if padded[17] in " 12345678uz" else " "
    rules = padded[18] if padded[18] in " aciu" else " "
    return f"00000n{kind}{level} a2200000{depth}{rules} 4500"


def iso2709(fields: Iterable[Field], leader: str) -> bytes:
    """One record. A long note becomes several; raises TooLong where that is of no help."""
    try:
        return to_iso2709([piece for field in fields for piece in _pieces(field)], leader)
    except ValueError as error:
        raise TooLong(str(error)) from error


def shortened(fields: list[Field], leader: str) -> bytes:
    """As `iso2709`, leaving the longest notes out until the rest fits. Raises TooLong where even that is too much."""
    kept, left_out = list(fields), 0
    while True:
        try:
            return iso2709([*kept, *_said(left_out)], leader)
        except TooLong:
            notes = [field for field in kept if len(field) == 4 and field[0][0] in "56"]
            if not notes:
                raise
            kept.remove(max(notes, key=_size))
            left_out += 1


def _said(left_out: int) -> list[Field]:
    """The sentence that says so, in the record itself."""
    if not left_out:
        return []
    return [("588", " ", " ", (("a", f"Shortened to fit ISO 2709: {left_out} notes or subjects left out."),))]


def _size(field: Field) -> int:
    return sum(len(value.encode()) + 2 for _, value in field[3]) if len(field) == 4 else len(field[1])


def _pieces(field: Field) -> Iterator[Field]:
    if len(field) == 2 or field[0][0] != "5" or _size(field) <= MOST_FIELD:
        yield field
        return
    tag, first, second, subfields = field
    for code, value in subfields:
        for text in _cut(value):
            piece: DataField = (tag, first, second, ((code, text),))
            yield piece


def _cut(text: str) -> Iterator[str]:
    """Pieces of at most MOST_FIELD bytes, cut at blanks where there are any."""
    while len(text.encode()) > MOST_FIELD:
        end = MOST_FIELD // 4 if not text.isascii() else MOST_FIELD
        blank = text.rfind(" ", 1, end)
        end = blank if blank > 0 else end
        yield text[:end]
        text = text[end:].lstrip()
    yield text
