"""The libraries that hold an edition, for its page: nearest first, the first twenty in full, the others on request."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from catalog.presenters.coverage import coverage_words
from catalog.presenters.edition_lending import Lending, lending_of, short_day
from catalog.presenters.edition_links import ELink, links_of, web_address
from catalog.search.places import Place, Places
from catalog.selectors.holdings import BriefHolding, holdings_at, holdings_brief, item_dates
from catalog.selectors.lending import terms_of
from members.models import Library

FOLDED_AFTER = 20  # libraries; a title that a thousand hold must not take a second to read
STEP = 300  # how many more come with "show more", and how many with a filter
MOST_SHOWN = 10_000
LONGEST_FILTER = 80


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
    online: ELink | None  # what the library holds as a file


@dataclass(frozen=True)
class LibraryHoldings:
    library: Library
    place: Place
    lines: list[HoldingLine]
    catalogue_url: str  # the record in the library's own catalogue
    is_own: bool = False
    lending: Lending = field(default_factory=Lending)


@dataclass(frozen=True)
class Holders:
    shown: list[LibraryHoldings]
    library_count: int  # all that hold it
    available_count: int  # of them those where a copy is on the shelf
    matching: int  # all that the filter leaves
    words: str = ""  # the filter, as typed
    is_unfolded: bool = False
    more: int = 0  # how many come next
    more_url: str = ""

    @property
    def left_out(self) -> int:
        return self.matching - len(self.shown)

    @property
    def has_filter(self) -> bool:
        return self.library_count > FOLDED_AFTER


@dataclass(frozen=True)
class Held:
    """Who holds what, read once: for the table, the years of a serial, and the counts."""

    places: list[Place]  # nearest first
    brief: dict[int, list[BriefHolding]]
    near_library_id: int | None


def held_of(edition: Edition, near_library_id: int | None) -> Held:
    brief: dict[int, list[BriefHolding]] = defaultdict(list)
    for row in holdings_brief(edition):
        brief[row.library_id].append(row)
    return Held(Places(near_library_id).nearest_first(brief), brief, near_library_id)


def holders_of_edition(edition: Edition, held: Held, asked: Mapping[str, str]) -> Holders:
    """`asked`: the address's query; `held_by` is a library's or town's name, `shown` how many are to be shown."""
    words = " ".join(asked.get("held_by", "").split())[:LONGEST_FILTER]
    found = [place for place in held.places if _fits(place, words)]
    count = max(_number(asked.get("shown", "")), STEP if words else FOLDED_AFTER)
    chosen = found[:count]
    more = {"shown": str(count + STEP), **({"held_by": words} if words else {})}
    return Holders(
        shown=_in_full(edition, chosen, held.near_library_id),
        library_count=len(held.places),
        available_count=sum(any(row.available_count for row in rows) for rows in held.brief.values()),
        matching=len(found),
        words=words,
        is_unfolded=count > FOLDED_AFTER,
        more=min(STEP, len(found) - len(chosen)),
        more_url=f"{edition.get_absolute_url()}?{urlencode(more)}#holdings",
    )


def _number(text: str) -> int:
    return min(int(text), MOST_SHOWN) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _fits(place: Place, words: str) -> bool:
    name = f"{place.name} {place.city}".casefold()
    return all(word in name for word in words.casefold().split())


def _in_full(edition: Edition, places: Sequence[Place], near: int | None) -> list[LibraryHoldings]:
    if not places:
        return []
    rows = holdings_at(edition, [place.pk for place in places])
    due = item_dates([held for lines in rows.values() for held in lines if not held.available_count])
    libraries = [lines[0].library for lines in rows.values()]
    terms = terms_of(libraries, near, edition.format)
    return [
        LibraryHoldings(
            library=lines[0].library,
            place=place,
            lines=_lines(lines, due),
            catalogue_url=catalogue_url(lines[0], edition),
            is_own=place.pk == near,
            lending=Lending()
            if place.pk == near
            else lending_of(edition, lines[0].library, lines, terms[place.pk], _first(due, lines)),
        )
        for place in places
        if (lines := rows.get(place.pk))
    ]


def _first(due: Mapping[int, datetime], lines: Collection[Holding]) -> datetime | None:
    return min((due[held.pk] for held in lines if held.pk in due), default=None)


def _lines(holdings: Sequence[Holding], due: Mapping[int, datetime]) -> list[HoldingLine]:
    """Copies that stand side by side and are told of alike are one line."""
    alike: dict[tuple[str, ...], list[Holding]] = defaultdict(list)
    for held in holdings:
        back = str(due.get(held.pk, ""))
        told = (
            held.location, held.call_number, held.status, held.textual, held.note, held.url, str(held.coverage), back,
        )  # fmt: skip
        alike[told].append(held)
    # With one line alone the sentence on lending says when it comes back.
    return [_line(same, due.get(same[0].pk) if len(alike) > 1 else None) for same in alike.values()]


def _line(same: Sequence[Holding], due: datetime | None) -> HoldingLine:
    held = same[0]
    held.item_count = sum(one.item_count for one in same)
    if held.available_count is not None:
        held.available_count = sum(one.available_count or 0 for one in same)
    return _told(held, due)


def _told(held: Holding, due: datetime | None) -> HoldingLine:
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
        online=next((link for link in links_of([held.url]) if link.url), None),
    )


def _plain(text: str) -> str:
    """Its words and numbers alone: a library's own "1997-2001; incomplete 1998" says no more than ours."""
    return " ".join(re.findall(r"\w+", text.lower()))


def due_words(due: datetime) -> str:
    """When a lent copy comes back, or should have; the year only where it is not this one."""
    day = timezone.localdate(due)
    told = _("was due %(day)s") if day < timezone.localdate() else _("due back %(day)s")
    return told % {"day": short_day(day)}


def catalogue_url(held: Holding, edition: Edition) -> str:
    """The record in the library's own catalogue, after its pattern; "" where it has none that can be filled."""
    pattern = held.library.opac_link_pattern
    isbns = [i["value"] for i in edition.display.get("identifiers", []) if i.get("scheme") == "isbn"]
    values = {"{id}": held.record.identifier, "{isbn}": isbns[0] if isbns else "", "{title}": edition.title}
    if not web_address(pattern):
        return ""
    for name, value in values.items():
        if name in pattern:
            if not value:
                return ""
            pattern = pattern.replace(name, quote(value, safe=""))
    return pattern
