"""The last resort for a page that no repair makes XML: each record by itself, and the token by its text.

Called by parse.py.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from catalog.harvesting.oai.dates import parse_stamp
from catalog.harvesting.oai.elements import parse_record, parse_xml
from catalog.harvesting.oai.repair import declare_prefixes, repair
from catalog.harvesting.oai.types import PROTOCOL_CODES, OaiError, OaiPage, OaiReject

N = r"(?:[\w.-]+:)?"
# A record of the protocol begins with its header; the <record> of MARCXML inside does not.
START = re.compile(rf"<{N}record\b[^<>]*>\s*<{N}header\b")
RECORD_END = re.compile(rf"</{N}record\s*>")
HEADER = re.compile(rf"<{N}header\b[^<>]*>.*?</{N}header\s*>", re.S)
LIST_END = re.compile(rf"<{N}resumptionToken\b|</{N}(?:ListRecords|GetRecord)\s*>")
ROOT_END = re.compile(rf"</{N}OAI-PMH\s*>")
ROOT_TAG = re.compile(rf"<{N}OAI-PMH\b[^<>]*>")
DECLARATION = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
TOKEN = re.compile(rf"<{N}resumptionToken\b([^<>]*?)(?:/>|>([^<]*)</{N}resumptionToken\s*>)")
IDENTIFIER = re.compile(rf"<{N}identifier\b[^<>]*>([^<]*)<")
ERROR = re.compile(rf"<{N}error\b[^<>]*\bcode\s*=\s*[\"'](\w+)[\"'][^<>]*>([^<]*)")
RESPONSE_DATE = re.compile(rf"<{N}responseDate\b[^<>]*>([^<]*)<")


def salvage(text: str, warnings: list[str]) -> OaiPage:
    """What can be read of the page. Raises OaiError where the server reports an error in the broken page."""
    text = repair(text, warnings)
    page = OaiPage(warnings=warnings, truncated=ROOT_END.search(text) is None)
    warnings.append("truncated" if page.truncated else "salvaged")
    if date := RESPONSE_DATE.search(text):
        page.response_date = parse_stamp(date.group(1))
    if tokens := TOKEN.findall(text):
        attributes, token = tokens[-1]
        page.token = unescape(token).strip()
        page.cursor = _attribute(attributes, "cursor")
        page.complete_list_size = _attribute(attributes, "completeListSize")
    for piece in _pieces(text, page.truncated):
        _read(piece, text, page)
    error = None if page.records or page.rejects else ERROR.search(text)
    if error and error.group(1) in PROTOCOL_CODES:
        raise OaiError(error.group(1), unescape(error.group(2)))
    if not page.records:
        page.quarantined = True
        warnings.append("quarantined")
    return page


def _pieces(text: str, truncated: bool) -> list[str]:
    starts = [match.start() for match in START.finditer(text)]
    if not starts and "ListIdentifiers" in text:
        return HEADER.findall(text)
    if not starts:
        return []
    closing = LIST_END.search(text, starts[-1])
    bounds = [*starts[1:], closing.start() if closing else len(text)]
    pieces = []
    for begin, end in zip(starts, bounds, strict=True):
        ends = list(RECORD_END.finditer(text, begin, end))
        cut = truncated and begin == starts[-1] and closing is None
        # Of a page that breaks off, the last record is only whole if its own end is there, after the metadata's.
        if cut and not (ends and re.search(rf"</{N}(?:metadata|header)\s*>\s*(?:<{N}about\b.*)?$",
                                           text[begin : ends[-1].start()], re.S)):  # fmt: skip
            continue
        pieces.append(text[begin : ends[-1].end()] if ends else text[begin:end])
    return pieces


def _read(piece: str, text: str, page: OaiPage) -> None:
    root = ROOT_TAG.search(text)
    words = "".join(DECLARATION.findall(root.group())) if root else ""
    name = IDENTIFIER.search(piece)
    try:
        wrapper = parse_xml(declare_prefixes(f"<page{words}>{piece}</page>"))
        found = parse_record(wrapper[0])
    except (etree.XMLSyntaxError, ValueError, IndexError, OaiError):
        found = OaiReject(unescape(name.group(1)).strip() if name else "", "broken_xml", piece.encode())
    if isinstance(found, OaiReject):
        page.rejects.append(found)
    else:
        page.records.append(found)


def _attribute(attributes: str, name: str) -> int | None:
    found = re.search(rf"\b{name}\s*=\s*[\"'](\d{{1,14}})[\"']", attributes)
    return int(found.group(1)) if found else None
