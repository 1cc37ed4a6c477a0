"""Elements of an OAI-PMH answer, known by local name, and one record of them. Called by parse.py and salvage.py."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from catalog.harvesting.oai.types import OaiError, OaiRecord, OaiReject

FORMATS = {"dc": "oai_dc", "mods": "mods"}  # by the root element; any other is tried as MARCXML


def parse_record(node: etree._Element) -> OaiRecord | OaiReject:
    """One <record>, or one <header> of ListIdentifiers."""
    header = node if name_of(node) == "header" else child(node, "header")
    identifier = text_of(header, "identifier") if header is not None else ""
    if header is None or not identifier:
        return OaiReject("", "no_identifier", etree.tostring(node, with_tail=False))
    record = OaiRecord(
        identifier, text_of(header, "datestamp"), header.get("status", "").strip().lower() == "deleted",
        [t for t in ("".join(texts(s)).strip() for s in children(header, "setSpec")) if t],
    )  # fmt: skip
    if header is node or record.deleted:
        return record
    metadata = child(node, "metadata")
    content = next(elements(metadata), None) if metadata is not None else None
    if content is None:
        return OaiReject(identifier, "no_metadata", etree.tostring(node, with_tail=False))
    record.payload = etree.tostring(content, encoding="UTF-8", with_tail=False)
    record.format = FORMATS.get(name_of(content), "marcxml")
    record.about = [
        etree.tostring(e, encoding="UTF-8", with_tail=False)
        for a in children(node, "about")
        for e in elements(a)
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
    if root.getroottree().docinfo.internalDTD is not None and name_of(root) != "html":
        raise OaiError("doctype")
    return root


def name_of(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]  # many times faster than etree.QName


def elements(node: etree._Element) -> Iterator[etree._Element]:
    return (one for one in node if isinstance(one.tag, str))


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in elements(node) if name_of(one) == name)


def child(node: etree._Element, name: str) -> etree._Element | None:
    return next(children(node, name), None)


def texts(node: etree._Element) -> list[str]:
    return [str(text) for text in node.itertext()]


def text_of(node: etree._Element, name: str) -> str:
    found = child(node, name)
    return "" if found is None else "".join(texts(found)).strip()
