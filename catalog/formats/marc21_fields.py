"""The fields of a MARC 21 bibliographic record into a draft. Called by marc21.to_draft.

Standard: MARC 21 Format for Bibliographic Data; tags and subfields are named as there.
"""

from __future__ import annotations

import re

from . import identifiers
from .draft import BibDraft, Contributor, Identifier
from .languages import language_code, language_codes
from .links import add_links
from .material import carrier_of, format_of
from .names import contributor
from .records import DataField, Subfields
from .text import named, trim, trim_stop, unbracket, without_marks, year_of

Fields = dict[str, list[DataField]]
_GMD = re.compile(
    r"\s*\[(?:text|teks|electronic|elektroni|sound|rekaman|video|computer|microf|mikrof|kit|map|peta|music|slide|"
    r"braille|large print|graphic|gambar|manuscript|sumber|game|picture|film|article|artikel|buku|book|cd|dvd)[^\]]*\]",
    re.I,
)
_NAMES = ("100", "110", "111", "700", "710", "711", "720")
_SUBJECTS = ("600", "610", "611", "630", "647", "648", "650", "651", "653", "654", "655", "689", "690", "691")
_NOT_NOTES = {"505", "520", "541", "561", "562", "563", "583", "506", "540", "542", "584"}
_CLASSES = ("080", "082", "083", "084", "090", "092")
_YEARS = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_CLASS_WORD = re.compile(r"\d[\dXx]?[\d.]|^\d{3}$|^[A-Z]{1,3}\d")


def fill(draft: BibDraft, leader: str, control: dict[str, str], by_tag: Fields) -> None:
    """Fills what the record says; identifier, type and holdings are set by the caller."""
    fixed = control.get("008", "")
    _title(draft, by_tag)
    _variants(draft, by_tag)
    _contributors(draft, by_tag)
    _imprint(draft, fixed, by_tag)
    _languages(draft, fixed, by_tag)
    draft.format = format_of(leader, fixed, by_tag)
    if draft.year is not None:
        draft.other_years = _other_years(draft, fixed)
    draft.carrier = carrier_of(leader, control.get("007", ""), fixed, by_tag)
    draft.identifiers = _identifiers(control, by_tag)
    _series(draft, by_tag)
    _subjects(draft, by_tag)
    _notes(draft, by_tag)
    add_links(draft, by_tag.get("856", ()), texts="y3z")


def _title(draft: BibDraft, by_tag: Fields) -> None:
    fields = by_tag.get("245") or _linked(by_tag, "245")
    if not fields:
        return
    field = fields[0]
    title = ""
    parts: dict[str, list[str]] = {}
    for code, value in field[3]:
        if code == "a" and not title:
            title = trim(without_marks(value))
        elif code != "6" and code != "h":
            parts.setdefault(code, []).append(value)
    if "[" in title:
        title = trim(_GMD.sub("", title)) or title
    rest = parts.get("b", [])
    draft.responsibility = trim_stop(" ; ".join(parts["c"])) if "c" in parts else ""
    if not rest and "c" not in parts:
        title, rest = _run_together(draft, title)
    draft.subtitle = trim_stop(without_marks(" : ".join([trim(value) for value in rest])))
    draft.part_number = ", ".join([trim_stop(value) for value in parts.get("n", ())])
    draft.part_name = ". ".join([trim_stop(value) for value in parts.get("p", ())])
    if not title:
        # Some records have only a kind of work ("Letters") or a part's name here.
        title = trim("".join(parts.get("k", [])[:1])) or draft.part_name or draft.subtitle
    draft.title = trim_stop(title)
    second = field[2]
    draft.nonfiling = int(second) if second.isdigit() and int(second) < len(draft.title) else 0
    for extra in fields[1:]:
        draft.variant_titles.append(_joined(extra[3], "abnp"))


