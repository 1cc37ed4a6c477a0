"""Quality reports: how good a source's records are. Called by tasks_reports.py after runs, nightly, and on demand.

Everything is counted by PostgreSQL out of the stored drafts: no record is loaded into Python but the examples.

`QualityReport.figures`: {"records": live records, "titles": editions of its whole library that search should show,
"cases": {check: records}, "examples": {check: [[record, edition or null, identifier, title, value], …]}, "seconds"}.
Only the newest report of a source keeps its examples.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import QualityReport, Run, Source
from catalog.selectors.report_jobs import QUALITY, report_job
from catalog.services.job_sending import job_send
from catalog.services.quality_checks import DUPLICATES, FIELDS, SUSPICIOUS, Check
from catalog.services.quality_sql import FACTS, TITLES_PER_ISBN
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.jobs import JobTracker, job_create
from network_portal.core.models import JobRun

log = structlog.get_logger(__name__)
EXAMPLES = 10
EVERY = timedelta(hours=1)  # of one source, after runs
KEEP_DAYS = timedelta(days=35)  # so long one report a day is kept, later one a month
# Places where books for Indonesian libraries appear, beside the cities of the members.
PLACES = frozenset(
    {"jakarta", "bandung", "yogyakarta", "jogjakarta", "surabaya", "semarang", "malang", "surakarta", "solo", "bogor",
     "depok", "medan", "padang", "makassar", "denpasar", "djakarta", "london", "new york", "singapore",
     "kuala lumpur", "amsterdam", "leiden", "cairo", "beirut", "tokyo", "paris", "oxford", "cambridge"}
)  # fmt: skip
RANKS = (0.30, 0.15, 0.05)  # below how large a share of faulty records each rank begins
UNRANKED = 2
_ROW_CHECKS = (*FIELDS, *SUSPICIOUS)
# Editions that the index has under the library: those with a holding of it (search/documents.py).
_TITLES = "SELECT count(DISTINCT edition_id) FROM catalog_holding WHERE library_id = %(library)s"
_SAME_PERIOD = """
DELETE FROM catalog_qualityreport AS old USING catalog_qualityreport AS later
WHERE old.source_id = %(source)s AND later.source_id = old.source_id AND later.id > old.id
  AND (date_trunc('day', later.made_at) = date_trunc('day', old.made_at)
    OR (old.made_at < %(daily)s AND date_trunc('month', later.made_at) = date_trunc('month', old.made_at)))
"""
_FORGET_EXAMPLES = """
UPDATE catalog_qualityreport SET figures = figures - 'examples'
WHERE source_id = %(source)s AND id <> %(newest)s AND figures ? 'examples'
"""


@transaction.atomic
def quality_make(*, source: Source) -> QualityReport:
    """Look over the live records of the source and keep what was found. Takes some 20 seconds per million records."""
    started = time.monotonic()
    values = check_values(source)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jit', 'off', true)")  # compiling costs more than these queries
        # Unpacked once; each check then reads a narrow table.
        cursor.execute("DROP TABLE IF EXISTS quality_fact")
        cursor.execute(f"CREATE TEMP TABLE quality_fact ON COMMIT DROP AS {FACTS}", values)
        records, cases = _count_rows(cursor, values)
        examples = {
            check.code: _examples(cursor, check, values) for check in _ROW_CHECKS if cases[check.code]
        }
        for check in DUPLICATES:
            cases[check.code], examples[check.code] = _compare(cursor, check, values)
        cursor.execute(_TITLES, values)
        titles = cursor.fetchone()[0]
    figures = {
        "records": records, "titles": titles, "cases": cases, "examples": examples,
        "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip
    report = QualityReport.objects.create(source=source, figures=figures)
    source.quality_rank = rank_of(figures)
    source.save(update_fields=["quality_rank"])
    _thin(report)
    return report


def rank_of(figures: dict[str, Any]) -> int:
    """0 to 3: how far this source's records are to be trusted where records of one edition say different things.

    By the mean share of its records that a check finds fault with.
    """
    if not figures["records"]:
        return UNRANKED
    found = [figures["cases"].get(check.code, 0) for check in _ROW_CHECKS]
    fault = sum(found) / len(found) / figures["records"]
    return sum(fault < limit for limit in RANKS)


def quality_ask(*, library: Library, actor: Actor) -> JobRun:
    """Work the reports of all the library's sources out, soon; the job that does so already, if there is one."""
    job = report_job(QUALITY, library)
    if job is None:
        label = _("Quality of the records of %(library)s") % {"library": library.name}
        total = Source.objects.filter(library=library).count()
        job = job_create(
            kind=QUALITY, label=label, actor=actor, total=total, target=library, library_id=library.pk
        )
        transaction.on_commit(partial(job_send, job.pk))
    return job


