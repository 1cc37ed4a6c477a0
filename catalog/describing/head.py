"""Tags of a page's head: the names that Google Scholar and reference managers read, and Dublin Core."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from catalog.exporting.references import Reference

MOST = 30  # of a kind: a page is no catalogue of names
# DCMI Type Vocabulary
_DC_TYPES = {
    "audio": "Sound", "video": "MovingImage", "image": "StillImage", "map": "Image", "computer": "Software",
    "object": "PhysicalObject", "kit": "Collection",
}  # fmt: skip

Tag = tuple[str, str]


def tags(r: Reference) -> Iterator[Tag]:
    yield from ((name, value) for name, value in (*_highwire(r), *_dublin_core(r)) if value)


def _highwire(r: Reference) -> Iterator[Tag]:
    """Called after the press that began it: https://scholar.google.com/intl/en/scholar/inclusion.html."""
    yield "citation_title", r.title
    yield from (("citation_author", person.inverted) for person in islice(r.authors, MOST))
    yield from (("citation_editor", person.inverted) for person in islice(r.editors, MOST))
    yield "citation_publication_date", r.year
    yield "citation_dissertation_institution" if r.kind == "thesis" else "citation_publisher", r.publisher
    yield from (("citation_isbn", number) for number in islice(r.isbns, MOST))
    yield "citation_issn", r.issn
    yield "citation_doi", r.doi
    yield "citation_language", r.language
    yield "citation_keywords", "; ".join(islice(r.subjects, MOST))
    yield "citation_abstract_html_url", r.address


def _dublin_core(r: Reference) -> Iterator[Tag]:
    """DCMI's way of writing Dublin Core into HTML (DC-HTML 2008)."""
    yield "DC.title", r.title
    yield from (("DC.creator", person.inverted) for person in islice(r.authors, MOST))
    yield from (("DC.contributor", one.inverted) for one in islice((*r.editors, *r.translators), MOST))
    yield "DC.publisher", r.publisher
    yield "DC.date", r.year
    yield "DC.language", r.language
    yield "DC.type", _DC_TYPES.get(r.kind, "Text")
    yield "DC.format", r.extent
    yield from (("DC.subject", subject) for subject in islice(r.subjects, MOST))
    yield "DC.identifier", r.address
    yield from (("DC.identifier", f"urn:isbn:{number}") for number in islice(r.isbns, MOST))
    yield "DC.identifier", f"urn:issn:{r.issn}" if r.issn else ""
    yield "DC.identifier", f"https://doi.org/{r.doi}" if r.doi else ""
