"""UNIMARC to `BibDraft`, the fields a union catalogue needs. Called by marc21 for records with 200 and no 245."""

from __future__ import annotations

from . import identifiers
from .draft import BibDraft
from .languages import language_codes
from .names import contributor
from .records import DataField, Subfields
from .text import named, trim, trim_stop, without_marks, year_of

_BY_TYPE = {"b": "manuscript", "c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "audio",
            "j": "audio", "k": "image", "l": "computer", "m": "kit", "r": "object"}  # fmt: skip
_BY_LEVEL = {"s": "serial", "i": "serial", "a": "article"}
_NAMES = (("700", "100"), ("701", "700"), ("702", "700"), ("710", "110"), ("711", "710"), ("712", "710"))
Fields = dict[str, list[DataField]]


def fill(draft: BibDraft, leader: str, control: dict[str, str], by_tag: Fields) -> None:
    """Fills what the record says; identifier, type and holdings are set by the caller."""
    _title(draft, by_tag["200"][0][3])
    _names(draft, by_tag)
    for field in by_tag.get("210", []) + by_tag.get("214", []):
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
    for field in by_tag.get("101", ()):
        draft.languages += [c for code, value in field[3] if code == "a" for c in language_codes(value)]
    draft.language = draft.languages[0] if draft.languages else ""
    draft.edition_statement = trim(_first(by_tag, "205", "a"))
    draft.extent = trim(_first(by_tag, "215", "a"))
    draft.summary = _first(by_tag, "330", "a").strip()
    draft.contents = _first(by_tag, "327", "a").strip()
    draft.format = _BY_TYPE.get(leader[6]) or _BY_LEVEL.get(leader[7], "book")
    draft.format = "thesis" if "328" in by_tag and draft.format == "book" else draft.format
    draft.carrier = {"l": "electronic", "i": "audio", "j": "audio"}.get(leader[6], "print")
    _numbers(draft, by_tag)
    _lists(draft, by_tag)


def _title(draft: BibDraft, subfields: Subfields) -> None:
    values: dict[str, list[str]] = {}
    for code, value in subfields:
        values.setdefault(code, []).append(trim_stop(without_marks(value)))
    draft.title = values.get("a", [""])[0]
    draft.subtitle = " : ".join(values.get("e", ()))
    draft.part_number = ", ".join(values.get("h", ()))
    draft.part_name = ". ".join(values.get("i", ()))
    draft.responsibility = " ; ".join([*values.get("f", ()), *values.get("g", ())])
    draft.variant_titles = [title for title in [*values.get("a", ())[1:], *values.get("d", ())] if title]


def _names(draft: BibDraft, by_tag: Fields) -> None:
    """$a is the family name, $b the rest of it: "Toer" + "Pramoedya Ananta"."""
    seen: set[str] = set()
    for tag, marc21_tag in _NAMES:
        for field in by_tag.get(tag, ()):
            values = dict(reversed(field[3]))
            name = trim(values.get("a", ""))
            if marc21_tag[1:] == "00" and values.get("b", "").strip():
                name = f"{name}, {trim(values['b'])}"
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


def _lists(draft: BibDraft, by_tag: Fields) -> None:
    for tag in ("600", "601", "602", "605", "606", "607", "608", "610"):
        for field in by_tag.get(tag, ()):
            parts = [trim_stop(value) for code, value in field[3] if code in "abcdfjtxyz"]
            text = " -- ".join([part for part in parts if part])
            if text:
                draft.subjects.append(text)
    draft.subjects = list(dict.fromkeys(draft.subjects))
    for tag in ("675", "676", "686"):
        draft.classification += [trim(v) for f in by_tag.get(tag, ()) for code, v in f[3] if code == "a"]
    for field in by_tag.get("225", ()):
        values = dict(reversed(field[3]))
        name, volume = trim_stop(values.get("a", "")), trim_stop(values.get("v", ""))
        if name:
            draft.series.append(f"{name} ; {volume}" if volume else name)
    for tag, fields in by_tag.items():
        if tag[:1] == "3" and tag not in ("327", "330"):
            draft.notes += [value.strip() for field in fields for code, value in field[3] if code == "a"]
    draft.links = [v.strip() for f in by_tag.get("856", ()) for code, v in f[3] if code == "u" and "://" in v]


def _first(by_tag: Fields, tag: str, wanted: str) -> str:
    for field in by_tag.get(tag, ()):
        for code, value in field[3]:
            if code == wanted:
                return value
    return ""
