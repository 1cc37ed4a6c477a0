"""Stage of the bench for the clock: thousands of requests nobody answered are passed on, each to its next library."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.test import override_settings
from django.utils import timezone

if TYPE_CHECKING:
    from tests.perf.report import Report

STALE = int(os.environ.get("BENCH_STALE", "10000"))
LIBRARIES = 100
TITLES = 50
HOLDERS = 8  # of each title

# Each of the real requests many times over, with the plan it was given and the library that was asked.
_COPY = """
INSERT INTO {table} ({columns})
SELECT {values} FROM {table} AS t CROSS JOIN generate_series(1, %(times)s) n {joins}
"""


def bench_expiry(report: Report) -> None:
    """Seconds from the tick of the clock until every stale request is with its next library and every desk is told."""
    from loans.models import Request, SupplyAttempt
    from loans.services.timers import expire_unanswered
    from network_portal.core.models import OutgoingMail

    started = time.perf_counter()
    with override_settings(STAFF_MFA_REQUIRED=False):
        _originals()
    _copies(STALE // TITLES - 1)
    late = timezone.now() - timedelta(hours=1)
    stale = Request.objects.filter(status="asked", number__startswith="E")
    stale.update(deadline_at=late, times_out_at=late)
    OutgoingMail.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    count = stale.count()
    report.add("expiry_requests", count, f"stale requests, made in {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    moved = expire_unanswered()
    seconds = time.perf_counter() - started
    again = SupplyAttempt.objects.filter(request__in=stale, status="asked").count()
    if not count or moved != count or again != count:
        raise SystemExit(f"{moved} of {count} moved, {again} asked again")
    report.add("expiry_seconds", seconds, f"to expire and re-route {count} stale requests", ceiling=60)
    report.add("expiry_mails", OutgoingMail.objects.count(), "mails that told the desks of it")


def _originals() -> None:
    """One real request for each title, asked of its first library."""
    from loans.services import request_submit
    from loans.workflow import engine
    from members.choices import LibraryType
    from members.models import Library, Network, NetworkMember
    from members.working import working_of
    from tests.loans.world import make_edition, make_holding, make_person

    libraries = Library.objects.bulk_create(
        Library(
            short_code=f"E{n}",
            name=f"Perpustakaan {n}",
            city="Kota",
            library_type=LibraryType.PUBLIC,
            email=f"desk{n}@example.org",
            latitude=-6 - n / 100,
            longitude=107 + n / 100,
        )
        for n in range(LIBRARIES)
    )
    network = Network.objects.create(code="EXPIRY", name="Jaringan", topology="mesh")
    NetworkMember.objects.bulk_create(NetworkMember(network=network, library=one) for one in libraries)
    for n in range(TITLES):
        home = libraries[n]
        edition = make_edition(f"Judul {n}")
        for k in range(1, HOLDERS + 1):
            make_holding(libraries[(n + 7 * k) % LIBRARIES], edition)
        desk = working_of(make_person(f"expiry{n}@example.org", home, "librarian")).actor
        reader = make_person(f"expiry-reader{n}@example.org", home, "patron")
        request = request_submit(edition=edition, patron=reader, requesting_library=home, actor=desk)
        engine.transition(request, "approve", desk)


def _copies(times: int) -> None:
    from loans.models import Request, RoutingPlan, SupplyAttempt

    _copy(
        Request, times, {"number": "t.number || '-' || n", "part_key": "'part-' || n", "submit_key": "NULL"}
    )
    joins = (
        "JOIN loans_request o ON o.id = t.request_id JOIN loans_request c ON c.number = o.number || '-' || n"
    )
    for model in (SupplyAttempt, RoutingPlan):
        _copy(model, times, {"request_id": "c.id"}, joins)


def _copy(model: type, times: int, own: dict[str, str], joins: str = "") -> None:
    meta = model._meta  # type: ignore[attr-defined]
    columns = [f.column for f in meta.concrete_fields if not f.primary_key and not f.generated]
    values = ", ".join(own.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    sql = _COPY.format(table=meta.db_table, columns=names, values=values, joins=joins)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"times": times})
