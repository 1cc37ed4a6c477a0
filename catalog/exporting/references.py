"""An edition as a reference: what every reference manager has a place for. The writers beside this read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.citing.items import item_of
from catalog.models import Edition
from catalog.search.languages import language_name

PAGE = 200  # editions that are in memory at once
LONG = 4000  # signs of a summary


@dataclass(frozen=True, slots=True)
class Person:
    """`given` is empty for bodies and for names in direct order, which nobody may turn round."""

    family: str
    given: str = ""

    @property
    def inverted(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True, slots=True)
class Reference:
    number: int
    address: str  # of the record's page
    kind: str  # as catalog.choices.Format
    title: str
    authors: Sequence[Person]
    editors: Sequence[Person]
    translators: Sequence[Person]
    publisher: str
    place: str
    year: str
    edition: str
    series: str
    isbns: Sequence[str]
    issn: str
    doi: str
    links: Sequence[str]
    extent: str
    language: str
    subjects: Sequence[str]
    summary: str
    libraries: int


def reference_of(edition: Edition, address: str, *, language: str | None = None) -> Reference:
    """`language`: how it is named; by default in the reader's own language."""
    display: dict[str, Any] = edition.display
    item = item_of(edition)
    numbers = [n for n in display.get("identifiers", ()) if n.get("valid", True) and not n.get("cancelled")]
    return Reference(
        number=edition.pk, address=address, kind=edition.format, title=one_line(edition.full_title),
        authors=_people(item.get("author", ())), editors=_people(item.get("editor", ())),
        translators=_people(item.get("translator", ())), publisher=one_line(edition.publisher),
        place=one_line(display.get("place", "")), year=str(edition.year or ""), edition=item.get("edition", ""),
        series=item.get("collection-title", ""), isbns=[n["value"] for n in numbers if n.get("scheme") == "isbn"],
        issn=next((n["value"] for n in numbers if n.get("scheme") == "issn"), ""), doi=item.get("DOI", ""),
        links=[link for link in display.get("links", ()) if link.lower().startswith(("https://", "http://"))],
        extent=one_line(display.get("extent", "")),
        language=language if language is not None else _language(edition.language),
        subjects=[one_line(text) for text in display.get("subjects", ())],
        summary=one_line(display.get("summary", ""))[:LONG], libraries=edition.library_count,
    )  # fmt: skip


def _language(code: str) -> str:
    return language_name(code) if code else ""


def _people(names: Iterable[dict[str, str]]) -> list[Person]:
    return [Person(name.get("family") or name.get("literal", ""), name.get("given", "")) for name in names]


def one_line(text: str) -> str:
    """Neither format has room for a line break within a value, nor for signs that control something."""
    text = str(text)
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())


def editions_in_order(ids: Sequence[int]) -> Iterator[Edition]:
    """One query a page; those that were merged lead to where they are now, and none comes twice."""
    told: set[int] = set()
    for start in range(0, len(ids), PAGE):
        wanted = ids[start : start + PAGE]
        found = Edition.objects.select_related("merged_into").in_bulk(wanted)
        for pk in wanted:
            edition = found.get(pk)
            current = edition.merged_into or edition if edition else None
            if current is not None and current.pk not in told:
                told.add(current.pk)
                yield current