def _run_together(draft: BibDraft, title: str) -> tuple[str, list[str]]:
    """A whole title area in one subfield ("Judul : anak judul / pengarang") is taken apart at its ISBD marks."""
    title, slash, responsibility = title.partition(" / ")
    if slash:
        draft.responsibility = trim_stop(responsibility)
    title, colon, rest = title.partition(" : ")
    return trim(title), [rest] if colon else []


def _linked(by_tag: Fields, tag: str) -> list[DataField]:
    """The 880 fields that stand for a tag, by their $6."""
    return [f for f in by_tag.get("880", ()) if any(c == "6" and v.startswith(tag) for c, v in f[3][:2])]


def _variants(draft: BibDraft, by_tag: Fields) -> None:
    found = draft.variant_titles
    for tag in ("130", "240", "246", "247", "740", "730"):
        for field in by_tag.get(tag, ()):
            title = _joined(field[3], "anp" if tag in ("130", "240", "730") else "abnp")
            found.append(title)
            if tag in ("130", "240"):
                draft.uniform_title = draft.uniform_title or title
    if not draft.uniform_title:  # else what a translation says of its original
        draft.uniform_title = next((_joined(f[3], "t") for f in by_tag.get("765", ())), "")
    for field in by_tag.get("880", ()):
        link = next((value for code, value in field[3] if code == "6"), "")
        if link.startswith(("245", "246", "240")):
            text = _joined(field[3], "abnp")
            found.append(text)
            draft.original_script.append(text)
        elif link[:1] in ("1", "7"):
            draft.original_script.append(_joined(field[3], "abc"))
    if found:
        draft.variant_titles = [text for text in dict.fromkeys(found) if text and text != draft.title]
    draft.original_script = [text for text in dict.fromkeys(draft.original_script) if text]


def _joined(subfields: Subfields, codes: str) -> str:
    return trim_stop(without_marks(" ".join([value.strip() for code, value in subfields if code in codes])))


def _contributors(draft: BibDraft, by_tag: Fields) -> None:
    seen: set[str] = set()
    for tag in _NAMES:
        for field in by_tag.get(tag, ()):
            person: Contributor | None = contributor(tag, field[1], field[3])
            if person and person.name.casefold() not in seen:
                seen.add(person.name.casefold())
                draft.contributors.append(person)


def _imprint(draft: BibDraft, fixed: str, by_tag: Fields) -> None:
    """Publication (264 with second indicator 1) before 260 before other 264; the year from there, else from 008."""
    produced = by_tag.get("264", ())
    ordered = (
        [f for f in produced if f[2] == "1"] + by_tag.get("260", []) + [f for f in produced if f[2] != "1"]
    )
    for field in ordered:
        for code, value in field[3]:
            if code == "a" and not draft.place:
                draft.place = trim_stop(named(value))
            elif code == "b" and not draft.publisher:
                draft.publisher = trim_stop(named(value))
            elif code == "c":
                draft.year_text = draft.year_text or trim_stop(value)
                draft.year = draft.year or year_of(value)
    if draft.year is None and len(fixed) >= 11:
        draft.year = year_of(fixed[7:11])
        draft.year_text = draft.year_text or (str(draft.year) if draft.year else "")
    for field in by_tag.get("250", ()):
        draft.edition_statement = draft.edition_statement or unbracket(trim(_joined(field[3], "ab")))
    for field in by_tag.get("300", ()):
        draft.extent = draft.extent or trim(" ".join([value for code, value in field[3] if code == "a"]))


def _other_years(draft: BibDraft, fixed: str) -> list[int]:
    """ "1904, c1899" has two; 008/07-14 may have more. A serial's end and an unknown one (9999, uuuu) are none."""
    texts = {fixed[7:11], fixed[11:15]} if draft.format != "serial" else set()
    texts.update(_YEARS.findall(draft.year_text))
    if len(texts) == 1 and str(draft.year) in texts:
        return []
    return sorted({int(text) for text in texts if _YEARS.fullmatch(text)} - {draft.year})[:4]


