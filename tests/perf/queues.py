"""Stage of the bench for the work lists: pages of the three queues with a million requests, through the real views."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

if TYPE_CHECKING:
    from catalog.models import Edition
    from members.models import Library, Network, User
    from tests.perf.report import Report

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1000000"))
LIBRARIES = 300
PAGES = 40  # of each kind

# One in twenty is open. Who has to act differs, as the states do.
_REQUESTS = """
INSERT INTO loans_request (
    number, service, level, genre, source, edition_id, title, citation, identifiers, part, part_key, any_edition,
    copies,
    purpose, patron_id, patron_key, patron_note, requesting_library_id, policy_version, status, outcome, outcome_reason,
    outcome_note, checks, unmediated, plan, round, released_round, epoch, version, converted_from, reopened, owner_side,
    owner_library_id, waiting_since, deadline_at, renewals, transit_days, currency, created_at, changed_at, closed_at
)
SELECT 'B' || l || '-2026-' || lpad(n::text, 7, '0'), 'loan', CASE WHEN n %% 50 = 0 THEN 'rush' ELSE 'normal' END,
    'book',
    'record', %(edition)s, (ARRAY['Zebra','Harimau','Gajah','Badak','Komodo','Rusa'])[1 + n %% 6] || ' ' || n,
    '{"author": "Hirata, Andrea"}', '{}', '{}', 'part-' || n, false, 1, '', %(patron)s, '', '', l, 0,
    CASE WHEN n %% 20 = 0 THEN (ARRAY['submitted','asked','lent','received'])[1 + (n / 20) %% 4] ELSE 'completed' END,
    CASE WHEN n %% 20 = 0 THEN '' ELSE 'filled' END, '', '', '[]', false, '{}', 1, 0, 0, 3, '', 0,
    CASE WHEN n %% 20 = 0 THEN (ARRAY['requesting','supplying','patron','requesting'])[1 + (n / 20) %% 4]
        ELSE 'none' END,
    CASE WHEN n %% 20 <> 0 THEN NULL WHEN (n / 20) %% 4 = 1 THEN s ELSE l END,
    now() - n * interval '10 seconds',
    CASE WHEN n %% 20 = 0 THEN now() + (n %% 500 - 50) * interval '1 hour' END, 0, 3, '',
    now() - n * interval '10 seconds', now(), CASE WHEN n %% 20 = 0 THEN NULL ELSE now() END
FROM (SELECT n, (%(libraries)s::bigint[])[1 + n %% %(count)s] AS l,
             (%(libraries)s::bigint[])[1 + (n + 1) %% %(count)s] AS s
      FROM generate_series(0, %(total)s - 1) n) AS numbers
"""
_ATTEMPTS = """
INSERT INTO loans_supplyattempt (
    request_id, round, stage, position, supplier_id, mode, epoch, rank, why, status, reason_unfilled, retry_reason,
    note, conditions, condition_currency, call_number, location, barcode, tracking, return_tracking, renewed_count,
    asked_at, deadline_at, closed_at
)
SELECT id, 1, 0, 0,
    (%(libraries)s::bigint[])[1 + array_position(%(libraries)s::bigint[], requesting_library_id) %% %(count)s],
    'seq', 0, '{}', '[]', CASE status WHEN 'asked' THEN 'asked' WHEN 'completed' THEN 'completed' ELSE 'received' END,
    '', '', '', '[]', '', '899.221 3 HIR', 'Lt. 2', '', '', '', 0, created_at, deadline_at, closed_at
