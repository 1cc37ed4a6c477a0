"""Reading what was searched, opened and asked for, and what is wanted but held by nobody. Persons are not in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet, Sum

from catalog.choices import UseKind
from catalog.folding import fold
from catalog.models import Edition, UseCount
from catalog.netsettings import LEAST_ASKERS
from catalog.search.answers import SearchUnavailable
from catalog.search.engine import get_engine
from catalog.search.query import SearchQuery

MOST = 50
MOST_WANTED = 200


@dataclass(frozen=True)
class AskedFor:
    """Requests for one title in a period; `edition_id` None: for something the catalogue does not have."""

    title: str
    author: str
    edition_id: int | None
    requests: int
    unfilled: int


# Requests belong to an app above this one, which says here how to read them.
REQUESTS: list[Callable[[date, date], list[AskedFor]]] = []


@dataclass(frozen=True)
class Day:
    day: date
    searches: int
    nothing: int
    opened: int


@dataclass(frozen=True)
class Question:
    text: str
    times: int
    nothing: int
    askers: int  # on its busiest day


@dataclass(frozen=True)
class Opened:
    edition: Edition
    times: int


@dataclass(frozen=True)
class Wanted:
    """Something nobody holds: searched for without finding, or requested in vain."""

    text: str
    searches: int = 0
    requests: int = 0

    @property
    def weight(self) -> int:
        """A request is worth more than a search."""
        return self.searches + 5 * self.requests


def _in_period(first: date, last: date) -> QuerySet[UseCount]:
    return UseCount.objects.filter(day__gte=first, day__lte=last)


def use_by_day(first: date, last: date) -> list[Day]:
    """Every day of the period, the empty ones too."""
    asked, opened = Q(kind=UseKind.ASKED), Q(kind=UseKind.OPENED)
    rows = _in_period(first, last).values("day").annotate(
        searches=Sum("times", filter=asked), none=Sum("nothing", filter=asked), opens=Sum("times", filter=opened)
    )  # fmt: skip
    found = {row["day"]: (row["searches"] or 0, row["none"] or 0, row["opens"] or 0) for row in rows}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [Day(day, *found.get(day, (0, 0, 0))) for day in days]


def questions(first: date, last: date, *, in_vain: bool = False, most: int = MOST) -> list[Question]:
    """The commonest, or of them those that found nothing. Only what enough different sessions of a day asked."""
    asked = _in_period(first, last).filter(kind=UseKind.ASKED, askers__gte=LEAST_ASKERS.now())
    asked = asked.exclude(text="").filter(nothing__gt=0) if in_vain else asked.exclude(text="")
    rows = asked.values("text").annotate(n=Sum("times"), none=Sum("nothing"), people=Max("askers"))
    rows = rows.order_by("-none" if in_vain else "-n", "text")[:most]
    return [Question(row["text"], row["n"], row["none"], row["people"]) for row in rows]


def most_opened(first: date, last: date, most: int = MOST) -> list[Opened]:
    opened = _in_period(first, last).filter(kind=UseKind.OPENED)
    rows = list(opened.values("edition_id").annotate(n=Sum("times")).order_by("-n", "edition_id")[:most])
    editions = Edition.objects.in_bulk([row["edition_id"] for row in rows])
    return [Opened(editions[row["edition_id"]], row["n"]) for row in rows if row["edition_id"] in editions]


def most_requested(first: date, last: date, most: int = MOST) -> list[AskedFor]:
    found = [asked for read in REQUESTS for asked in read(first, last)]
    return sorted(found, key=lambda asked: (-asked.requests, asked.title))[:most]


def wanted(first: date, last: date, most: int = MOST_WANTED) -> list[Wanted]:
    """The purchase list: what was searched in vain and still is not there, with what was asked for and not found."""
    rows: dict[str, Wanted] = {}
    for asked in (asked for read in REQUESTS for asked in read(first, last)):
        if asked.edition_id is None or asked.unfilled == asked.requests:
            text = " – ".join(filter(None, (asked.title, asked.author)))
            key = fold(asked.title)
            rows[key] = Wanted(text, 0, asked.requests + (rows[key].requests if key in rows else 0))
    searched: dict[str, int] = defaultdict(int)
    for question in questions(first, last, in_vain=True, most=most):
        searched[question.text] += question.nothing
    for text in still_missing(list(searched)):
        known = rows.get(text)
        rows[text] = Wanted(known.text if known else text, searched[text], known.requests if known else 0)
    return sorted(rows.values(), key=lambda row: (-row.weight, row.text))[:most]


def still_missing(texts: list[str]) -> list[str]:
    try:
        engine = get_engine()
        return [text for text in texts if not engine.count(SearchQuery(text=text))]
    except SearchUnavailable:
        return texts
