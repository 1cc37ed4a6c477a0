"""Elements with a given name out of a stream of XML, each parsed alone, so that one bad record loses no other.

Called by the readers of Dublin Core and MODS; document types, entities and huge trees are refused as in marcxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from .encoding import undo_entities
from .errors import BadRecord, NotMarc
from .marcxml import _PARSER, _repaired, _utf8_blocks
from .records import MAX_XML_RECORD

BLOCK = 1 << 20
_OTHERS = rb"<!--|<!\[CDATA\[|<!DOCTYPE|<!ENTITY"
_CLOSERS = {b"<!--": b"-->", b"<![C": b"]]>"}
_PREFIXES = re.compile(rb"(?:</?|\s)([A-Za-z_][\w.-]*):[A-Za-z_]")
_DECLARED = re.compile(rb"xmlns:([A-Za-z_][\w.-]*)\s*=")


def split_elements(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, element as UTF-8 bytes, problem code or ""). Raises NotMarc xml_doctype.

    The end is the element's own end tag, so one that holds another of its name is refused as malformed.
    """
    tag = rb"(?:[\w.-]+:)?" + re.escape(name.encode())
    token = re.compile(_OTHERS + rb"|<" + tag + rb"(?=[\s>/])[^>]*>|</" + tag + rb"\s*>")
    buffer, start, opened, scan = b"", 0, -1, 0
    for block in _utf8_blocks(stream):
        buffer += block
        while match := token.search(buffer, scan):
            sign = match.group()
            if sign in _CLOSERS or sign[:4] in _CLOSERS:
                end = buffer.find(_CLOSERS[sign[:4]], match.end())
                if end < 0:
                    scan = match.start()
                    break
                scan = end + 3
                continue
            if sign.startswith(b"<!"):
                raise NotMarc("xml_doctype")
            scan = match.end()
            if sign.startswith(b"</") or sign.endswith(b"/>"):
                first = match.start() if opened < 0 else opened
                if opened >= 0 or not sign.startswith(b"</"):
                    yield start + first, buffer[first:scan], ""
                opened = -1
            else:
                if opened >= 0:
                    yield start + opened, buffer[opened : match.start()], "xml_malformed"
                opened = match.start()
        else:
            # A tag that is cut by the block's end is seen again with the next block.
            cut = buffer.rfind(b"<", max(scan, len(buffer) - 5000))
            scan = max(scan, cut if cut >= 0 else len(buffer))
        keep = opened if opened >= 0 else scan
        if len(buffer) - keep > MAX_XML_RECORD:
            if opened >= 0:
                yield start + opened, buffer[opened : opened + BLOCK], "too_long"
            opened = -1
            keep = scan = len(buffer) - 64
        buffer, start, scan = buffer[keep:], start + keep, scan - keep
        opened = 0 if opened >= 0 else -1
    if opened >= 0:
        yield start + opened, buffer[opened:], "truncated"


def parse(payload: bytes, fallback: str, warnings: list[str]) -> etree._Element:
    """One element with whatever prefixes its surroundings declared. Raises BadRecord."""
    missing = {*_PREFIXES.findall(payload)} - {*_DECLARED.findall(payload), b"xml", b"xmlns"}
    if missing:
        spaces = b"".join([b" xmlns:" + prefix + b'="' + prefix + b'"' for prefix in sorted(missing)])
        payload = b"<whole" + spaces + b">" + payload + b"</whole>"
    try:
        return etree.fromstring(payload, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        pass
    if b"<!" in payload.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise BadRecord("xml_doctype")
    warnings.append("xml_repaired")
    try:
        return etree.fromstring(_repaired(payload, fallback), _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        raise BadRecord("xml_malformed") from None


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: etree._Element, warnings: list[str] | None = None) -> str:
    """What it says on one line, with what was escaped twice or inside CDATA as letters. `warnings`: says so there."""
    text = " ".join("".join([str(text) for text in element.itertext()]).split())
    return undo_entities(text, [] if warnings is None else warnings) if "&" in text else text
