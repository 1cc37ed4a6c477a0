"""Stage of the bench for the figures: a year of a million requests counted by the task, and read by page and API."""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

if TYPE_CHECKING:
    from members.models import Library
    from tests.perf.report import Report

PAGES = 20  # of each kind

# Spread over a year, with the moments that the figures count: a third are copies, one of ten is not filled.
_MOMENTS = """
UPDATE loans_supplyattempt a SET asked_at = m.begun, answered_at = m.begun + m.n %% 40 * interval '1 hour',
       status = CASE WHEN m.n %% 10 = 0 THEN 'refused' ELSE a.status END,
       reason_unfilled = CASE WHEN m.n %% 10 = 0 THEN 'on_loan' ELSE '' END,
       shipped_at = CASE WHEN m.n %% 10 > 0 THEN m.begun + (10 + m.n %% 90) * interval '1 hour' END,
       received_at = CASE WHEN m.n %% 10 > 0 THEN m.begun + (40 + m.n %% 150) * interval '1 hour' END,
       due_on = CASE WHEN m.n %% 10 > 0 THEN (m.begun + interval '34 days')::date END,
       returned_at = CASE WHEN m.n %% 10 > 0 THEN m.begun + (20 + m.n %% 20) * interval '1 day' END
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n,
               now() - interval '1 hour' * (row_number() OVER (ORDER BY id) %% 8700 + 200) AS begun
          FROM loans_supplyattempt) m WHERE m.id = a.id
"""
_ENDS = """
UPDATE loans_request r SET created_at = a.asked_at - interval '3 hours',
       service = CASE WHEN r.id %% 3 = 0 THEN 'copy' ELSE 'loan' END,
       status = CASE WHEN a.status = 'refused' AND r.outcome <> '' THEN 'unfilled' ELSE r.status END,
       outcome = CASE WHEN a.status = 'refused' AND r.outcome <> '' THEN 'unfilled' ELSE r.outcome END,
       closed_at = CASE WHEN r.closed_at IS NOT NULL THEN a.asked_at + interval '30 days' END
  FROM loans_supplyattempt a WHERE a.request_id = r.id
"""


def bench_figures(report: Report) -> None:
    """Seconds of the task, then milliseconds of what people ask for, through the real views."""
    from loans.figures.kept import keep, refresh
    from loans.figures.model import Scope, last_days
    from loans.models import Request
    from tests.loans.world import make_person

    libraries = _requests()
    coordinator = make_person("bench-figures@example.org", libraries[0], "coordinator")
    librarian = make_person("bench-counter@example.org", libraries[1], "librarian")
    started = time.perf_counter()
    refresh()
    report.add("figures_network_count_s", time.perf_counter() - started, "a year of the network, by the task")
    started = time.perf_counter()
    keep(Scope(libraries[1].pk), last_days())
    report.add("figures_library_count_s", time.perf_counter() - started, "a year of one library, by the task")
    with override_settings(ALLOWED_HOSTS=["testserver"], STAFF_MFA_REQUIRED=False):
        own = reverse("loans:figures_library", args=[libraries[1].short_code])
        network, api = reverse("loans:figures_network"), reverse("loans:api_figures")
        times = [*_times(coordinator, network), *_times(coordinator, api), *_times(librarian, own)]
    count = Request.objects.count()
    report.add(
        "figures_page_p50_ms", statistics.median(times) * 1000, f"a page of figures of {count:,} requests"
    )
    cut = statistics.quantiles(times, n=100)[94]
    report.add("figures_page_p95_ms", cut * 1000, "the same", ceiling=300)


def _requests() -> list[Library]:
    """Those of the stage before, or as many of its making; then their moments."""
    from loans.models import Request
    from members.models import Library
    from tests.loans.world import make_edition, make_person
    from tests.perf import queues

    total = int(os.environ.get("BENCH_REQUESTS", "1000000"))
    if Request.objects.count() < total:
        libraries = queues._libraries()
        queues._guided(libraries)
        patron = make_person("bench-reader2@example.org", libraries[0], "patron")
        queues.fill_requests(total, edition=make_edition("Bench"), patron=patron, libraries=libraries)
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS, [])
        cursor.execute(_ENDS, [])
        cursor.execute("VACUUM ANALYZE loans_request, loans_supplyattempt")
    asking = Request.objects.order_by().values("requesting_library").distinct()
    return list(Library.objects.filter(pk__in=asking).order_by("pk")[:2])


def _times(who: object, address: str) -> list[float]:
    client = Client()
    client.force_login(who)  # type: ignore[arg-type]
    client.get(address)  # warm
    times = []
    for _page in range(PAGES):
        started = time.perf_counter()
        answer = client.get(address)
        times.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} for {address}")
    return times
