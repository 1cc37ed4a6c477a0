"""Dublin Core as MARC fields: oai_dc inside OAI-PMH answers, and simple dc elements in files. Called by the reader.

Knows what SLiMS writes: dc:identifier_isbn, image without a namespace, and ISBN, call number and the address of the
cover all in dc:identifier.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from lxml import etree

from . import identifiers
from .crosswalk import Fields, is_call_number, is_class
from .encoding import maybe_twice, undo_double_encoding
from .errors import BadRecord
from .languages import language_codes
from .reasons import REASONS
from .records import Field
from .streams import rejoined
from .text import year_of
from .xml_elements import local, parse, split_elements, text_of

Values = dict[str, list[str]]
_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?dc(?=[\s>/])")
_OAI = re.compile(rb"<(?:[\w.-]+:)?record(?=[\s>])")
_HEADER = re.compile(rb"<(?:[\w.-]+:)?header(?=[\s>])")
_LINK = re.compile(r"^(?:https?|ftp)://\S+$", re.I)
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:\?|$)|/images/docs/|minigalnano|cover", re.I)
_DOI = re.compile(r"^(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)$", re.I)
_STAMP = re.compile(r"\d\d:\d\d")
_EXTENT = re.compile(r"\d\s*(?:hlm|hal|hal\.|p\.|pp|pages|halaman|lembar|cm|jil|vol)|^[xvilc]+, ?\d", re.I)
_MIME = re.compile(r"^(?:application|text|image|audio|video)/")
_NUMBER = re.compile(r"^(?:urn:)?(?:isbn|issn)[:\s]*", re.I)
# The namespaces of simple and of qualified elements.
_DC = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")
_LONG = 60  # characters from which a description is a summary and no note
# Qualified elements, and those of SLiMS, under the name of the simple element they refine.
_SAME = {
    "issued": "date", "created": "date", "dateissued": "date", "abstract": "description", "extent": "format",
    "medium": "format", "ispartof": "series", "alternative": "title", "tableofcontents": "contents",
    "identifier_isbn": "isbn", "identifier_issn": "isbn", "isbn": "isbn", "issn": "isbn", "spatial": "coverage",
    "bibliographiccitation": "citation", "image": "image", "cover": "image",
}  # fmt: skip


def looks_like(start: bytes) -> bool:
    """Whether XML that starts so holds Dublin Core, bare or in OAI-PMH records."""
    return bool(_holder(start))


def split_stream(stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, an OAI-PMH record with its header or what holds the simple elements, problem code or "")."""
    head = stream.read(1 << 16)
    oai = bool(_OAI.search(head) and _HEADER.search(head))
    return split_elements(rejoined(head, stream), "record" if oai else _holder(head) or "dc")


def _holder(start: bytes) -> str:
    """The name of the element that holds each description: dc, or what a file of simple elements calls it."""
    if _ELEMENT.search(start):
        return "dc"
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start or not any(space.encode() in start for space in _DC):
        return ""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True)
    with suppress(etree.XMLSyntaxError):
        parser.feed(start)
    with suppress(etree.XMLSyntaxError):  # the start of a file ends anywhere
        for _, element in parser.read_events():
            if not isinstance(element, etree._Element) or not _is_simple(element):
                continue
            parent = element.getparent()
            if parent is not None and not _is_simple(parent):
                return local(parent)
    return ""


def _is_simple(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).namespace in _DC