def _languages(draft: BibDraft, fixed: str, by_tag: Fields) -> None:
    codes = [language_code(fixed[35:38])] if len(fixed) >= 38 else []
    for field in by_tag.get("041", ()):
        for code, value in field[3]:
            if code in "ad":
                codes.extend(language_codes(value))
    draft.languages = [code for code in dict.fromkeys(codes) if code]
    draft.language = draft.languages[0] if draft.languages else ""


def _identifiers(control: dict[str, str], by_tag: Fields) -> list[Identifier]:
    found: list[Identifier] = []
    for field in by_tag.get("020", ()):
        qualifier = "; ".join([value.strip(" ()") for code, value in field[3] if code == "q"])[:200]
        for code, value in field[3]:
            if code in "az":
                found += identifiers.isbns_of(value, qualifier, cancelled=code == "z")
    for field in by_tag.get("022", ()):
        for code, value in field[3]:
            if code in "ayz":
                found += identifiers.issns_of(value, cancelled=code != "a")
    for field in by_tag.get("024", ()):
        values = dict(field[3])
        if "a" in values:
            found += identifiers.other_standard(
                values["a"], field[1], values.get("2", ""), values.get("q", "")
            )
    for field in by_tag.get("010", ()):
        for code, value in field[3]:
            if code == "a":
                found += identifiers.lccn(value)
    for field in by_tag.get("035", ()):
        for code, value in field[3]:
            if code == "a":
                found += identifiers.system_number(value)
    if control.get("003", "").strip() == "OCoLC":
        found += identifiers.oclc(control.get("001", ""))
    if len(found) < 2:
        return found
    return list({(i.scheme, i.value, i.cancelled): i for i in reversed(found)}.values())[::-1]


def _series(draft: BibDraft, by_tag: Fields) -> None:
    fields = by_tag.get("490") or by_tag.get("440") or by_tag.get("830") or ()
    for field in fields:
        name = volume = ""
        for code, value in field[3]:
            if code == "a":
                name = name or trim_stop(value)
            elif code == "v":
                volume = volume or trim_stop(value)
        if name:
            draft.series.append(f"{name} ; {volume}" if volume else name)
    numbers = [
        trim(value.replace("/", "").replace("'", ""))
        for tag in _CLASSES
        for field in by_tag.get(tag, ())
        for code, value in field[3]
        if code == "a"
    ]
    draft.classification = [number for number in dict.fromkeys(numbers) if _CLASS_WORD.search(number)]


def _subjects(draft: BibDraft, by_tag: Fields) -> None:
    found: dict[str, str] = {}
    for tag in _SUBJECTS:
        for field in by_tag.get(tag, ()):
            heading: list[str] = []
            divisions: list[str] = []
            for code, value in field[3]:
                if code in "vxyz":
                    divisions.append(trim_stop(value))
                elif tag == "653" and code == "a":
                    found.setdefault(trim_stop(value).casefold(), trim_stop(value))
                elif code in "abcdt" and value:
                    heading.append(value.strip())
            if heading and tag != "653":
                text = " -- ".join([trim_stop(" ".join(heading)), *divisions])
                found.setdefault(text.casefold(), text)
    draft.subjects = [without_marks(text) for text in found.values() if text]


def _notes(draft: BibDraft, by_tag: Fields) -> None:
    for field in by_tag.get("520", ()):
        draft.summary = draft.summary or _plain(field[3], "ab")
    draft.contents = " ".join([_plain(field[3], "agrt") for field in by_tag.get("505", ())])
    for tag, fields in by_tag.items():
        if tag[:1] == "5" and tag < "590" and tag not in _NOT_NOTES:
            for field in fields:
                if text := " ".join([value.strip() for code, value in field[3] if code.isalpha()]):
                    draft.notes.append(text)


def _plain(subfields: Subfields, codes: str) -> str:
    return " ".join([value.strip() for code, value in subfields if code in codes])
