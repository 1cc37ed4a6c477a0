"""From the bytes of an OAI-PMH answer to dataclasses: strictly, else repaired, else record by record.

Called by client.py. Pure: no network, no database. Elements are known by local name, since namespaces are often
missing or wrong; what was wrong stands in `warnings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from catalog.harvesting.oai.dates import parse_stamp
from catalog.harvesting.oai.repair import decode, repair
from catalog.harvesting.oai.salvage import salvage
from catalog.harvesting.oai.types import (
    PROTOCOL_CODES,
    Identity,
    MetadataFormat,
    OaiError,
    OaiPage,
    OaiRecord,
    OaiReject,
    OaiSet,
)

FORMATS = {"dc": "oai_dc", "mods": "mods"}  # by the root element; any other is tried as MARCXML
OAI = "http://www.openarchives.org/OAI/2.0/"


def parse_page(body: bytes) -> OaiPage:
    """A list of records or headers. Raises OaiError; noRecordsMatch is an empty page, not an error."""
    warnings: list[str] = []
    root = _root(body, warnings)
    if root is None:
        page = salvage(decode(body, warnings), warnings)
        page.body = body
        return page
    page = OaiPage(warnings=warnings, response_date=parse_stamp(_text(root, "responseDate")))
    _read_records(root, page)
    _read_token(root, page)
    _raise_errors(root, found=bool(page.records))
    if warnings or page.rejects:
        page.body = body
    return page


def parse_identity(body: bytes) -> Identity:
    root, warnings = _required(body)
    node = _child(root, "Identify")
    if node is None:
        raise OaiError("not_oai")
    description = " ".join(t.strip() for d in _children(node, "description") for t in _texts(d) if t.strip())
    return Identity(
        _text(node, "repositoryName"), _text(node, "baseURL"), _text(node, "protocolVersion"),
        _text(node, "earliestDatestamp"), _text(node, "deletedRecord"), _text(node, "granularity"),
        description[:2000], parse_stamp(_text(root, "responseDate")), warnings,
    )  # fmt: skip


def parse_formats(body: bytes) -> list[MetadataFormat]:
    root, _ = _required(body)
    found = [n for n in _all(root, "metadataFormat") if _text(n, "metadataPrefix")]
    return [
        MetadataFormat(_text(n, "metadataPrefix"), _text(n, "schema"), _text(n, "metadataNamespace"))
        for n in found
    ]


def parse_sets(body: bytes) -> tuple[list[OaiSet], str]:
    """The sets of one answer and the token of the next."""
    root, _ = _required(body)
    page = OaiPage()
    _read_token(root, page)
    found = [n for n in _all(root, "set") if _text(n, "setSpec")]
    return [OaiSet(_text(n, "setSpec"), _text(n, "setName")) for n in found], page.token


def parse_record(node: etree._Element) -> OaiRecord | OaiReject:
    """One <record>, or one <header> of ListIdentifiers."""
    header = node if _name(node) == "header" else _child(node, "header")
    identifier = _text(header, "identifier") if header is not None else ""
    if header is None or not identifier:
        return OaiReject("", "no_identifier", etree.tostring(node, with_tail=False))
    record = OaiRecord(
        identifier, _text(header, "datestamp"), header.get("status", "").strip().lower() == "deleted",
        [t for t in ("".join(_texts(s)).strip() for s in _children(header, "setSpec")) if t],
    )  # fmt: skip
    if header is node or record.deleted:
        return record
    metadata = _child(node, "metadata")
    content = next(_elements(metadata), None) if metadata is not None else None
    if content is None:
        return OaiReject(identifier, "no_metadata", etree.tostring(node, with_tail=False))
    record.payload = etree.tostring(content, encoding="UTF-8", with_tail=False)
    record.format = FORMATS.get(_name(content), "marcxml")
    record.about = [
        etree.tostring(e, encoding="UTF-8", with_tail=False)
        for a in _children(node, "about")
        for e in _elements(a)
    ]
    return record


def parse_xml(source: bytes | str) -> etree._Element:
    """No entities, no network, no huge trees. Raises etree.XMLSyntaxError, OaiError (doctype)."""
    data = source.encode("utf-8", "replace") if isinstance(source, str) else source
    encoding = "utf-8" if isinstance(source, str) else None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding=encoding,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None and _name(root) != "html":
        raise OaiError("doctype")
    return root


def _root(body: bytes, warnings: list[str]) -> etree._Element | None:
    """The checked root element; None where only salvaging is left."""
    try:
        return _checked(parse_xml(body), warnings)
    except (etree.XMLSyntaxError, ValueError):
        text = decode(body, warnings)
    if not re.search(r"<(?:[\w.-]+:)?OAI-PMH\b", text):
        raise OaiError(
            "html_page" if re.search(r"<(?:!doctype\s+html|html|body)\b", text, re.I) else "not_oai"
        )
    if re.search(r"<!ENTITY", text):
        raise OaiError("doctype")
    try:
        return _checked(parse_xml(repair(text, warnings)), warnings)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _checked(root: etree._Element, warnings: list[str]) -> etree._Element:
    name = etree.QName(root)
    if name.localname.lower() == "html":
        raise OaiError("html_page")
    if name.localname != "OAI-PMH":
        raise OaiError("not_oai", name.localname)
    if name.namespace != OAI:
        warnings.append("namespace_missing" if not name.namespace else "namespace_wrong")
    return root


def _required(body: bytes) -> tuple[etree._Element, list[str]]:
    warnings: list[str] = []
    root = _root(body, warnings)
    if root is None:
        raise OaiError("unreadable")
    _raise_errors(root, found=False)
    return root, warnings


def _read_records(root: etree._Element, page: OaiPage) -> None:
    for name, tag in (("ListRecords", "record"), ("GetRecord", "record"), ("ListIdentifiers", "header")):
        for verb in _children(root, name):
            for node in _children(verb, tag):
                result = parse_record(node)
                if isinstance(result, OaiReject):
                    page.rejects.append(result)
                else:
                    page.records.append(result)


def _read_token(root: etree._Element, page: OaiPage) -> None:
    node = next(_all(root, "resumptionToken"), None)
    if node is not None:
        page.token = "".join(_texts(node)).strip()
        page.cursor = _number(node.get("cursor"))
        page.complete_list_size = _number(node.get("completeListSize"))


def _raise_errors(root: etree._Element, *, found: bool) -> None:
    """OAI-PMH 2.0, section 3.6. An error beside records does not undo them."""
    for node in [] if found else _children(root, "error"):
        code = (node.get("code") or "").strip()
        if code != "noRecordsMatch":
            known = next((c for c in PROTOCOL_CODES if c.lower() == code.lower()), "server_error")
            text = "".join(_texts(node)).strip()
            raise OaiError(known, text if known == code else f"{code} {text}".strip())


def _number(value: str | None) -> int | None:
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 15 else None


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]  # many times faster than etree.QName


def _elements(node: etree._Element) -> Iterator[etree._Element]:
    return (child for child in node if isinstance(child.tag, str))


def _children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in _elements(node) if _name(child) == name)


def _child(node: etree._Element, name: str) -> etree._Element | None:
    return next(_children(node, name), None)


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Below the verb's element only: what records hold is never taken for the protocol's own."""
    return (node for verb in _elements(root) for node in _children(verb, name))


def _texts(node: etree._Element) -> list[str]:
    return [str(text) for text in node.itertext()]


def _text(node: etree._Element, name: str) -> str:
    child = _child(node, name)
    return "" if child is None else "".join(_texts(child)).strip()
