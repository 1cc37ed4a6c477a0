"""From the bytes of an OAI-PMH answer to dataclasses: strictly, else repaired, else record by record.

Called by client.py. Pure: no network, no database. Elements are known by local name, since namespaces are often
missing or wrong; what was wrong stands in `warnings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from catalog.harvesting.oai.dates import parse_stamp
from catalog.harvesting.oai.elements import (
    child,
    children,
    elements,
    parse_record,
    parse_xml,
    text_of,
    texts,
)
from catalog.harvesting.oai.repair import decode, repair
from catalog.harvesting.oai.salvage import salvage
from catalog.harvesting.oai.types import (
    PROTOCOL_CODES,
    Identity,
    MetadataFormat,
    OaiError,
    OaiPage,
    OaiReject,
    OaiSet,
)

OAI = "http://www.openarchives.org/OAI/2.0/"


def parse_page(body: bytes) -> OaiPage:
    """A list of records or headers. Raises OaiError; noRecordsMatch is an empty page, not an error."""
    warnings: list[str] = []
    root = _root(body, warnings)
    if root is None:
        page = salvage(decode(body, warnings), warnings)
        page.body = body
        return page
    page = OaiPage(warnings=warnings, response_date=parse_stamp(text_of(root, "responseDate")))
    _read_records(root, page)
    _read_token(root, page)
    _raise_errors(root, found=bool(page.records))
    if warnings or page.rejects:
        page.body = body
    return page


def parse_identity(body: bytes) -> Identity:
    root, warnings = _required(body)
    node = child(root, "Identify")
    if node is None:
        raise OaiError("not_oai")
    description = " ".join(t.strip() for d in children(node, "description") for t in texts(d) if t.strip())
    return Identity(
        text_of(node, "repositoryName"), text_of(node, "baseURL"), text_of(node, "protocolVersion"),
        text_of(node, "earliestDatestamp"), text_of(node, "deletedRecord"), text_of(node, "granularity"),
        description[:2000], parse_stamp(text_of(root, "responseDate")), warnings,
    )  # fmt: skip


def parse_formats(body: bytes) -> list[MetadataFormat]:
    root, _ = _required(body)
    found = [n for n in _all(root, "metadataFormat") if text_of(n, "metadataPrefix")]
    return [
        MetadataFormat(text_of(n, "metadataPrefix"), text_of(n, "schema"), text_of(n, "metadataNamespace"))
        for n in found
    ]


def parse_sets(body: bytes) -> tuple[list[OaiSet], str]:
    """The sets of one answer and the token of the next."""
    root, _ = _required(body)
    page = OaiPage()
    _read_token(root, page)
    found = [n for n in _all(root, "set") if text_of(n, "setSpec")]
    return [OaiSet(text_of(n, "setSpec"), text_of(n, "setName")) for n in found], page.token


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
        for verb in children(root, name):
            for node in children(verb, tag):
                result = parse_record(node)
                if isinstance(result, OaiReject):
                    page.rejects.append(result)
                else:
                    page.records.append(result)


def _read_token(root: etree._Element, page: OaiPage) -> None:
    node = next(_all(root, "resumptionToken"), None)
    if node is not None:
        page.token = "".join(texts(node)).strip()
        page.cursor = _number(node.get("cursor"))
        page.complete_list_size = _number(node.get("completeListSize"))


def _raise_errors(root: etree._Element, *, found: bool) -> None:
    """OAI-PMH 2.0, section 3.6. An error beside records does not undo them."""
    for node in [] if found else children(root, "error"):
        code = (node.get("code") or "").strip()
        if code != "noRecordsMatch":
            known = next((c for c in PROTOCOL_CODES if c.lower() == code.lower()), "server_error")
            text = "".join(texts(node)).strip()
            raise OaiError(known, text if known == code else f"{code} {text}".strip())


def _number(value: str | None) -> int | None:
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 15 else None


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Below the verb's element only: what records hold is never taken for the protocol's own."""
    return (node for verb in elements(root) for node in children(verb, name))
