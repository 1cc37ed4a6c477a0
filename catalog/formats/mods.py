"""MODS 3 records as MARC fields: single, in a modsCollection, or inside OAI-PMH and SRU answers. Called by the reader.

Standard: the Library of Congress's MODS to MARC crosswalk, in the fields that a union catalogue needs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from .crosswalk import Fields, is_class, plain
from .errors import BadRecord
from .languages import language_codes
from .reasons import REASONS
from .records import Field
from .xml_elements import local, parse, split_elements, text_of

_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?mods(?=[\s>/])")
_ROLES = {"creator": "author", "cre": "author"}
_TYPES = {"text": "", "sound recording": "sound", "sound recording-musical": "sound", "still image": "image",
          "sound recording-nonmusical": "sound", "cartographic": "map", "software, multimedia": "computer"}  # fmt: skip
_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)$", re.I)
_VARIANTS = ("alternative", "translated", "abbreviated")


def looks_like(start: bytes) -> bool:
    """Whether XML that starts so holds MODS records."""
    return bool(_ELEMENT.search(start))


def split_stream(stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, one mods element, problem code or "")."""
    return split_elements(stream, "mods")


def parse_record(payload: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """Leader, MARC fields and warnings of one mods element. Raises BadRecord."""
    warnings: list[str] = []
    root = parse(payload, fallback, warnings)
    if local(root) != "mods":
        root = next((e for e in root.iter("{*}mods", "mods")), root)
    fields = Fields()
    fields.control("001", _value(root, "recordInfo", "recordIdentifier")[:200])
    _titles(fields, root)
    _names(fields, root)
    _origin(fields, root)
    _kind(fields, root)
    _subjects(fields, root)
    _numbers(fields, root)
    _rest(fields, root)
    if not fields.fields:
        raise BadRecord("xml_no_description", REASONS["xml_no_description"])
    return fields.leader, fields.fields, warnings


def _children(element: etree._Element, *names: str) -> list[etree._Element]:
    return list(element.iterchildren(*["{*}" + name for name in names]))


def _values(element: etree._Element, *path: str) -> list[str]:
    """Texts of the elements along a path of names."""
    found = [element]
    for name in path:
        found = [child for parent in found for child in _children(parent, name)]
    return [text for e in found if (text := _text(e))]


def _value(element: etree._Element, *path: str) -> str:
    return next(iter(_values(element, *path)), "")


def _text(element: etree._Element) -> str:
    text = text_of(element)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _titles(fields: Fields, root: etree._Element) -> None:
    described = _children(root, "titleInfo")
    proper = [e for e in described if not e.get("type")]
    credit = next(
        (_text(e) for e in _children(root, "note") if e.get("type") == "statement of responsibility"), ""
    )
    for info in proper + [e for e in described if e.get("type")]:
        before = _value(info, "nonSort")
        title = plain(f"{before} {_value(info, 'title')}")
        if before.endswith(("'", "\u2019", "-")):
            title = before + title[len(before) :].lstrip()
        parts = [("a", title), ("b", " : ".join(_values(info, "subTitle")))]
        parts += [("n", v) for v in _values(info, "partNumber")] + [
            ("p", v) for v in _values(info, "partName")
        ]
        if fields.has("245"):
            fields.add("240" if info.get("type") == "uniform" else "246", *parts)
        elif info.get("type") not in _VARIANTS or info is described[-1]:
            skip = min(len(title) - len(_value(info, "title")), 9) if before else 0
            fields.add("245", *parts, ("c", credit), ind=f"0{max(skip, 0)}")


def _names(fields: Fields, root: etree._Element) -> None:
    found = _children(root, "name")
    found.sort(key=lambda e: e.get("usage") != "primary")
    for element in found:
        parts = _children(element, "namePart")
        named = {e.get("type", ""): _text(e) for e in reversed(parts)}
        units = [_text(e) for e in parts if not e.get("type")]
        name = ". ".join(
            [*[unit.rstrip(".") for unit in units[:-1]], *units[-1:]]
        )  # the last may end in an initial
        if not name and "family" in named:
            name = ", ".join([named[k] for k in ("family", "given") if named.get(k)])
        if "termsOfAddress" in named and " " not in name.strip():
            name = f"{name}, {named['termsOfAddress']}"
        roles = [v.rstrip(".").lower() for v in _values(element, "role", "roleTerm")]
        role = next((_ROLES.get(r, r) for r in roles), "")
        corporate = element.get("type") in ("corporate", "conference")
        main = not role or role in ("author", "aut") or element.get("usage") == "primary"
        fields.name(name, role, corporate=corporate, main=main, dates=named.get("date", ""))


def _origin(fields: Fields, root: etree._Element) -> None:
    place = publisher = date = coded = ""
    for origin in _children(root, "originInfo"):
        places = [
            t
            for p in _children(origin, "place")
            for t in _children(p, "placeTerm")
            if t.get("type") != "code"
        ]
        place = place or next((_text(t) for t in places), "")
        publisher = publisher or _value(origin, "publisher")
        for issued in _children(origin, "dateIssued", "copyrightDate", "dateCreated"):
            if issued.get("encoding") or issued.get("point") == "end":
                coded = coded or _text(issued)
            else:
                date = date or _text(issued)
        fields.add("250", ("a", _value(origin, "edition")))
        if _value(origin, "issuance") in ("serial", "continuing", "integrating resource"):
            fields.level("s")
    fields.add("260", ("a", place), ("b", publisher), ("c", date or coded))
    for text in _values(root, "physicalDescription", "extent"):
        fields.add("300", ("a", text))
    for language in _children(root, "language"):
        for term in _values(language, "languageTerm"):
            for code in language_codes(term.split("-")[0]):
                fields.add("041", ("a", code))


def _kind(fields: Fields, root: etree._Element) -> None:
    for kind in _children(root, "typeOfResource"):
        words = _text(kind).lower()
        if kind.get("manuscript") == "yes":
            words = "manuscript"
        if words := _TYPES.get(words, words):
            fields.kind(words)
    for genre in _children(root, "genre"):
        fields.kind(_text(genre))
        if genre.get("authority") not in ("marcgt", "rdacontent"):
            fields.add("655", ("a", _text(genre)))
    for form in _children(root, "physicalDescription"):
        for text in _values(form, "form") + _values(form, "internetMediaType"):
            if text not in ("print", "computer", "unmediated"):
                fields.add("338", ("a", "online resource" if "/" in text else text))


def _subjects(fields: Fields, root: etree._Element) -> None:
    for subject in _children(root, "subject"):
        words = []
        for part in subject:
            if isinstance(part.tag, str) and local(part) in (
                "topic", "geographic", "temporal", "genre", "titleInfo", "name", "hierarchicalGeographic", "occupation",
            ):  # fmt: skip
                texts = _values(part, "namePart") or _values(part, "title") or [_text(part)]
                words.append(", ".join([t.rstrip(".,") for t in texts]))
        if words:
            fields.add("650", ("a", words[0]), *[("x", word) for word in words[1:]])
    for number in _values(root, "classification"):
        fields.add("082" if is_class(number) else "084", ("a", number))


def _numbers(fields: Fields, root: etree._Element) -> None:
    for element in _children(root, "identifier"):
        kind, value = (element.get("type") or "").lower(), _text(element)
        code = "z" if element.get("invalid") == "yes" else "a"
        if kind in ("isbn", "issn"):
            fields.add("020" if kind == "isbn" else "022", (code, value))
        elif kind == "issn-l":
            fields.add("022", ("a", value))
        elif kind in ("doi", "hdl"):
            fields.add("024", ("a", value), ("2", kind), ind="7 ")
        elif kind == "lccn":
            fields.add("010", (code, value))
        elif kind == "oclc":
            fields.add("035", (code, f"(OCoLC){value}"))
        elif kind == "uri" and "://" in value:
            fields.add("856", ("u", value), ind="40")
        elif kind == "ismn":
            fields.add("024", ("a", value), ind="2 ")
        elif value:
            fields.add("024", ("a", value), ind="8 ")


def _rest(fields: Fields, root: etree._Element) -> None:
    for text in _values(root, "abstract"):
        fields.add("520", ("a", text))
    for text in _values(root, "tableOfContents"):
        fields.add("505", ("a", text))
    for note in _children(root, "note"):
        if note.get("type") == "thesis":
            fields.add("502", ("a", _text(note)))
        elif note.get("type") != "statement of responsibility":
            fields.add("500", ("a", _text(note)))
    for related in _children(root, "relatedItem"):
        if related.get("type") == "series":
            number = _value(related, "titleInfo", "partNumber") or _value(related, "part", "detail", "number")
            fields.add("490", ("a", _value(related, "titleInfo", "title")), ("v", number))
        elif related.get("type") == "host":
            fields.add(
                "773", ("t", _value(related, "titleInfo", "title")), ("x", _value(related, "identifier"))
            )
            fields.level("b")
    for location in _children(root, "location"):
        for url in _children(location, "url"):
            if url.get("access") != "preview":
                address = _text(url)
                if doi := _DOI.match(address):
                    fields.add("024", ("a", doi.group(1)), ("2", "doi"), ind="7 ")
                fields.add("856", ("u", address), ("z", url.get("displayLabel", "")), ind="40")
        _copies(fields, location)


def _copies(fields: Fields, location: etree._Element) -> None:
    """852 for each copy named, or for the shelf."""
    where = _value(location, "physicalLocation")
    shelf = _value(location, "shelfLocator")
    copies = [c for s in _children(location, "holdingSimple") for c in _children(s, "copyInformation")]
    for copy in copies:
        place = _value(copy, "subLocation")
        call = _value(copy, "shelfLocator") or shelf
        items = [("p", v) for v in _values(copy, "itemIdentifier")]
        fields.add("852", ("b", where), ("c", place), ("h", call), *items)
    if not copies:
        fields.add("852", ("b", where), ("h", shelf))
