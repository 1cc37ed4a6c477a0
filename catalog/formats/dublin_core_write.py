"""A draft as simple Dublin Core in the oai_dc container. Called by catalog/downloads; read back by dublin_core.py.

Standard: oai_dc.xsd of OAI-PMH 2.0: the fifteen elements, each as often as wanted. What they cannot tell apart
(edition, series) stands in the element that comes nearest.
"""

from __future__ import annotations

from lxml import etree

from .draft import BibDraft, Identifier
from .xml_write import clean

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
COLLECTION_START = b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
COLLECTION_END = b"</records>\n"
_TYPES = {
    "map": "Image", "score": "Text", "audio": "Sound", "video": "MovingImage", "image": "StillImage",
    "computer": "Software", "object": "PhysicalObject", "kit": "Collection",
}  # fmt: skip
_NARROWER = {"thesis": "Thesis", "article": "Article", "serial": "Journal", "map": "Map", "manuscript": "Manuscript",
             "score": "Notated music"}  # fmt: skip


def to_oai_dc(draft: BibDraft, *, address: str = "") -> bytes:
    """One oai_dc:dc element. `address`: of the record's page."""
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    for name, text in _elements(draft, address):
        if text := clean(text):
            etree.SubElement(root, f"{{{DC}}}{name}").text = text
    return etree.tostring(root, encoding="utf-8") + b"\n"


def _elements(draft: BibDraft, address: str) -> list[tuple[str, str]]:
    found = [("title", _title(draft)), *(("title", title) for title in draft.variant_titles)]
    for person in draft.contributors:
        found.append(("creator" if person.role in ("author", "corporate") else "contributor", person.name))
    found += [("subject", subject) for subject in draft.subjects]
    found += [("subject", number) for number in draft.classification]
    found += [
        ("description", text)
        for text in (draft.summary, draft.contents, draft.edition_statement, *draft.notes)
    ]
    found += [
        ("publisher", f"{draft.place} : {draft.publisher}" if draft.place and draft.publisher else draft.publisher),
        ("date", str(draft.year) if draft.year else draft.year_text),
        ("type", _TYPES.get(draft.format, "Text")), ("type", _NARROWER.get(draft.format, "")),
        ("format", draft.extent), ("format", "" if draft.carrier in ("print", "other") else draft.carrier),
    ]  # fmt: skip
    found += [("identifier", _number(number)) for number in draft.identifiers if number.valid]
    found += [("identifier", link) for link in draft.links]
    found += [("identifier", address)]
    found += [("language", code) for code in draft.languages or [draft.language]]
    return found + [("relation", series) for series in draft.series]


def _title(draft: BibDraft) -> str:
    title = ". ".join(part for part in (draft.title, draft.part_number, draft.part_name) if part)
    return f"{title} : {draft.subtitle}" if draft.subtitle else title


def _number(number: Identifier) -> str:
    if number.scheme in ("isbn", "issn"):
        return f"urn:{number.scheme}:{number.value}"
    return f"doi:{number.value}" if number.scheme == "doi" else number.value
