"""What the page of an edition shows, put together from many facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog import selectors
from catalog.choices import Format, ItemStatus
from catalog.models import Edition, Holding
from catalog.presenters.coverage import YearAnswers, coverage_words, spans_years, year_answers
from catalog.search.engine import SearchUnavailable
from catalog.search.languages import language_name, language_tag
from catalog.search.page import Hit, other_editions, search_url
from catalog.search.places import Place, Places
from catalog.search.query import SearchQuery
from catalog.selectors.holdings import item_dates
from members.models import Library

ROLES: dict[str, str | Promise] = {
    "editor": gettext_lazy("editor"), "translator": gettext_lazy("translator"),
    "illustrator": gettext_lazy("illustrator"),
}  # fmt: skip
SCHEMES = {"isbn": "ISBN", "issn": "ISSN", "ismn": "ISMN", "lccn": "LCCN", "oclc": "OCLC", "doi": "DOI"}
# What schema.org calls each format; the page says it in attributes, because scripts are not allowed in it.
SCHEMA_TYPES = {"serial": "Periodical", "article": "Article", "thesis": "Thesis", "map": "Map"}
Link = tuple[str, str]  # text, address


@dataclass(frozen=True)
class HoldingLine:
    location: str
    call_number: str
    status: str
    tone: str
    copies: str  # "2 of 3 copies"; "" for a single one
    due: str  # "due back 3 Dec"; "" where a copy is there, or nobody told
    as_of: datetime
    years: list[str]  # of a serial, in words
    notes: list[str]


@dataclass(frozen=True)
class LibraryHoldings:
    library: Library
    place: Place
    lines: list[HoldingLine]
    catalogue_url: str  # the record in the library's own catalogue


@dataclass(frozen=True)
class EditionView:
    edition: Edition
    language_tag: str
    schema_type: str
    people: list[tuple[str, str, str]]  # name, role, address of a search
    imprint: str
    facts: list[tuple[str, str]]
    subjects: list[Link]
    numbers: list[tuple[str, str]]
    holdings: list[LibraryHoldings]
    available_count: int  # libraries where a copy is on the shelf
    links: list[Link]  # those that are no web address have no address here and stay text
    others: list[Hit] = field(default_factory=list)
    years: YearAnswers | None = None  # of a serial: who has which year

    @property
    def library_count(self) -> int:
        return len(self.holdings)


def edition_view(
    edition: Edition, *, near_library_id: int | None, asked: Mapping[str, str] | None = None
) -> EditionView:
    """`near_library_id`: whose library is near; its own copy comes first, then by distance. `asked`: for a year."""
    display = edition.display
    places = Places(near_library_id)
    held = _held(edition, places)
    due = item_dates([h for _place, rows in held for h in rows if not h.available_count])
    holdings = [_library_holdings(place, rows, edition, due) for place, rows in held]
    return EditionView(
        edition=edition,
        language_tag=language_tag(edition.language),
        schema_type=SCHEMA_TYPES.get(edition.format, "Book"),
        people=_people(edition),
        imprint=_imprint(edition),
        facts=_facts(edition),
        subjects=[(s, search_url(SearchQuery(subjects=(s,)))) for s in display.get("subjects", [])],
        numbers=_numbers(display.get("identifiers", [])),
        holdings=holdings,
        available_count=sum(any(line.tone == "ok" for line in held.lines) for held in holdings),
        links=[(link, _web_address(link)) for link in display.get("links", [])],
        others=_others(edition, places),
        years=_years(edition, [rows for _place, rows in held], asked or {}),
    )


def _people(edition: Edition) -> list[tuple[str, str, str]]:
    people = edition.display.get("contributors") or ([{"name": edition.author}] if edition.author else [])
    return [
        (person["name"], str(ROLES.get(person.get("role", ""), "")), search_url(SearchQuery(authors=(person["name"],))))
        for person in people
    ]  # fmt: skip


def _imprint(edition: Edition) -> str:
    place, year = edition.display.get("place", ""), edition.display.get("year_text") or edition.year
    publisher = ": ".join(part for part in (place, edition.publisher) if part)
    return ", ".join(str(part) for part in (publisher, year) if part)


def _facts(edition: Edition) -> list[tuple[str, str]]:
    display = edition.display
    languages = display.get("languages") or [edition.language]
    rows = [
        (_("Published"), _imprint(edition)),
        (_("Edition"), display.get("edition_statement", "")),
        (_("Format"), str(dict(Format.choices).get(edition.format, ""))),
        (_("Language"), ", ".join(language_name(code) for code in languages if code)),
        (_("Extent"), display.get("extent", "")),
        (_("Series"), "; ".join(display.get("series", []))),
        (_("Other titles"), "; ".join(display.get("variant_titles", []))),
        (_("Original script"), "; ".join(display.get("original_script", []))),
        (_("Classification"), "; ".join(display.get("classification", []))),
    ]
    return [(label, value) for label, value in rows if value]


def _numbers(identifiers: Iterable[dict[str, object]]) -> list[tuple[str, str]]:
    rows = []
    for identifier in identifiers:
        notes = [str(identifier.get("qualifier", ""))]
        notes.append(_("check digit is wrong") if identifier.get("valid") is False else "")
        notes.append(_("cancelled") if identifier.get("cancelled") else "")
        note = ", ".join(part for part in notes if part)
        scheme = SCHEMES.get(str(identifier.get("scheme", "")), _("Other number"))
        rows.append((scheme, f"{identifier['value']} ({note})" if note else str(identifier["value"])))
    return rows


def _held(edition: Edition, places: Places) -> list[tuple[Place, list[Holding]]]:
    """Each library with what it holds, nearest first."""
    rows = sorted(
        selectors.holdings_of(edition).defer("record__raw", "record__draft"), key=lambda held: held.library_id
    )
    grouped = {key: list(held) for key, held in groupby(rows, key=lambda held: held.library_id)}
    return [(place, grouped[place.pk]) for place in places.nearest_first(grouped)]


def _library_holdings(
    place: Place, rows: list[Holding], edition: Edition, due: Mapping[int, datetime]
) -> LibraryHoldings:
    return LibraryHoldings(
        library=rows[0].library,
        place=place,
        lines=[_line(held, due.get(held.pk)) for held in rows],
        catalogue_url=catalogue_url(rows[0], edition),
    )


def _years(edition: Edition, held: list[list[Holding]], asked: Mapping[str, str]) -> YearAnswers | None:
    """Asked of serials, and of yearbooks and sets that a library tells of by years."""
    if not held or not (
        edition.format == Format.SERIAL or any(spans_years(h.coverage) for rows in held for h in rows)
    ):
        return None
    return year_answers([(rows[0].library, rows) for rows in held], asked)


def _line(held: Holding, due: datetime | None) -> HoldingLine:
    status, copies = str(held.get_status_display()), ""
    years = coverage_words(held.coverage)
    if held.item_count > 1 and held.available_count:
        counts = {"available": held.available_count, "all": held.item_count}
        copies = _("%(available)s of %(all)s copies") % counts
    elif held.item_count > 1:
        copies = ngettext("%(count)s copy", "%(count)s copies", held.item_count) % {"count": held.item_count}
    return HoldingLine(
        location=held.location,
        call_number=held.call_number,
        status=status,
        tone="ok" if held.available_count else ItemStatus(held.status).tone,
        copies=copies,
        due=due_words(due) if due else "",
        as_of=held.as_of,
        years=years,
        notes=[
            note
            for note in (held.textual, held.note)
            if note and _plain(note) not in [_plain(line) for line in years]
        ],
    )


def _plain(text: str) -> str:
    """Its words and numbers alone: a library's own "1997-2001; incomplete 1998" says no more than ours."""
    return " ".join(re.findall(r"\w+", text.lower()))


