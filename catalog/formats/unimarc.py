"""UNIMARC to `BibDraft`, the fields a union catalogue needs. Called by marc21 for records with 200 and no 245."""

from __future__ import annotations

import re

from . import identifiers, unimarc_holdings
from .draft import BibDraft, Identifier
from .languages import language_codes
from .links import add_links
from .names import contributor
from .records import DataField, Subfields
from .text import named, trim, trim_stop, without_marks, year_of

_BY_TYPE = {"b": "manuscript", "c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "audio",
            "j": "audio", "k": "image", "l": "computer", "m": "kit", "r": "object"}  # fmt: skip
_BY_LEVEL = {"s": "serial", "i": "serial", "a": "article"}
_BY_FORM = {
    "d": "large_print",
    "f": "braille",
    "s": "electronic",
    "t": "microform",
    "g": "microform",
}  # 106$a
_VARIANTS = (
    "500",
    "501",
    "503",
    "510",
    "512",
    "513",
    "514",
    "515",
    "516",
    "517",
    "518",
    "530",
    "532",
    "540",
    "541",
)
_NONSORT = re.compile("[\x88\x98](.*?)[\x89\x9c]")
_NAMES = (("700", "100"), ("701", "700"), ("702", "700"), ("710", "110"), ("711", "710"), ("712", "710"))
Fields = dict[str, list[DataField]]


def fill(draft: BibDraft, leader: str, control: dict[str, str], by_tag: Fields) -> None:
    """Fills what the record says; identifier and type are set by the caller, and holdings in MARC 21's fields."""
    _title(draft, by_tag["200"][0][3])
    _variants(draft, by_tag)
    _names(draft, by_tag)
    produced = by_tag.get("214", [])
    first = [field for field in produced if field[2] in "0 "]
    for field in by_tag.get("210", []) + first + [field for field in produced if field[2] not in "0 "]:
        for code, value in field[3]:
            if code == "a":
                draft.place = draft.place or trim_stop(named(value))
            elif code == "c":
                draft.publisher = draft.publisher or trim_stop(named(value))
            elif code == "d":
                draft.year_text = draft.year_text or trim_stop(value)
                draft.year = draft.year or year_of(value)
    coded = _first(by_tag, "100", "a")
    if draft.year is None and len(coded) >= 13:
        draft.year = year_of(coded[9:13])
        draft.year_text = draft.year_text or (str(draft.year) if draft.year else "")
    for field in by_tag.get("101", ()):
        draft.languages += [c for code, value in field[3] if code == "a" for c in language_codes(value)]
    draft.languages = list(dict.fromkeys(draft.languages))
    draft.language = draft.languages[0] if draft.languages else ""
    draft.edition_statement = trim(_first(by_tag, "205", "a"))
    draft.extent = trim(_first(by_tag, "215", "a"))
    draft.summary = _first(by_tag, "330", "a").strip()
    draft.contents = " ; ".join(
        [v.strip() for f in by_tag.get("327", ()) for code, v in f[3] if code in "ab"]
    )
    _kind(draft, leader, by_tag)
    _numbers(draft, by_tag)
    _lists(draft, by_tag)
    draft.holdings = draft.holdings or unimarc_holdings.holdings_of(by_tag)


def _kind(draft: BibDraft, leader: str, by_tag: Fields) -> None:
    """Leader/06 and 07, theses by 328 or 105$a/4-7, and the carrier by 106$a or the field for electronic resources."""
    draft.format = _BY_TYPE.get(leader[6]) or _BY_LEVEL.get(leader[7], "book")
    if draft.format == "book" and ("328" in by_tag or "m" in _first(by_tag, "105", "a")[4:8]):
        draft.format = "thesis"
    draft.carrier = {"l": "electronic", "i": "audio", "j": "audio", "g": "other", "r": "other"}.get(
        leader[6], "print"
    )
    if draft.carrier == "print":
        draft.carrier = _BY_FORM.get(
            _first(by_tag, "106", "a")[:1], "electronic" if "230" in by_tag else "print"
        )


def _title(draft: BibDraft, subfields: Subfields) -> None:
    values: dict[str, list[str]] = {}
    for code, value in subfields:
        values.setdefault(code, []).append(trim_stop(without_marks(value)))
    draft.title = values.get("a", [""])[0]
    whole = next((value for code, value in subfields if code == "a"), "")
    if (marked := _NONSORT.match(whole.lstrip())) and len(marked.group(1)) < len(draft.title):
        draft.nonfiling = len(marked.group(1))
    draft.subtitle = " : ".join(values.get("e", ()))
    draft.part_number = ", ".join(values.get("h", ()))
    draft.part_name = ". ".join(values.get("i", ()))
    draft.responsibility = " ; ".join([*values.get("f", ()), *values.get("g", ())])
    draft.variant_titles = [title for title in [*values.get("a", ())[1:], *values.get("d", ())] if title]


