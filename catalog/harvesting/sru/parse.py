"""From the bytes of an SRU answer to dataclasses: strictly, else repaired. Called by client.py; pure.

Elements are known by local name, since 1.1, 1.2 and 2.0 have a namespace each and servers mix them up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from catalog.harvesting.oai.elements import parse_xml
from catalog.harvesting.oai.repair import decode, repair
from catalog.harvesting.oai.types import OaiError
from catalog.harvesting.sru.diagnostics import code_of
from catalog.harvesting.sru.types import Diagnostic, SruError, SruPage, SruRecord, SruReject, Term

SRU = ("http://www.loc.gov/zing/srw/", "http://docs.oasis-open.org/ns/search-ws/sruResponse")
SCAN = "http://docs.oasis-open.org/ns/search-ws/scan"
ROOT = re.compile(
    r"<(?:[\w.-]+:)?(searchRetrieveResponse|explainResponse|scanResponse|explain|diagnostics)\b"
)
END = r"</(?:[\w.-]+:)?{}\s*>"
HTML = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.I)


def parse_page(body: bytes) -> SruPage:
    """One page of a result. Raises SruError; a result of 0 records is an empty page, not an error."""
    root, warnings = parse_root(body)
    page = SruPage(
        count=_number(text_of(root, "numberOfRecords")),
        precision=text_of(root, "resultCountPrecision").rpartition("/")[2],
        following=_number(text_of(root, "nextRecordPosition")),
        warnings=warnings,
    )
    for holder in children(root, "records"):
        for node in children(holder, "record"):
            found = _record(node)
            (page.rejects if isinstance(found, SruReject) else page.records).append(found)  # type: ignore[arg-type]
    page.diagnostics = _diagnostics(root)
    if page.diagnostics and not page.size:
        raise _refusal(page.diagnostics[0])
    return page


def parse_terms(body: bytes) -> list[Term]:
    """The answer to scan. Raises SruError."""
    root, _ = parse_root(body)
    raise_refusal(root)
    nodes = [term for holder in children(root, "terms") for term in children(holder, "term")]
    return [Term(text_of(node, "value"), _number(text_of(node, "numberOfRecords")) or 0) for node in nodes]


def raise_refusal(root: etree._Element) -> None:
    """Raises SruError where the answer is a diagnostic instead of what was asked for."""
    if refusals := _diagnostics(root):
        raise _refusal(refusals[0])


def parse_root(body: bytes) -> tuple[etree._Element, list[str]]:
    """The checked root element and what had to be repaired. Raises SruError."""
    warnings: list[str] = []
    root = _tried(body)
    if root is None:
        text = decode(body, warnings)
        start = ROOT.search(text)
        if start is None:
            raise SruError("html_page" if HTML.search(text) else "not_sru")
        if "<!ENTITY" in text:
            raise SruError("doctype")
        if not re.search(END.format(start.group(1)), text):
            raise SruError("truncated")
        root = _tried(repair(text[start.start() :], warnings))
    if root is None:
        raise SruError("unreadable")
    return _checked(root, warnings), warnings


def _tried(source: bytes | str) -> etree._Element | None:
    try:
        return parse_xml(source)
    except OaiError as error:
        raise SruError(error.code) from None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _checked(root: etree._Element, warnings: list[str]) -> etree._Element:
    name = etree.QName(root)
    if name.localname.lower() == "html":
        raise SruError("html_page")
    if name.localname == "diagnostics":
        refusals = _diagnostics(root, itself=True)
        raise _refusal(refusals[0]) if refusals else SruError("server_error")
    if name.localname not in ("searchRetrieveResponse", "explainResponse", "scanResponse", "explain"):
        raise SruError("not_sru", name.localname)
    if name.localname != "explain" and name.namespace not in (*SRU, SCAN):
        warnings.append("namespace_wrong" if name.namespace else "namespace_missing")
    return root


def _record(node: etree._Element) -> SruRecord | SruReject:
    data = child(node, "recordData")
    content = None if data is None else next(elements(data), None)
    own = text_of(node, "recordIdentifier")
    if content is None and data is not None and (data.text or "").strip().startswith("<"):
        # recordPacking (2.0: recordXMLEscaping) "string": the record is text in the answer.
        try:
            content = parse_xml((data.text or "").strip())
        except (etree.XMLSyntaxError, ValueError, OaiError):
            return SruReject("broken_xml", (data.text or "").encode(), own)
    if content is None:
        return SruReject("no_metadata", etree.tostring(node, with_tail=False), own)
    if name_of(content) in ("collection", "modsCollection"):
        content = next(elements(content), content)
    if name_of(content) == "diagnostic":
        refusal = _diagnostic(content)
        return SruReject(
            "surrogate", etree.tostring(node, with_tail=False), own, refusal.detail or refusal.code
        )
    return SruRecord(
        etree.tostring(content, encoding="UTF-8", with_tail=False), own or _own_number(content),
        _number(text_of(node, "recordPosition")), text_of(node, "recordSchema"),
    )  # fmt: skip


def _own_number(content: etree._Element) -> str:
    """MARCXML's 001, MODS' recordInfo/recordIdentifier: of the record itself, not of what it is related to."""
    for node in children(content, "controlfield"):
        if node.get("tag") == "001":
            return (node.text or "").strip()
    info = child(content, "recordInfo")
    return "" if info is None else text_of(info, "recordIdentifier")


def _diagnostics(root: etree._Element, *, itself: bool = False) -> list[Diagnostic]:
    holders = [root] if itself else list(children(root, "diagnostics"))
    return [_diagnostic(node) for holder in holders for node in children(holder, "diagnostic")]


def _diagnostic(node: etree._Element) -> Diagnostic:
    words = [part for part in (text_of(node, "message"), text_of(node, "details")) if part]
    return Diagnostic(code_of(text_of(node, "uri")), ": ".join(words)[:500])


def _refusal(found: Diagnostic) -> SruError:
    return SruError(found.code, found.detail)


def _number(value: str) -> int | None:
    value = value.strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 15 else None


def name_of(node: etree._Element) -> str:
    return etree.QName(node).localname


def elements(node: etree._Element) -> Iterator[etree._Element]:
    return (one for one in node if isinstance(one.tag, str))


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in elements(node) if name_of(one) == name)


def child(node: etree._Element, name: str) -> etree._Element | None:
    return next(children(node, name), None)


def text_of(node: etree._Element, name: str) -> str:
    found = child(node, name)
    return "" if found is None else "".join(str(text) for text in found.itertext()).strip()
