"""References as RIS, BibTeX, EndNote XML and rows of a table: one function a format.

RIS: the tags that the format's users agree on (TY first, ER last, lines end in CR LF). BibTeX: fields of the entry
types of btxdoc (Patashnik 1988), UTF-8, with what TeX would read as its own escaped. EndNote XML: the parts of its
DTD that EndNote itself writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from lxml import etree

from catalog.exporting.references import Person, Reference

_RIS = {
    "article": "JOUR", "serial": "JFULL", "thesis": "THES", "map": "MAP", "score": "MUSIC", "audio": "SOUND",
    "video": "VIDEO", "image": "ART", "computer": "COMP", "manuscript": "UNPB", "other": "GEN",
}  # fmt: skip
_BIBTEX = {"article": "article", "thesis": "phdthesis", "manuscript": "unpublished"}
_ENDNOTE = {
    "article": ("Journal Article", 17), "thesis": ("Thesis", 32), "map": ("Map", 20), "score": ("Music", 61),
    "audio": ("Audiovisual Material", 3), "video": ("Film or Broadcast", 21), "image": ("Artwork", 2),
    "manuscript": ("Manuscript", 36),
}  # fmt: skip
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
_LETTERS = re.compile(r"[^a-z0-9]+")


def ris(reference: Reference) -> bytes:
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(reference)).encode() + b"\r\n"


def _ris_lines(r: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS.get(r.kind, "BOOK")
    yield from (("AU", person.inverted) for person in r.authors)
    yield from (("ED", person.inverted) for person in r.editors)
    yield from (("A4", person.inverted) for person in r.translators)
    yield "TI", r.title
    values = (
        ("T2", r.series), ("ET", r.edition), ("PB", r.publisher), ("CY", r.place), ("PY", r.year), ("DO", r.doi),
        ("LA", r.language), ("AB", r.summary), ("SP", r.extent),
    )  # fmt: skip
    yield from ((tag, value) for tag, value in values if value)
    yield from (("SN", number) for number in (*r.isbns, r.issn) if number)
    yield from (("KW", subject) for subject in r.subjects)
    yield from (("UR", link) for link in (r.address, *r.links))
    yield "ID", str(r.number)
    yield "ER", ""


def bibtex(reference: Reference) -> bytes:
    r = reference
    kind = _BIBTEX.get(r.kind, "book" if r.authors or r.editors else "misc")
    if kind == "book" and not r.publisher:
        kind = "misc"
    values = {
        "title": "{" + tex(r.title) + "}", "author": _tex_names(r.authors), "editor": _tex_names(r.editors),
        "translator": _tex_names(r.translators), "school" if kind == "phdthesis" else "publisher": tex(r.publisher),
        "address": tex(r.place), "year": tex(r.year), "edition": tex(r.edition), "series": tex(r.series),
        "isbn": tex(" ".join(r.isbns)), "issn": tex(r.issn), "doi": tex(r.doi), "url": r.address.replace(" ", "%20"),
        "language": tex(r.language), "keywords": tex(", ".join(r.subjects)), "abstract": tex(r.summary),
    }  # fmt: skip
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    return "\n".join([f"@{kind}{{{_key(r)},", *lines, "}", "", ""]).encode()


def tex(text: str) -> str:
    return text.translate(_TEX)


def _tex_names(people: Sequence[Person]) -> str:
    """Names that may not be turned stand in braces, as one piece."""
    shown = [
        f"{tex(one.family)}, {tex(one.given)}" if one.given else "{" + tex(one.family) + "}" for one in people
    ]
    return " and ".join(shown)


def _key(r: Reference) -> str:
    """ "hirata2005laskar-412": readable, and its number makes it one of its kind."""
    parts = [r.authors[0].family if r.authors else "", r.year, r.title.split(" ")[0] if r.title else ""]
    folded = [
        _LETTERS.sub("", unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode().lower())
        for part in parts
    ]
    return f"{''.join(folded) or 'jejaring'}-{r.number}"


def endnote(reference: Reference) -> bytes:
    r = reference
    record = etree.Element("record")
    _add(record, "rec-number", str(r.number))
    name, number = _ENDNOTE.get(r.kind, ("Book", 6))
    etree.SubElement(record, "ref-type", name=name).text = str(number)
    people = etree.SubElement(record, "contributors")
    for group, persons in (
        ("authors", r.authors), ("secondary-authors", r.editors), ("subsidiary-authors", r.translators)
    ):  # fmt: skip
        if persons:
            parent = etree.SubElement(people, group)
            for person in persons:
                # A comma at the end keeps a name in one piece.
                _add(parent, "author", person.inverted if person.given else f"{person.family},")
    titles = etree.SubElement(record, "titles")
    _add(titles, "title", r.title)
    _add(titles, "tertiary-title", r.series)
    if r.subjects:
        words = etree.SubElement(record, "keywords")
        for subject in r.subjects:
            _add(words, "keyword", subject)
    if r.year:
        _add(etree.SubElement(record, "dates"), "year", r.year)
    for tag, value in (
        ("pages", r.extent), ("edition", r.edition), ("pub-location", r.place), ("publisher", r.publisher),
        ("isbn", "\n".join([*r.isbns, *filter(None, [r.issn])])), ("electronic-resource-num", r.doi),
        ("abstract", r.summary), ("language", r.language),
    ):  # fmt: skip
        _add(record, tag, value)
    links = etree.SubElement(etree.SubElement(record, "urls"), "related-urls")
    for link in (r.address, *r.links):
        _add(links, "url", link)
    return bytes(etree.tostring(record, encoding="utf-8")) + b"\n"


def _add(parent: etree._Element, tag: str, text: str) -> None:
    if text:
        etree.SubElement(parent, tag).text = text


CSV_COLUMNS = (
    "number", "title", "authors", "editors", "publisher", "place", "year", "edition", "series", "isbn", "issn",
    "format", "language", "extent", "subjects", "libraries", "address",
)  # fmt: skip


def csv_cells(reference: Reference) -> list[object]:
    """In the order of CSV_COLUMNS; presenters.csv_file makes cells harmless that a spreadsheet would run."""
    r = reference
    return [
        r.number, r.title, "; ".join(one.inverted for one in r.authors),
        "; ".join(one.inverted for one in r.editors), r.publisher, r.place, r.year, r.edition, r.series,
        " ".join(r.isbns), r.issn, r.kind, r.language, r.extent, "; ".join(r.subjects), r.libraries, r.address,
    ]  # fmt: skip
