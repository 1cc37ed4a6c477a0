"""A server's explain record (ZeeRex): what it can be asked for. Called by client.py; kept in Source.server."""

from __future__ import annotations

import re

from lxml import etree

from catalog.harvesting.sru.parse import (
    child,
    children,
    elements,
    name_of,
    parse_root,
    raise_refusal,
    text_of,
)
from catalog.harvesting.sru.types import Explain, Index, Schema, SruError

OASIS = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
MOST_INDEXES = 500


def parse_explain(body: bytes) -> Explain:
    """Raises SruError (not_sru where the server answers with something else)."""
    root, _ = parse_root(body)
    record = root if name_of(root) == "explain" else _explain_in(root)
    if record is None:
        raise_refusal(root)
        raise SruError("not_sru", name_of(root))
    server, database = child(record, "serverInfo"), child(record, "databaseInfo")
    return Explain(
        version=_version(root, server),
        title=_part(database, "title")[:200],
        database=_part(server, "database")[:200],
        schemas=_schemas(record),
        indexes=_indexes(record)[:MOST_INDEXES],
        maximum_records=_setting(record, "maximumRecords"),
        default_records=_setting(record, "numberOfRecords"),
        count=_count(database),
    )


def _explain_in(root: etree._Element) -> etree._Element | None:
    return next(root.iter("{*}explain", "explain"), None)


def _version(root: etree._Element, server: etree._Element | None) -> str:
    """Of the answer: it says what the server really speaks. 2.0 is known by its namespace."""
    if etree.QName(root).namespace == OASIS:
        return "2.0"
    return text_of(root, "version") or ((server.get("version") or "") if server is not None else "")


def _part(node: etree._Element | None, name: str) -> str:
    return "" if node is None else text_of(node, name)


def _count(database: etree._Element | None) -> int | None:
    digits = re.sub(r"[.,\s]", "", _part(database, "extent"))
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 15 else None


def _schemas(record: etree._Element) -> list[Schema]:
    info = child(record, "schemaInfo")
    found = [] if info is None else list(children(info, "schema"))
    schemas = [
        Schema((node.get("name") or "").strip(), (node.get("identifier") or "").strip()) for node in found
    ]
    return [one for one in schemas if one.name or one.identifier]


def _indexes(record: etree._Element) -> list[Index]:
    info = child(record, "indexInfo")
    found = []
    for node in [] if info is None else children(info, "index"):
        name = _index_name(node)
        if name and node.get("search") != "false":
            scan = {"true": True, "false": False}.get(node.get("scan") or "")
            found.append(Index(name, text_of(node, "title")[:100], scan, _relations(node)))
    return found


def _index_name(node: etree._Element) -> str:
    for way in children(node, "map"):
        for name in children(way, "name"):
            own, space = "".join(str(t) for t in name.itertext()).strip(), (name.get("set") or "").strip()
            if own:
                return f"{space}.{own}" if space and "." not in own else own
    return ""


def _relations(node: etree._Element) -> list[str]:
    config = child(node, "configInfo")
    found = [] if config is None else [n for n in children(config, "supports") if n.get("type") == "relation"]
    return sorted({"".join(str(t) for t in n.itertext()).strip() for n in found} - {""})


def _setting(record: etree._Element, name: str) -> int | None:
    config = child(record, "configInfo")
    for node in [] if config is None else elements(config):
        value = "".join(str(t) for t in node.itertext()).strip()
        if node.get("type") == name and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
    return None