FROM loans_request WHERE status <> 'submitted' AND number ~ '^B[0-9]+-2026-'
"""


def fill_requests(total: int, *, edition: Edition, patron: User, libraries: Sequence[Library]) -> None:
    """`total` requests with their attempts, straight into the tables; statistics as the server would have them."""
    values = {
        "total": total, "edition": edition.pk, "patron": patron.pk, "libraries": [one.pk for one in libraries],
        "count": len(libraries),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_REQUESTS, values)
        cursor.execute(_ATTEMPTS, values)
        # What autovacuum does in the background: the index of words takes in what waits beside it.
        cursor.execute("SELECT gin_clean_pending_list('request_search')")
        cursor.execute("ANALYZE loans_request, loans_supplyattempt")


def bench_queues(report: Report) -> None:
    """Seconds of a queue page, every kind of address in turn, by a librarian and by the coordinator."""
    from tests.loans.world import make_edition, make_person

    libraries = _libraries()
    network = _guided(libraries)
    librarian = make_person("bench-desk@example.org", libraries[0], "librarian")
    coordinator = make_person("bench-network@example.org", libraries[0], "coordinator")
    patron = make_person("bench-reader@example.org", libraries[0], "patron")
    started = time.perf_counter()
    fill_requests(REQUESTS, edition=make_edition("Bench"), patron=patron, libraries=libraries)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM loans_request, loans_supplyattempt")
    report.add(
        "queue_requests", REQUESTS, f"requests in the tables, made in {time.perf_counter() - started:.0f} s"
    )
    with override_settings(ALLOWED_HOSTS=["testserver"], STAFF_MFA_REQUIRED=False):
        times = [*_pages(librarian, LIBRARIAN), *_pages(coordinator, COORDINATOR)]
        _told(report, "queue_page", "a page of the queues, through the view", times)
        _at_a_desk(network, libraries[0])
        _told(report, "desk_page", "a page of a guided network's desk", _pages(coordinator, DESK))


def _told(report: Report, name: str, what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100)
    report.add(f"{name}_p50_ms", cuts[49] * 1000, what)
    report.add(f"{name}_p95_ms", cuts[94] * 1000, "the same", ceiling=200)


def _guided(libraries: Sequence[Library]) -> Network:
    from members.models import Network, NetworkMember

    network = Network.objects.create(
        code="BENCH", name="Jaringan", topology="mesh", guided=True, coordinator_library=libraries[0]
    )
    NetworkMember.objects.bulk_create(NetworkMember(network=network, library=one) for one in libraries)
    return network


def _at_a_desk(network: Network, library: Library) -> None:
    """All that is open passes one desk, and a hundredth of it waits there."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE loans_request SET network_id = %s WHERE closed_at IS NULL", [network.pk])
        cursor.execute(
            "UPDATE loans_request SET status = 'coordinator_out', owner_side = 'coordinator', "
            "owner_library_id = %s WHERE status = 'submitted' AND number ~ '^B[0-9]+-2026-' "
            "AND right(number, 7)::int %% 2000 = 0",
            [library.pk],
        )
        cursor.execute("VACUUM ANALYZE loans_request")


LIBRARIAN = tuple(
    (name, query)
    for name in ("queue_requesting", "queue_supplying")
    for query in (
        {},
        {"tab": "waiting"},
        {"tab": "overdue"},
        {"tab": "all"},
        {"q": "zebra"},
        {"level": "rush"},
    )
)
COORDINATOR = tuple(
    ("queue_network", query)
    for query in (
        {},
        {"tab": "todo"},
        {"tab": "waiting"},
        {"tab": "overdue"},
        {"q": "komodo 77"},
        {"status": "asked"},
    )
)
DESK = tuple(("queue_desk", query) for query in ({}, {"tab": "waiting"}, {"tab": "overdue"}, {"q": "zebra"}))


def _pages(who: User, kinds: Sequence[tuple[str, dict[str, str]]]) -> list[float]:
    client = Client()
    client.force_login(who)
    for name, query in kinds:
        client.get(reverse(f"loans:{name}"), query)  # warm
    dice, times = random.Random(4), []
    for _page in range(PAGES * len(kinds)):
        name, query = dice.choice(kinds)
        started = time.perf_counter()
        answer = client.get(reverse(f"loans:{name}"), query)
        times.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} for {name} {query}")
    return times


def _libraries() -> list[Library]:
    from members.choices import LibraryType
    from members.models import Library

    made = [
        Library(
            short_code=f"Q{number}",
            name=f"Perpustakaan {number}",
            city="Kota",
            library_type=LibraryType.PUBLIC,
        )
        for number in range(LIBRARIES)
    ]
    return Library.objects.bulk_create(made)
