"""Who holds what others hold, over the whole network. Called by tasks_reports.py nightly and on demand.

An edition counts for every library whose holdings readers see. All of it is counted by PostgreSQL.

`OverlapReport.figures`, where `shared` is four counts of editions, held by one library, by two, by 3–5, by 6 and more
(so that it is shared with nobody, with 1, with 2–4, with 5 and more others):
{"shared": […], "formats": {format: shared}, "decades": {"1990": shared, "": shared of those without a year},
 "libraries": {library id: {the same three}}, "pairs": [[library, library, editions of both], …], "seconds"}.
"""

from __future__ import annotations

import time
from collections import defaultdict
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from catalog.choices import SHOWN_LIBRARIES
from catalog.models import OverlapReport
from catalog.selectors.report_jobs import OVERLAP, report_job
from catalog.services.job_sending import job_send
from network_portal.core.actor import Actor
from network_portal.core.jobs import JobTracker, job_create
from network_portal.core.models import JobRun

MAX_PAIRS = 2000  # the closest ones
_HELD = """
CREATE TEMP TABLE overlap_held ON COMMIT DROP AS
SELECT DISTINCT h.edition_id, h.library_id FROM catalog_holding h JOIN members_library l ON l.id = h.library_id
WHERE l.status = ANY(%s)
"""
_EDITIONS = """
CREATE TEMP TABLE overlap_edition ON COMMIT DROP AS
SELECT e.id, e.format, e.year / 10 * 10 AS decade, n.libraries,
  CASE WHEN n.libraries = 1 THEN 0 WHEN n.libraries = 2 THEN 1 WHEN n.libraries <= 5 THEN 2 ELSE 3 END AS shared
FROM (SELECT edition_id, count(*) AS libraries FROM overlap_held GROUP BY edition_id) n
JOIN catalog_edition e ON e.id = n.edition_id
"""
_NETWORK = "SELECT 0, format, decade, shared, count(*) FROM overlap_edition GROUP BY 2, 3, 4"
_LIBRARIES = """
SELECT h.library_id, e.format, e.decade, e.shared, count(*)
FROM overlap_held h JOIN overlap_edition e ON e.id = h.edition_id GROUP BY 1, 2, 3, 4
"""
_PAIRS = """
SELECT a.library_id, b.library_id, count(*)
FROM overlap_edition e JOIN overlap_held a ON a.edition_id = e.id
  JOIN overlap_held b ON b.edition_id = e.id AND b.library_id > a.library_id
WHERE e.libraries > 1 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT %s
"""
# The newest, and the last of each month.
_THIN = """
DELETE FROM catalog_overlapreport AS old USING catalog_overlapreport AS later
WHERE later.id > old.id AND date_trunc('month', later.made_at) = date_trunc('month', old.made_at)
"""


@transaction.atomic
def overlap_make() -> OverlapReport:
    """Count the whole network and keep the result; of each month the last one stays."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jit', 'off', true)")
        cursor.execute("DROP TABLE IF EXISTS overlap_held, overlap_edition")
        cursor.execute(_HELD, [[str(status) for status in SHOWN_LIBRARIES]])
        cursor.execute(_EDITIONS)
        # Without these the planner takes them for tiny and walks them row by row.
        cursor.execute("ANALYZE overlap_held, overlap_edition")
        cursor.execute(_NETWORK)
        figures = _tally(cursor.fetchall()).get("0") or _empty()
        cursor.execute(_LIBRARIES)
        figures["libraries"] = _tally(cursor.fetchall())
        cursor.execute(_PAIRS, [MAX_PAIRS])
        figures["pairs"] = [list(row) for row in cursor.fetchall()]
        figures["seconds"] = round(time.monotonic() - started, 1)
        report = OverlapReport.objects.create(figures=figures)
        cursor.execute(_THIN)
    return report


def overlap_ask(*, actor: Actor) -> JobRun:
    """Count it anew, soon; the job that does so already, if there is one."""
    job = report_job(OVERLAP)
    if job is None:
        job = job_create(kind=OVERLAP, label=_("Overlap of the network's collections"), actor=actor, total=1)
        transaction.on_commit(partial(job_send, job.pk))
    return job


def overlap_job(*, job: JobRun) -> None:
    with JobTracker(job) as tracker:
        report = overlap_make()
        tracker.advance(1, editions=sum(report.figures["shared"]))


def _empty() -> dict[str, Any]:
    return {
        "shared": [0, 0, 0, 0], "formats": defaultdict(lambda: [0, 0, 0, 0]),
        "decades": defaultdict(lambda: [0, 0, 0, 0]),
    }  # fmt: skip


def _tally(rows: list[tuple[int, str, int | None, int, int]]) -> dict[str, dict[str, Any]]:
    """Rows of (library, format, decade, shared, editions) as the counts of each library."""
    found: dict[str, dict[str, Any]] = defaultdict(_empty)
    for library, form, decade, shared, editions in rows:
        of = found[str(library)]
        decade_name = "" if decade is None else str(decade)
        for counts in (of["shared"], of["formats"][form], of["decades"][decade_name]):
            counts[shared] += editions
    return dict(found)