def _variants(draft: BibDraft, by_tag: Fields) -> None:
    """Titles by which the work is also known; a second 200 is the first one in another script."""
    found = [_joined(field, "aehi") for tag in _VARIANTS for field in by_tag.get(tag, ())]
    draft.uniform_title = next((_joined(field, "ahi") for field in by_tag.get("500", ())), "")
    again = [_joined(field, "aehi") for field in by_tag["200"][1:]]
    draft.original_script = [text for text in again if not text.isascii()]
    titles = [*draft.variant_titles, *found, *again]
    draft.variant_titles = [title for title in dict.fromkeys(titles) if title and title != draft.title]


def _joined(field: DataField, codes: str) -> str:
    return trim_stop(without_marks(" ".join([value.strip() for code, value in field[3] if code in codes])))


def _names(draft: BibDraft, by_tag: Fields) -> None:
    """$a is the family name, $b the rest of it: "Toer" + "Pramoedya Ananta"."""
    seen: set[str] = set()
    for tag, marc21_tag in _NAMES:
        for field in by_tag.get(tag, ()):
            values = dict(reversed(field[3]))
            name = trim(values.get("a", ""))
            if marc21_tag[1:] == "00" and values.get("b", "").strip():
                name = f"{name}, {trim(values['b'])}"
            elif marc21_tag[1:] == "10":
                name = ". ".join(
                    [name, *[trim(value) for code, value in field[3] if code == "b" and value.strip()]]
                )
            if marc21_tag[1:] == "00" and values.get("d", "").strip():
                name = f"{name} {trim(values['d'])}"
            subfields = [("a", name), ("d", values.get("f", "").strip("()")), ("4", values.get("4", ""))]
            if tag == "702" and "4" not in values:
                subfields[2] = ("4", "oth")
            person = contributor(marc21_tag, field[1], tuple(s for s in subfields if s[1]))
            if person and person.name not in seen:
                seen.add(person.name)
                draft.contributors.append(person)


def _numbers(draft: BibDraft, by_tag: Fields) -> None:
    for field in by_tag.get("010", ()):
        values = dict(reversed(field[3]))
        for code, value in field[3]:
            if code in "az":
                draft.identifiers += identifiers.isbns_of(
                    value, values.get("b", "").strip(" ()"), cancelled=code == "z"
                )
    for field in by_tag.get("011", ()):
        for code, value in field[3]:
            if code in "ayz":
                draft.identifiers += identifiers.issns_of(value, cancelled=code != "a")

    known = {number.value for number in draft.identifiers}
    for field in by_tag.get("073", ()):
        eans = [i for code, value in field[3] if code == "a" for i in identifiers.isbns_of(value)]
        draft.identifiers += [number for number in eans if number.valid and number.value not in known]
    for field in by_tag.get("013", ()):
        draft.identifiers += [
            i for code, value in field[3] if code == "a" for i in identifiers.ismns_of(value)
        ]
    for field in by_tag.get("017", ()):
        values = dict(reversed(field[3]))
        draft.identifiers += identifiers.other_standard(values.get("a", ""), "7", values.get("2", "").lower())
    for field in by_tag.get("035", ()):
        draft.identifiers += [
            i for code, value in field[3] if code == "a" for i in identifiers.system_number(value)
        ]
    unique: dict[tuple[str, str, bool], Identifier] = {}
    for number in draft.identifiers:
        unique.setdefault((number.scheme, number.value, number.cancelled), number)
    draft.identifiers = list(unique.values())


def _lists(draft: BibDraft, by_tag: Fields) -> None:
    for tag in ("600", "601", "602", "605", "606", "607", "608", "610"):
        for field in by_tag.get(tag, ()):
            parts = [
                (code, trim_stop(without_marks(value))) for code, value in field[3] if code in "abcdfjtxyz"
            ]
            if tag == "610":  # words, each for itself
                draft.subjects += [part for code, part in parts if part]
                continue
            name = ", ".join([part for code, part in parts if part and code in "abcdf"])
            divisions = [part for code, part in parts if part and code not in "abcdf"]
            if text := " -- ".join([part for part in (name, *divisions) if part]):
                draft.subjects.append(text)
    draft.subjects = list(dict.fromkeys(draft.subjects))
    for tag in ("675", "676", "680", "681", "686"):
        numbers = [trim(v) for f in by_tag.get(tag, ()) for code, v in f[3] if code == "a"]
        draft.classification += [number for number in numbers if any(letter.isdigit() for letter in number)]
    for field in by_tag.get("225") or by_tag.get("410") or []:
        values = dict(reversed(field[3]))
        name = trim_stop(
            without_marks(values.get("t") or values.get("a", ""))
            if field[0] == "410"
            else values.get("a", "")
        )
        volume = trim_stop(values.get("v", ""))
        if name:
            draft.series.append(f"{name} ; {volume}" if volume else name)
    for tag, fields in by_tag.items():
        if tag[:1] == "3" and tag not in ("327", "330"):
            draft.notes += [value.strip() for field in fields for code, value in field[3] if code == "a"]
    add_links(draft, by_tag.get("856", ()), texts="2z")


def _first(by_tag: Fields, tag: str, wanted: str) -> str:
    for field in by_tag.get(tag, ()):
        for code, value in field[3]:
            if code == wanted:
                return value
    return ""