def due_words(due: datetime) -> str:
    """When a lent copy comes back, or should have; the year only where it is not this one."""
    day, today = timezone.localdate(due), timezone.localdate()
    words = date_format(day, "j M" if day.year == today.year else "j M Y").replace(" ", "\N{NO-BREAK SPACE}")
    return (_("was due %(day)s") if day < today else _("due back %(day)s")) % {"day": words}


def catalogue_url(held: Holding, edition: Edition) -> str:
    """The record in the library's own catalogue, after its pattern; "" where it has none that can be filled."""
    pattern = held.library.opac_link_pattern
    isbns = [i["value"] for i in edition.display.get("identifiers", []) if i.get("scheme") == "isbn"]
    values = {"{id}": held.record.identifier, "{isbn}": isbns[0] if isbns else "", "{title}": edition.title}
    if not _web_address(pattern):
        return ""
    for name, value in values.items():
        if name in pattern:
            if not value:
                return ""
            pattern = pattern.replace(name, quote(value, safe=""))
    return pattern


def _web_address(link: str) -> str:
    """The link itself where a browser may follow it: what a catalogue sends may be any scheme, javascript: too."""
    return link if link.lower().startswith(("https://", "http://")) else ""


def _others(edition: Edition, places: Places) -> list[Hit]:
    try:
        return other_editions(edition, places)
    except SearchUnavailable:
        return []
