"""Reading covers: those of a list of editions in one query, and which of them should be fetched."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from catalog.choices import CoverState
from catalog.covers import provider
from catalog.models import Cover, Edition


@dataclass(frozen=True, slots=True)
class CoverPicture:
    digest: str
    width: int  # of the large one
    height: int
    host: str  # who gave it


@dataclass(frozen=True)
class Covers:
    pictures: dict[int, CoverPicture]  # by edition
    wanted: list[int]  # never asked for, or long ago


def covers_of(edition_ids: Collection[int]) -> Covers:
    """One query; none without a provider. An old picture is shown until there is a newer one."""
    if not edition_ids or not provider.is_on():
        return Covers({}, [])
    now, pictures, known = timezone.now(), {}, set()
    rows = Cover.objects.filter(edition__in=edition_ids)
    for pk, digest, width, height, host, expires in rows.values_list(
        "edition_id", "digest", "width", "height", "host", "expires_at"
    ):
        if digest:
            pictures[pk] = CoverPicture(digest, width, height, host)
        if expires > now:
            known.add(pk)
    return Covers(pictures, [pk for pk in edition_ids if pk not in known])


def cover_due(edition_id: int) -> tuple[Edition, Cover | None] | None:
    """The edition with what is known of its cover, if it is time to ask."""
    edition = Edition.objects.filter(pk=edition_id, merged_into=None).only("display").first()
    if edition is None:
        return None
    cover = Cover.objects.filter(edition=edition).first()
    return None if cover and cover.expires_at > timezone.now() else (edition, cover)


def same_isbn(isbn: str, host: str) -> Cover | None:
    """What another edition with the same ISBN was given lately by the same provider."""
    rows = Cover.objects.filter(isbn=isbn, host=host, expires_at__gt=timezone.now())
    return rows.exclude(state=CoverState.FAILED).order_by("-checked_at").first()


def digests_in_use(forget_days: int) -> tuple[list[int], set[str]]:
    """Editions whose cover nobody has looked at for so long after its expiry; and the digests of the others."""
    before = timezone.now() - timedelta(days=forget_days)
    forgotten = list(Cover.objects.filter(expires_at__lt=before).values_list("edition_id", flat=True))
    others = Cover.objects.filter(expires_at__gte=before).exclude(digest="")
    return forgotten, set(others.values_list("digest", flat=True))


def cover_counts() -> list[tuple[str, int]]:
    """How many titles there are in each state; [] where nothing was asked for yet."""
    counts = dict(Cover.objects.values_list("state").annotate(n=Count("pk")).order_by())
    return [(str(label), counts[state]) for state, label in CoverState.choices if state in counts]