def quality_all(*, job: JobRun) -> None:
    """The reports of the sources of the job's library, or, where it is of none, of the whole network."""
    sources = Source.objects.all()
    if job.library_id:
        sources = sources.filter(library=job.library_id)
    with JobTracker(job) as tracker:
        for source in sources.select_related("library"):
            try:
                report = quality_make(source=source)
            except DatabaseError as error:  # one source must not keep the others waiting
                log.exception("quality_report_failed", source=source.pk)
                tracker.advance(1, failed=1)
                tracker.log(f"{source}: {error}")
            else:
                tracker.advance(1, records=report.figures["records"])


def quality_wait(*, run_id: int) -> tuple[int, float] | None:
    """The source that a finished run changed, and in how many seconds its report is due; None: nothing changed."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        return None
    made_at = QualityReport.objects.filter(source=run.source_id).values_list("made_at", flat=True).first()
    if made_at is None:
        return run.source_id, 0.0
    if not (run.created or run.updated or run.deleted):
        return None
    return run.source_id, max(0.0, (made_at + EVERY - timezone.now()).total_seconds())


def check_values(source: Source) -> dict[str, Any]:
    """The values that the SQL of the checks asks for."""
    cities = {city.lower() for city in Library.objects.values_list("city", flat=True).distinct() if city}
    return {
        "source": source.pk, "library": source.library_id, "next_year": timezone.localdate().year + 1,
        "titles": TITLES_PER_ISBN, "places": sorted(PLACES | cities),
    }  # fmt: skip


def _count_rows(cursor: Any, values: dict[str, Any]) -> tuple[int, dict[str, int]]:
    filters = ", ".join(f"count(*) FILTER (WHERE {check.where})" for check in _ROW_CHECKS)
    cursor.execute(f"SELECT count(*), {filters} FROM quality_fact", values)  # noqa: S608  constants
    records, *counts = cursor.fetchone()
    return records, {check.code: count for check, count in zip(_ROW_CHECKS, counts, strict=True)}


def _examples(cursor: Any, check: Check, values: dict[str, Any]) -> list[list[Any]]:
    cursor.execute(
        f"SELECT id, edition_id, identifier, left(title, 200), {check.value} FROM quality_fact "  # noqa: S608
        f"WHERE {check.where} LIMIT {EXAMPLES}",
        values,
    )
    return [list(row) for row in cursor.fetchall()]


def _compare(cursor: Any, check: Check, values: dict[str, Any]) -> tuple[int, list[list[Any]]]:
    """Number and first examples of what shows only between records."""
    cursor.execute(
        f"WITH found AS MATERIALIZED ({check.cases}) "  # noqa: S608
        "SELECT f.id, f.edition_id, f.identifier, left(f.title, 200), found.value, count(*) OVER () "
        f"FROM found JOIN quality_fact f ON f.id = found.record_id ORDER BY found.value, f.id LIMIT {EXAMPLES}",
        values,
    )
    rows = cursor.fetchall()
    return (rows[0][-1] if rows else 0), [list(row[:-1]) for row in rows]


def _thin(newest: QualityReport) -> None:
    """One report a day for five weeks, one a month for ever; the examples of the newest alone."""
    values: dict[str, Any] = {
        "source": newest.source_id,
        "newest": newest.pk,
        "daily": timezone.now() - KEEP_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAME_PERIOD, values)
        cursor.execute(_FORGET_EXAMPLES, values)
