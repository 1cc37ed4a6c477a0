"""How long the figures of a year take: `python -m tests.perf.figures [requests]` on the database of DATABASE_URL.

Writes its requests with SQL inside one transaction, prints one JSON line per figure, and takes all of it back.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

LIBRARIES = 300
FILL = """
INSERT INTO members_library (short_code, name, library_type, status, address, city, province, time_zone, website,
    opac_link_pattern, email, phone, lends, loan_days, is_demo, created_at)
SELECT 'BENCH-' || n, 'Bench ' || n, 'public', 'active', '', 'Bandung', '', 'Asia/Jakarta', '', '', '', '', true, 28,
    false, now() FROM generate_series(1, %(libraries)s) n
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    import django

    django.setup()
    from django.core.cache import cache
    from django.db import connection, transaction

    from loans.figures.model import Scope, last_days
    from loans.figures.query import figures
    from members.models import Library

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"libraries": LIBRARIES})
        libraries = list(Library.objects.filter(short_code__startswith="BENCH-"))
        fill(libraries, count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE loans_request")
            cursor.execute("ANALYZE loans_supplyattempt")
        cache.clear()
        told("figures_network_year_s", lambda: figures(Scope(), last_days()), count)
        told("figures_network_again_s", lambda: figures(Scope(), last_days()), count)
        told("figures_library_year_s", lambda: figures(Scope(libraries[7].pk), last_days()), count)
        transaction.set_rollback(True)


def fill(libraries: list, count: int) -> None:  # type: ignore[type-arg]
    """Requests spread over a year: nine of ten filled, one of five after a no."""
    import random
    from datetime import timedelta

    from django.utils import timezone

    from loans.models import Request, SupplyAttempt
    from tests.members.world import make_user

    random.seed(7)
    now, reader = timezone.now(), make_user("bench@example.org")
    for begin in range(0, count, 5_000):
        rows = []
        for n in range(begin, min(begin + 5_000, count)):
            good = random.random() < 0.9
            rows.append(
                Request(
                    number=f"BENCH-{n}", title=f"Judul {n % 997}", patron=reader,
                    requesting_library=random.choice(libraries), service=("loan", "copy")[n % 3 == 0],
                    level=("normal", "rush")[n % 5 == 0], status="completed" if good else "unfilled",
                    outcome="filled" if good else "unfilled", closed_at=now - timedelta(hours=n % 8_700),
                )
            )  # fmt: skip
        attempts = []
        for request in Request.objects.bulk_create(rows):
            assert request.closed_at is not None
            begun = request.closed_at - timedelta(days=2)
            said_no = request.outcome == "unfilled" or random.random() < 0.2
            if said_no:
                attempts.append(
                    SupplyAttempt(
                        request=request, position=1, supplier=random.choice(libraries), status="refused",
                        reason_unfilled="on_loan", asked_at=begun, answered_at=begun, closed_at=begun,
                    )
                )  # fmt: skip
            if request.outcome == "filled":
                sent = begun + timedelta(hours=random.randint(2, 30))
                attempts.append(
                    SupplyAttempt(
                        request=request, position=2, round=2, supplier=random.choice(libraries), status="completed",
                        asked_at=begun, answered_at=begun + timedelta(hours=1), shipped_at=sent,
                        received_at=sent + timedelta(hours=40), due_on=sent.date(), returned_at=now,
                    )
                )  # fmt: skip
        SupplyAttempt.objects.bulk_create(attempts)


def told(name: str, call: Callable[[], object], count: int) -> None:
    begun = time.perf_counter()
    call()
    seconds = round(time.perf_counter() - begun, 3)
    sys.stdout.write(json.dumps({"figure": name, "value": seconds, "requests": count}) + "\n")


if __name__ == "__main__":
    main()
