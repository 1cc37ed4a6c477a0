"""Reading quality reports: the newest and the one a month before, of one source or of many; all cases of one check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Case, DurationField, ExpressionWrapper, F, When
from django.db.models.functions import Abs, Extract
from django.utils import timezone

from catalog.models import QualityReport, Source
from catalog.services.quality import check_values
from catalog.services.quality_checks import FIELDS, Check
from catalog.services.quality_sql import FACTS
from members.choices import LibraryStatus
from members.models import Library

MONTH = timedelta(days=28)
CSV_CHUNK = 2000
_FIGURES = ("source_id", "made_at", "figures__records", "figures__titles", "figures__cases")


@dataclass
class Figures:
    """Counts of one report, or the sum of several; `made_at` is the oldest of them."""

    records: int = 0
    titles: int = 0
    cases: Counter[str] = field(default_factory=Counter)
    made_at: datetime | None = None

    def add(self, other: Figures) -> None:
        self.records += other.records
        self.titles = max(self.titles, other.titles)  # of the whole library already
        self.cases.update(other.cases)
        self.made_at = min(filter(None, (self.made_at, other.made_at)), default=None)

    def share(self, check: Check) -> float | None:
        """Percent of the records that have the field; None without records."""
        return 100 * (1 - self.cases[check.code] / self.records) if self.records else None


@dataclass
class Quality:
    """How it is, and how it was a month before (or at the first report, if that is younger)."""

    now: Figures
    before: Figures | None = None

    def change(self, check: Check) -> float | None:
        """Percentage points since `before`."""
        then = self.before.share(check) if self.before else None
        here = self.now.share(check)
        return None if then is None or here is None else here - then

    def fell(self, points: float) -> list[tuple[Check, float]]:
        """Fields whose share fell by more than so many points, and by how many."""
        changes = [(check, self.change(check) or 0.0) for check in FIELDS]
        return [(check, -change) for check, change in changes if change < -points]


class QualityCase(NamedTuple):
    record_id: int
    edition_id: int | None
    identifier: str
    title: str
    value: str


def qualities_of(source_ids: Iterable[int]) -> dict[int, Quality]:
    """By source, in two queries whatever the number of sources; sources without a report are not in it."""
    reports = QualityReport.objects.filter(source__in=list(source_ids))
    newest = reports.order_by("source_id", "-id").distinct("source_id")
    found = {row[0]: Quality(_figures(row)) for row in newest.values_list(*_FIGURES)}
    month_ago = timezone.now() - MONTH
    # The youngest that is a month old, else the oldest.
    age = ExpressionWrapper(F("made_at") - month_ago, output_field=DurationField())
    earlier = reports.annotate(
        younger=Case(When(made_at__gt=month_ago, then=1), default=0), apart=Abs(Extract(age, "epoch"))
    )
    earlier = earlier.order_by("source_id", "younger", "apart").distinct("source_id")
    for row in earlier.values_list(*_FIGURES):
        quality = found[row[0]]
        if row[1] < (quality.now.made_at or row[1]):
            quality.before = _figures(row)
    return found


def quality_of_library(qualities: Sequence[Quality]) -> Quality | None:
    """Several sources as one; `before` only where each has one."""
    if not qualities:
        return None
    whole = Quality(Figures())
    for quality in qualities:
        whole.now.add(quality.now)
    if all(quality.before for quality in qualities):
        whole.before = Figures()
        for quality in qualities:
            whole.before.add(quality.before or Figures())
    return whole


def examples_of(source_ids: Sequence[int], limit: int = 10) -> dict[str, list[QualityCase]]:
    """By check, the first examples of the newest reports."""
    newest = (
        QualityReport.objects.filter(source__in=source_ids).order_by("source_id", "-id").distinct("source_id")
    )
    found: dict[str, list[QualityCase]] = {}
    for examples in newest.values_list("figures__examples", flat=True):
        for code, rows in (examples or {}).items():
            found.setdefault(code, []).extend(QualityCase(*row) for row in rows)
    return {code: cases[:limit] for code, cases in found.items()}


def cases_of(source: Source, check: Check) -> Iterator[QualityCase]:
    """All live records of the source that are a case of the check, as they are now; read in chunks."""
    if check.where:
        sql = f"SELECT id, edition_id, identifier, title, {check.value} FROM ({FACTS}) f WHERE {check.where}"  # noqa: S608
    else:
        sql = (
            "SELECT r.id, r.edition_id, r.identifier, r.draft->>'title', found.value "  # noqa: S608
            f"FROM ({check.cases}) found JOIN catalog_sourcerecord r ON r.id = found.record_id ORDER BY 5, 1"
        )
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, check_values(source))
        while rows := cursor.fetchmany(CSV_CHUNK):
            yield from (QualityCase(*row) for row in rows)


def sources_of_library(library: Library) -> list[Source]:
    return list(Source.objects.filter(library=library).select_related("library").order_by("name", "id"))


def libraries_with_sources() -> list[tuple[Library, list[Source]]]:
    """Members of the network, each with its sources, in two queries."""
    libraries = (
        Library.objects.exclude(status=LibraryStatus.LEFT).prefetch_related("sources").order_by("name")
    )
    return [(library, list(library.sources.all())) for library in libraries]


def _figures(row: tuple[Any, ...]) -> Figures:
    _source, made_at, records, titles, cases = row
    return Figures(records or 0, titles or 0, Counter(cases or {}), made_at)
