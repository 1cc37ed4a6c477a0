"""The yearly report of a library for its director: counted once, kept as it was, and told in sentences.

`YearReport.data`: {"now", "before": a Line's numbers; "months", "months_before": [given, got] of each month;
"partners": [[name, given, got], …]; "assumed": [[kind, amount, currency, said_by, since, reason], …]}.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import SHOWN_LIBRARIES
from loans.balance.counting import freshen
from loans.balance.model import Line, Span
from loans.balance.prices import Prices
from loans.balance.reading import library_lines, month_numbers, pair_lines
from loans.models import YearReport
from members.models import Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.jobs import JobTracker, job_claim, job_create
from network_portal.core.models import JobRun
from network_portal.core.sending import task_send

KIND = "year_reports"
ASKED = "loans.year_reports.asked"
MOST_PARTNERS = 10


def report_make(*, library: Library, year: int) -> YearReport:
    """Count the year and the one before, and keep both; a report that exists is made anew."""
    data, made_at = report_data(library, year), timezone.now()
    report, _new = YearReport.objects.update_or_create(
        library=library, year=year, defaults={"data": data, "made_at": made_at}
    )
    return report


def report_data(library: Library, year: int) -> dict[str, Any]:
    span = Span.of_year(year)
    prices = Prices(span.last.replace(day=28), [library.pk]).all_of(library.pk)
    return {
        "now": _plain(library_lines(span, library)[0]),
        "before": _plain(library_lines(span.before, library)[0]),
        "last_month": span.last.month,
        "months": list(month_numbers(span, library).values()),
        "months_before": list(month_numbers(span.before, library).values()),
        "partners": [[one.name, one.given, one.got] for one in pair_lines(span, library)[:MOST_PARTNERS]],
        "assumed": [
            [one.kind, str(one.amount), one.currency, one.said_by, one.since and one.since.isoformat(), one.reason]
            for one in prices
        ],
    }  # fmt: skip


def _plain(line: Line) -> dict[str, Any]:
    return {**asdict(line), "saved": str(line.saved)}


def line_of(data: dict[str, Any]) -> Line:
    return Line(**{**data, "saved": Decimal(data["saved"])})


@transaction.atomic
def reports_ask(*, year: int, actor: Actor) -> JobRun:
    """The reports of all libraries for a year, made by a task that people can watch."""
    label, total = _("Yearly reports %(year)s") % {"year": year}, _libraries().count()
    job = job_create(kind=KIND, label=label, actor=actor, total=total)
    audit.record(ASKED, actor=actor, data={"year": year})
    transaction.on_commit(partial(task_send, "loans.tasks_balance.make_reports", job.pk, year, retry=True))
    return job


def reports_make(*, year: int, job_id: int) -> int:
    """The task's work. Idempotent: a report is replaced by its like, and a job that another worker has is left."""
    job = job_claim(KIND, job_id)
    if job is None:
        return 0
    freshen()
    with JobTracker(job) as tracker:
        for library in _libraries():
            report_make(library=library, year=year)
            tracker.advance(1, reports=1)
    return job.done


def _libraries() -> Any:
    return Library.objects.filter(status__in=SHOWN_LIBRARIES).order_by("name")
