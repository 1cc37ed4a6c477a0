"""The published schemas, with what they import kept from the network."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from tests.paths import SHARED

_SCHEMAS = SHARED / "data" / "conformance"
_XLINK = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xlink">
<xs:attribute name="href" type="xs:anyURI"/><xs:attributeGroup name="simpleLink"/></xs:schema>"""
_XML = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
targetNamespace="http://www.w3.org/XML/1998/namespace"><xs:attribute name="lang" type="xs:language"/></xs:schema>"""


class _Local(etree.Resolver):
    def resolve(self, system_url: str, public_id: str, context: object) -> object:
        if system_url.endswith("xlink.xsd"):
            return self.resolve_string(_XLINK, context)
        if system_url.endswith("xml.xsd"):
            return self.resolve_string(_XML, context)
        name = system_url.rsplit("/", 1)[-1]
        return self.resolve_filename(str(_SCHEMAS / "schemas-oai" / name), context)


@lru_cache
def schema(path: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(_SCHEMAS / path), parser))


MARCXML, MODS, OAI_DC = "schemas-oai/MARC21slim.xsd", "schemas-mods/mods-3-7.xsd", "schemas-oai/oai_dc.xsd"


def valid(path: str, document: bytes, each: str = "") -> int:
    """Elements that were found valid: the root, or each of that name. Fails with what the schema says."""
    root = etree.fromstring(document)
    elements = list(root.iter(each)) if each else [root]
    for element in elements:
        schema(path).assertValid(etree.fromstring(etree.tostring(element)))
    return len(elements)
