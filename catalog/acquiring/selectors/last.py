"""Reading last copies: editions that one library of the network alone holds. Set-based, also of a million editions."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.acquiring import feeds
from catalog.acquiring.choices import LineState
from catalog.acquiring.services.keeping import promises_live
from catalog.browsing.extract import sort_key
from catalog.choices import SHOWN_LIBRARIES, HeadingKind
from catalog.models import Edition, HeadingUse, Holding, KeepPromise, OfferLine
from catalog.selectors.overlap import unique_editions_of
from members.models import Library
from network_portal.core.actor import Actor

COUNT_SECONDS = 300
SORTS = {"title": ("title", "id"), "year": ("year", "id"), "newest": ("-created_at", "-id")}


@dataclass(frozen=True)
class Narrowed:
    subject: str = ""
    first_year: int | None = None
    last_year: int | None = None
    language: str = ""
    requested: str = ""  # yes, no
    kept: str = ""  # yes, no
    sort: str = "title"


def last_copies(library: Library, asked: Narrowed) -> QuerySet[Edition]:
    """Without `display`: a page reads what it shows."""
    rows = unique_editions_of(library)
    if asked.subject:
        prefix = sort_key(asked.subject)
        used = HeadingUse.objects.filter(heading__kind=HeadingKind.SUBJECT, heading__sort__startswith=prefix)
        rows = rows.filter(pk__in=used.values("edition_id"))
    if asked.first_year is not None:
        rows = rows.filter(year__gte=asked.first_year)
    if asked.last_year is not None:
        rows = rows.filter(year__lte=asked.last_year)
    if asked.language:
        rows = rows.filter(language=asked.language)
    if asked.requested in ("yes", "no"):
        ever = Q(pk=None)
        for read in feeds.REQUESTED:
            ever |= Q(Exists(read().filter(edition_id=OuterRef("pk"))))
        rows = rows.filter(ever if asked.requested == "yes" else ~ever)
    if asked.kept in ("yes", "no"):
        promised = KeepPromise.objects.filter(promises_live(), library=library, edition=OuterRef("pk"))
        rows = rows.filter(Exists(promised) if asked.kept == "yes" else ~Exists(promised))
    return rows.order_by(*SORTS.get(asked.sort, SORTS["title"]))


def count_kept(library: Library, asked: Narrowed, rows: QuerySet[Edition]) -> int:
    """Counting is the dear part of a page: the same question within five minutes is not counted again."""
    key = f"catalog.last.{library.pk}.{hash_of(asked)}"
    count: int | None = cache.get(key)
    if count is None:
        count = rows.order_by().count()
        cache.set(key, count, COUNT_SECONDS)
    return count


def hash_of(asked: Narrowed) -> str:
    return blake2b(repr(asked).encode(), digest_size=8).hexdigest()


def holders_shown(edition: Edition) -> list[int]:
    """The libraries that readers see as holding it. One query."""
    rows = Holding.objects.filter(edition=edition, library__status__in=SHOWN_LIBRARIES).order_by()
    return list(rows.values_list("library", flat=True).distinct())


def promises_of(edition: Edition) -> list[KeepPromise]:
    return list(KeepPromise.objects.filter(promises_live(), edition=edition).select_related("library"))


def promises_shown(actor: Actor, *, whose: str = "") -> QuerySet[KeepPromise]:
    rows = (
        KeepPromise.objects.filter(promises_live())
        .select_related("library", "edition")
        .defer("edition__display")
    )
    return rows.filter(library_id=actor.library_id or 0) if whose == "own" else rows


def promises_own(actor: Actor) -> QuerySet[KeepPromise]:
    rows = KeepPromise.objects.select_related("edition", "library")
    return rows.filter(library_id=actor.library_id or 0, ended_at=None)


def marks_of(library: Library, editions: list[int]) -> dict[str, Any]:
    """Of a page of last copies: which are promised, which are offered. Two queries."""
    promised = KeepPromise.objects.filter(promises_live(), library=library, edition__in=editions)
    offered = OfferLine.objects.filter(offer__library=library, edition__in=editions, state=LineState.OPEN)
    return {
        "promised": set(promised.values_list("edition", flat=True)),
        "offered": dict(offered.values_list("edition", "offer")),
    }


def languages_of(library: Library) -> list[str]:
    """Languages of its titles, for the filter; kept for an hour."""
    key = f"catalog.last.languages.{library.pk}"
    found: list[str] | None = cache.get(key)
    if found is None:
        rows = Edition.objects.filter(holdings__library=library).exclude(language="")
        found = sorted(set(rows.order_by().values_list("language", flat=True).distinct()))
        cache.set(key, found, 3600)
    return found
