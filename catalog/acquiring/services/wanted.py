"""The wanted list, made anew: read what was asked, join it, see what came meanwhile, write lines that stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from catalog.acquiring import feeds
from catalog.acquiring.choices import WantedKind
from catalog.acquiring.finding import editions_found
from catalog.acquiring.merging import Line, merged
from catalog.acquiring.numbers import words_of
from catalog.acquiring.services.following import asked_now
from catalog.models import ArrivedTitle, Edition, NewTitle, WantedTitle
from members.models import Library

PORTION = 2000
LOCK = 0x6A65_6A07
FIELDS = (
    "edition", "title", "author", "isbn", "year", "words", "searches", "unfilled", "wishes", "waiting", "weight",
    "libraries", "regions", "holders", "last_asked",
)  # fmt: skip


@dataclass(frozen=True)
class Remade:
    """How many titles are wanted, and how many came to the network since they were asked for."""

    wanted: int
    arrived: int


@transaction.atomic
def wanted_remake(*, today: date | None = None) -> Remade:
    """Nightly, and when asked for. A title that came after it was asked for leaves the list and is told of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = today or timezone.localdate()
    first = last - feeds.PERIOD
    lines = merged(asked_now(one for read in feeds.FEEDS for one in read(first, last)))
    arrived = _arrived(list(lines.values()))
    _tell(arrived)
    for line, _edition in arrived:
        lines.pop(line.key)
    _write(lines)
    return Remade(len(lines), len(arrived))


def _arrived(lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """Titles that nobody had and somebody has now, and editions of which a library got a copy since."""
    bare = [line for line in lines if line.edition_id is None]
    found = [(bare[at], edition) for at, edition in editions_found(bare).items()]
    by_edition = {line.edition_id: line for line in lines if line.edition_id is not None}
    ids = list(by_edition)
    for at in range(0, len(ids), PORTION):
        came = NewTitle.objects.filter(edition_id__in=ids[at : at + PORTION]).order_by()
        for edition, latest in came.values_list("edition_id").annotate(latest=Max("seen_at")):
            line = by_edition[edition]
            if timezone.localtime(latest).date() > line.last:
                found.append((line, edition))
    return found


def _tell(arrived: Iterable[tuple[Line, int]]) -> None:
    """One note for each library whose readers asked; a title is told of once."""
    rows = [
        ArrivedTitle(library_id=library, edition_id=edition, asked=asked)
        for line, edition in arrived
        for library, asked in line.libraries.items()
    ]
    ArrivedTitle.objects.bulk_create(rows, batch_size=PORTION, ignore_conflicts=True)


def _write(lines: dict[str, Line]) -> None:
    regions = {
        pk: province or city for pk, province, city in Library.objects.values_list("pk", "province", "city")
    }
    keys = list(lines)
    for at in range(0, len(keys), PORTION):
        portion = keys[at : at + PORTION]
        editions = Edition.objects.in_bulk([e for key in portion if (e := lines[key].edition_id)])
        rows = [_row(key, lines[key], editions, regions) for key in portion]
        WantedTitle.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["key"], update_fields=FIELDS
        )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_wantedtitle WHERE NOT key = ANY(%s)", [keys])


def _row(key: str, line: Line, editions: dict[int, Edition], regions: dict[int, str]) -> WantedTitle:
    edition = editions.get(line.edition_id or 0)
    title, author = (
        (edition.full_title, edition.author) if edition else (line.title or line.isbn, line.author)
    )
    subjects = edition.display.get("subjects", []) if edition else []
    own = {regions[pk] for pk in line.libraries if regions.get(pk)}
    return WantedTitle(
        key=key, edition=edition, title=title[:1000], author=author[:300], isbn=line.isbn[:13],
        year=edition.year if edition else None, words=words_of(" ".join([title, author, line.isbn, *subjects])),
        **{str(kind): line.counts[kind] for kind in WantedKind}, weight=line.weight,
        libraries={str(pk): n for pk, n in line.libraries.items()}, regions=sorted(own),
        holders=edition.library_count if edition else 0, last_asked=line.last,
    )  # fmt: skip
