"""A draft as MODS 3.7. Called by catalog/downloads; read back by mods.py.

Standard: the Library of Congress's MODS schema 3.7 and its MARC to MODS mapping.
"""

from __future__ import annotations

from lxml import etree

from .draft import BibDraft, Contributor, Identifier
from .xml_write import clean

NAMESPACE = "http://www.loc.gov/mods/v3"
COLLECTION_START = f'<?xml version="1.0" encoding="UTF-8"?>\n<modsCollection xmlns="{NAMESPACE}">\n'.encode()
COLLECTION_END = b"</modsCollection>\n"
_TYPES = {
    "map": "cartographic", "score": "notated music", "audio": "sound recording", "video": "moving image",
    "image": "still image", "computer": "software, multimedia", "kit": "mixed material",
    "object": "three dimensional object",
}  # fmt: skip
_GENRES = {"thesis": "thesis", "article": "article", "serial": "periodical", "map": "map"}
_FORMS = {"large_print": "large print", "electronic": "electronic", "audio": "sound recording"}
_ROLES = {"author": "author", "editor": "editor", "translator": "translator", "illustrator": "illustrator"}
_SCHEMES = {"isbn": "isbn", "issn": "issn", "ismn": "ismn", "lccn": "lccn", "oclc": "oclc", "doi": "doi"}


def to_mods(draft: BibDraft, *, number: str, sender: str, origin: str = "") -> bytes:
    """One mods element. `number`: the record's at its `sender`; `origin`: what it was made of, in words."""
    root = etree.fromstring(f'<mods xmlns="{NAMESPACE}" version="3.7"/>')
    _titles(root, draft)
    for place, person in enumerate(draft.contributors):
        _name(root, person, main=place == 0)
    _kind(root, draft)
    _origin(root, draft)
    for code in draft.languages or [draft.language]:
        _put(_put(root, "language"), "languageTerm", code, type="code", authority="iso639-2b")
    _body(root, draft)
    for identifier in draft.identifiers:
        _identifier(root, identifier)
    _record(root, number, sender, origin)
    _prune(root)
    return etree.tostring(root, encoding="utf-8") + b"\n"


def _put(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", {k: v for k, v in attributes.items() if v})
    element.text = clean(text) or None
    return element


def _prune(root: etree._Element) -> None:
    """Elements that came out empty are none."""
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        if parent is not None and not len(element) and not element.text:
            parent.remove(element)


def _titles(root: etree._Element, draft: BibDraft) -> None:
    info = _put(root, "titleInfo")
    skip = draft.nonfiling
    if skip:
        _put(info, "nonSort", draft.title[:skip])
    _put(info, "title", draft.title[skip:])
    _put(info, "subTitle", draft.subtitle)
    _put(info, "partNumber", draft.part_number)
    _put(info, "partName", draft.part_name)
    if draft.uniform_title:
        _put(_put(root, "titleInfo", type="uniform"), "title", draft.uniform_title)
    for title in draft.variant_titles:
        if title != draft.uniform_title:
            _put(_put(root, "titleInfo", type="alternative"), "title", title)


def _name(root: etree._Element, person: Contributor, *, main: bool) -> None:
    corporate = person.role == "corporate"
    kind = "corporate" if corporate else "personal"
    name = _put(root, "name", type=kind, usage="primary" if main else "")
    _put(name, "namePart", person.name)
    _put(name, "namePart", person.dates, type="date")
    if role := _ROLES.get(person.role, "" if corporate else "contributor"):
        _put(_put(name, "role"), "roleTerm", role, type="text")


def _kind(root: etree._Element, draft: BibDraft) -> None:
    manuscript = "yes" if draft.format == "manuscript" else ""
    _put(root, "typeOfResource", _TYPES.get(draft.format, "text"), manuscript=manuscript)
    if draft.format in _GENRES:
        _put(root, "genre", _GENRES[draft.format], authority="" if draft.format == "thesis" else "marcgt")


def _origin(root: etree._Element, draft: BibDraft) -> None:
    origin = _put(root, "originInfo")
    _put(_put(origin, "place"), "placeTerm", draft.place, type="text")
    _put(origin, "publisher", draft.publisher)
    _put(origin, "dateIssued", draft.year_text or (str(draft.year) if draft.year else ""))
    _put(origin, "edition", draft.edition_statement)
    _put(origin, "issuance", "serial" if draft.format == "serial" else "monographic")


def _body(root: etree._Element, draft: BibDraft) -> None:
    physical = _put(root, "physicalDescription")
    if draft.carrier not in ("print", "other"):
        _put(physical, "form", _FORMS.get(draft.carrier, draft.carrier))
    _put(physical, "extent", draft.extent)
    _put(root, "abstract", draft.summary)
    _put(root, "tableOfContents", draft.contents)
    _put(root, "note", draft.responsibility, type="statement of responsibility")
    for note in draft.notes:
        _put(root, "note", note)
    for heading in draft.subjects:
        subject = _put(root, "subject")
        for part in heading.split(" -- "):
            _put(subject, "topic", part)
    for number in draft.classification:
        _put(root, "classification", number)
    for series in draft.series:
        name, _, volume = series.rpartition(" ; ")
        info = _put(_put(root, "relatedItem", type="series"), "titleInfo")
        _put(info, "title", name or volume)
        _put(info, "partNumber", volume if name else "")
    for link in draft.links:
        _put(_put(root, "location"), "url", link)


def _identifier(root: etree._Element, number: Identifier) -> None:
    wrong = "yes" if number.cancelled or not number.valid else ""
    _put(root, "identifier", number.value, type=_SCHEMES.get(number.scheme, "local"), invalid=wrong)


def _record(root: etree._Element, number: str, sender: str, origin: str) -> None:
    info = _put(root, "recordInfo")
    _put(info, "recordContentSource", sender)
    _put(info, "recordIdentifier", number, source=sender)
    _put(info, "recordOrigin", origin)
