"""unAPI, version 1: reference managers ask for a record by its identifier, in a format of their choice."""

from __future__ import annotations

import re

from django.conf import settings
from lxml import etree

# Name in the protocol, as Zotero knows it -> name of the file's format here, and its type.
FORMATS = {
    "marcxml": ("marcxml", "application/marcxml+xml"), "marc": ("marc", "application/marc"),
    "ris": ("ris", "application/x-research-info-systems"), "bibtex": ("bibtex", "application/x-bibtex"),
}  # fmt: skip
_IDENTIFIER = re.compile(r"/edition/(\d{1,18})$")


def identifier(pk: int) -> str:
    """The record's permanent link."""
    return f"{settings.PORTAL_URL}/edition/{pk}"


def edition_number(text: str) -> int | None:
    found = _IDENTIFIER.search(text)
    return int(found[1]) if found and text.startswith(settings.PORTAL_URL) else None


def formats(of: str = "") -> bytes:
    """The list of formats: all, or those of one record, which are the same."""
    root = etree.Element("formats", {"id": of} if of else {})
    for name, (_code, kind) in FORMATS.items():
        etree.SubElement(root, "format", name=name, type=kind)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
