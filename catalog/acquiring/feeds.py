"""Who says what was asked for. Requests belong to an app above: it puts its readers into these lists at its start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet, Sum

from catalog.acquiring.choices import WantedKind
from catalog.acquiring.numbers import isbn_of
from catalog.choices import UseKind
from catalog.models import UseCount
from catalog.netsettings import LEAST_ASKERS
from catalog.selectors.usage import still_missing

MOST_SEARCHES = 1000


@dataclass(frozen=True)
class Asked:
    """So often was something wanted: by a library's readers, or (searches) by nobody in particular."""

    kind: WantedKind
    times: int
    last: date
    edition_id: int | None = None
    title: str = ""
    author: str = ""
    isbn: str = ""
    library_id: int | None = None


def day_of(moment: datetime) -> date:
    return moment.date()


def searches_in_vain(first: date, last: date) -> Iterable[Asked]:
    """What enough different people of a day searched without finding, and still is not there."""
    rows = UseCount.objects.filter(
        kind=UseKind.ASKED, day__gte=first, day__lte=last, nothing__gt=0,
        askers__gte=LEAST_ASKERS.now(),
    ).exclude(text="")  # fmt: skip
    found = (
        rows.values("text")
        .annotate(n=Sum("nothing"), latest=Max("day"))
        .order_by("-n", "text")[:MOST_SEARCHES]
    )
    by_text = {row["text"]: row for row in found}
    for text in still_missing(list(by_text)):
        row, isbn = by_text[text], isbn_of(text)
        yield Asked(
            WantedKind.SEARCH, row["n"], row["latest"], title="" if isbn else text, isbn=isbn
        )  # fmt: skip


# Readers of what was wanted in a period …
FEEDS: list[Callable[[date, date], Iterable[Asked]]] = [searches_in_vain]
# … and of the editions that anybody ever requested, as a query of their ids in a column `edition_id`.
REQUESTED: list[Callable[[], QuerySet[Any, Any]]] = []
PERIOD = timedelta(days=365)
