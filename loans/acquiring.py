"""What readers asked for in vain, for the catalogue's wanted list: counts by library and title, never persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils import timezone

from catalog.acquiring.choices import WantedKind
from catalog.acquiring.feeds import Asked
from catalog.acquiring.numbers import isbn_of
from catalog.models import Holding
from loans.choices import OPEN_STATUSES, Outcome
from loans.models import Request

LONG_WAIT = timedelta(days=14)  # who gives up after it has waited in vain
CROWD = 3  # open requests that make a queue


def _in_vain() -> Q:
    """Not filled, closed by the coordinator, or cancelled after a long wait."""
    given_up = Q(outcome=Outcome.CANCELLED, closed_at__gt=F("created_at") + LONG_WAIT)
    return Q(outcome__in=(Outcome.UNFILLED, Outcome.CLOSED)) | given_up


def _period(first: date, last: date) -> QuerySet[Request]:
    """By moments, so that the index of days asked for is of use; whole works alone."""
    zone = timezone.get_current_timezone()
    start = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    return Request.objects.filter(created_at__gte=start, created_at__lt=end, part_key="").order_by()


def asked_in_vain(first: date, last: date) -> Iterator[Asked]:
    """Requests for editions that nobody could lend, and for titles that no catalogue has."""
    rows = _period(first, last)
    held = rows.filter(_in_vain(), edition__isnull=False).values("edition_id", "requesting_library_id")
    for row in held.annotate(n=Count("pk"), latest=Max("created_at")).iterator():
        yield _asked(WantedKind.UNFILLED, row, edition_id=row["edition_id"])
    bare = rows.filter(_in_vain() | Q(status__in=OPEN_STATUSES), edition=None)
    by_title = bare.values("title", "citation__author", "identifiers__isbn", "requesting_library_id")
    wish: Mapping[str, Any]
    for wish in by_title.annotate(n=Count("pk"), latest=Max("created_at")).iterator():
        isbn = isbn_of(str(wish["identifiers__isbn"] or ""))
        author = str(wish["citation__author"] or "")
        yield _asked(WantedKind.WISH, wish, title=wish["title"], author=author, isbn=isbn)


def asked_by_crowds(first: date, last: date) -> Iterator[Asked]:
    """Editions with more open requests than copies that could be lent."""
    waiting = Request.objects.filter(status__in=OPEN_STATUSES, edition__isnull=False, part_key="").order_by()
    crowds = (
        waiting.values("edition_id").annotate(n=Count("pk"), first=Min("created_at")).filter(n__gte=CROWD)
    )
    times = {row["edition_id"]: row["n"] for row in crowds}
    copies: dict[int, int] = {}
    for edition, count in (
        Holding.objects.filter(edition__in=times).order_by().values_list("edition", "item_count")
    ):
        copies[edition] = copies.get(edition, 0) + count
    scarce = [edition for edition, n in times.items() if n > copies.get(edition, 0)]
    rows = waiting.filter(edition__in=scarce).values("edition_id", "requesting_library_id")
    for row in rows.annotate(n=Count("pk"), latest=Max("created_at")).iterator():
        yield _asked(WantedKind.WAITING, row, edition_id=row["edition_id"])


def requested_editions() -> QuerySet[Any, Any]:
    """Editions that anybody ever asked for."""
    return Request.objects.filter(edition__isnull=False).order_by().values("edition_id")


def _asked(kind: WantedKind, row: Mapping[str, Any], **what: Any) -> Asked:
    day = timezone.localtime(row["latest"]).date()
    return Asked(kind, row["n"], day, library_id=row["requesting_library_id"], **what)
