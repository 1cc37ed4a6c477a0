"""The union list of serials in words: what each library has of a title, for the page and for CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.models import Edition, Heading, Holding
from catalog.presenters.coverage import coverage_words
from catalog.selectors.browsing import SerialHeld
from members.models import Library


@dataclass(frozen=True)
class HeldBy:
    library: Library
    coverage: str
    call_number: str


@dataclass(frozen=True)
class SerialView:
    text: str
    see: str = ""
    edition: Edition | None = None
    issn: str = ""
    held: list[HeldBy] = field(default_factory=list)


def serial_views(headings: Sequence[Heading], under: Mapping[int, Sequence[SerialHeld]]) -> list[SerialView]:
    """In their order; a reference takes one line, a title as many as there are serials of that name."""
    views = []
    for heading in headings:
        if heading.see:
            views.append(SerialView(heading.text, heading.see))
        views += [_view(heading, one) for one in under.get(heading.pk, []) if not heading.see]
    return views


def _view(heading: Heading, serial: SerialHeld) -> SerialView:
    held = [
        HeldBy(library, coverage_of(holdings), next((h.call_number for h in holdings if h.call_number), ""))
        for library, holdings in serial.holdings
    ]
    return SerialView(heading.text, "", serial.edition, issn_of(serial.edition), held)


def coverage_of(holdings: Sequence[Holding]) -> str:
    """As far as the portal understands it, else in the library's own words."""
    said = ["; ".join(coverage_words(holding.coverage)) or holding.textual for holding in holdings]
    return " · ".join(dict.fromkeys(text for text in said if text))


def issn_of(edition: Edition) -> str:
    numbers = edition.display.get("identifiers", [])
    return next((str(one["value"]) for one in numbers if one.get("scheme") == "issn"), "")


def serial_rows(serials: Iterable[tuple[Heading, SerialHeld]]) -> Iterator[Sequence[object]]:
    for heading, serial in serials:
        view = _view(heading, serial)
        for one in view.held:
            library = one.library
            yield [view.text, view.issn, serial.edition.publisher, library.name, library.city, one.coverage,
                   one.call_number]  # fmt: skip