def parse_record(payload: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """Leader, MARC fields and warnings of one OAI-PMH record or holder of elements. Raises BadRecord."""
    warnings: list[str] = []
    root = parse(payload, fallback, warnings)
    key, deleted = _header(root)
    fields = Fields()
    fields.control("001", key)
    if deleted:
        fields.deleted()
        return fields.leader, fields.fields, warnings
    container = _container(root)
    values = _values(container, warnings) if container is not None else {}
    if not values:
        raise BadRecord("xml_no_description", REASONS["xml_no_description"])
    if not key:
        fields.control("001", _own_key(values))
    fill(fields, values)
    return fields.leader, fields.fields, warnings


def _container(root: etree._Element) -> etree._Element | None:
    """The dc element; of a record without header and dc, the record itself (inside xml_elements.parse's whole)."""
    for element in root.iter("{*}dc", "dc"):
        return element
    if next(root.iter("{*}header", "header"), None) is not None:
        return None
    return root[0] if root.tag == "whole" else root


def _header(root: etree._Element) -> tuple[str, bool]:
    for header in root.iter("{*}header", "header"):
        key = next((text_of(e) for e in header if local(e) == "identifier"), "")
        return key, header.get("status", "").lower() == "deleted"
    return "", False


def _values(container: etree._Element, warnings: list[str]) -> Values:
    values: Values = {}
    found: list[str] = []
    for element in container.iter():
        if element is container or not isinstance(element.tag, str) or len(element):
            continue
        text = text_of(element, warnings)
        if not text.isascii():
            text = undo_double_encoding(text, found) if maybe_twice(text.encode()) else text
            text = unicodedata.normalize("NFC", text)
        name = local(element).lower()
        if text:
            values.setdefault(_SAME.get(name, name), []).append(text)
    warnings.extend(found[:1])
    return values


def _own_key(values: Values) -> str:
    """Of a record without a header: the identifier that names the record and no edition of the work."""
    wanted = [v for v in values.get("identifier", ()) if v.startswith("oai:")]
    wanted += [v for v in values.get("identifier", ()) if _LINK.match(v) and not _IMAGE.search(v)]
    return wanted[0][:200] if wanted else ""


def fill(fields: Fields, values: Values) -> None:
    """The Library of Congress's Dublin Core to MARC crosswalk, with the mixed elements sorted out first."""
    for text in values.get("title", ()):
        fields.title(text)
    for name in values.get("creator", ()):
        fields.name(name)
    for name in values.get("contributor", ()):
        fields.name(name, "contributor", main=False)
    publishers = values.get("publisher", [])
    fields.publisher(publishers[0] if publishers else "", date=_date(values.get("date", [])))
    for text in values.get("isbn", ()):
        _number(fields, text)
    for text in values.get("identifier", ()):
        _identifier(fields, text)
    for text in values.get("language", ()):
        for code in language_codes(text.replace("_", "-").split("-")[0]):
            fields.add("041", ("a", code))
    for text in values.get("type", ()):
        fields.kind(text.rpartition("/")[2])
    for text in values.get("format", ()):
        _format(fields, text)
    _texts(fields, values)


def _texts(fields: Fields, values: Values) -> None:
    for text in values.get("subject", ()):
        fields.subject(text)
    for text in values.get("description", ()):
        fields.add("520" if len(text) >= _LONG and not fields.has("520") else "500", ("a", text))
    for text in values.get("contents", ()):
        fields.add("505", ("a", text))
    for text in values.get("source", ()):
        fields.add("852" if is_call_number(text) else "786", ("h" if is_call_number(text) else "n", text))
    for text in values.get("series", ()):
        fields.add("490", ("a", text))
    for name, tag in (("coverage", "522"), ("rights", "540"), ("citation", "524"), ("relation", "787")):
        for text in values.get(name, ()):
            fields.add(tag, ("n" if tag == "787" else "a", text))
    for text in values.get("image", ()):
        fields.add("956", ("u", text))


def _date(dates: list[str]) -> str:
    """The date of publication: a plain one before moments of upload, one with a year before one without."""
    plain = [text for text in dates if not _STAMP.search(text)] or dates
    text = next((text for text in plain if year_of(text)), plain[0] if plain else "")
    return text.split("T")[0] if re.match(r"\d{4}-\d\d-\d\dT", text) else text


def _number(fields: Fields, text: str) -> bool:
    """020 or 022 for a valid number, or one that claims to be one. Whether it was."""
    claimed = bool(_NUMBER.match(text))
    bare = _NUMBER.sub("", text)
    found = identifiers.isbns_of(bare)
    if not found or not (claimed or found[0].valid or len(re.sub(r"\D", "", bare)) in (9, 10, 12, 13)):
        return False
    fields.add("022" if found[0].scheme == "issn" else "020", ("a", bare))
    return True


def _identifier(fields: Fields, text: str) -> None:
    """One of the things that systems put into dc:identifier."""
    if doi := _DOI.match(text):
        fields.add("024", ("a", doi.group(1)), ("2", "doi"), ind="7 ")
    elif _LINK.match(text):
        fields.add("956" if _IMAGE.search(text) else "856", ("u", text), ind="40")
    elif text.startswith("oai:") or any(f == ("001", text) for f in fields.fields):
        return
    elif is_call_number(text):
        fields.add("852", ("h", text))
        fields.add("082", ("a", text.rsplit(" ", 2)[0] if text[0].isdigit() else ""))
    elif is_class(text):
        fields.add("082", ("a", text))
    elif not _number(fields, text):
        fields.add("024", ("a", text), ind="8 ")


def _format(fields: Fields, text: str) -> None:
    if _MIME.match(text):
        fields.kind(text if text.startswith(("application/", "text/html")) else "online")
    elif _EXTENT.search(text) and not fields.has("300"):
        fields.add("300", ("a", text))
    elif not text.isdigit():
        fields.add("500", ("a", text))
