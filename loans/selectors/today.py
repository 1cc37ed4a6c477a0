"""A library's day at its two counters: what is to do by the state it is in, and its last weeks in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from loans.choices import AttemptStatus, RequestStatus
from loans.models import Request, SupplyAttempt
from loans.selectors.queues import TO_DO, requesting_tabs, supplying_tabs
from loans.workflow.states import ATTEMPT_STATES, STATES
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Pile:
    """Requests in the same state that wait for the library, since when the oldest does, how many past their time."""

    queue: str  # requesting, supplying
    status: str
    label: str
    count: int
    since: datetime | None
    late: int

    @property
    def is_work(self) -> bool:
        """Does the state itself ask for something, or only what was marked beside it?"""
        states = STATES if self.queue == "requesting" else ATTEMPT_STATES
        return states[self.status].needs_attention


def piles_of(actor: Actor) -> list[Pile]:
    """What stands under "To do" of the actor's queues, in the order of the work. A query for each queue."""
    found: list[Pile] = []
    if actor.can(Capability.REQUEST_MANAGE):
        rows = Request.objects.filter(requesting_tabs(actor)[TO_DO], requesting_library_id=actor.library_id)
        found += _piles("requesting", rows, "", RequestStatus, list(STATES))
    if actor.can(Capability.SUPPLY_MANAGE):
        asked = SupplyAttempt.objects.filter(supplying_tabs(actor)[TO_DO], supplier_id=actor.library_id)
        found += _piles("supplying", asked, "request__", AttemptStatus, list(ATTEMPT_STATES))
    return found


def _piles(queue: str, rows: QuerySet[Any], at: str, labels: Any, order: list[str]) -> list[Pile]:
    """`at`: the way from a row to its request."""
    late = Count("pk", filter=Q(**{f"{at}deadline_at__lt": timezone.now()}))
    told = (
        rows.order_by()
        .values("status")
        .annotate(n=Count("pk"), since=Min(F(f"{at}waiting_since")), late=late)
    )
    piles = [
        Pile(queue, row["status"], str(labels(row["status"]).label), row["n"], row["since"], row["late"])
        for row in told
    ]
    return sorted(piles, key=lambda pile: order.index(pile.status))


# Each event of the library since the first week, once; then by week. 0 is the week that ends now.
_WEEKS = """
WITH told AS (
  SELECT coalesce(a.shipped_at, a.uploaded_at) AS at, 'lent' AS what, NULL::float AS days
    FROM loans_supplyattempt a
   WHERE a.supplier_id = %(library)s AND coalesce(a.shipped_at, a.uploaded_at) > %(first)s
     AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
  UNION ALL
  SELECT coalesce(a.received_at, a.uploaded_at), 'came',
         extract(epoch FROM coalesce(a.received_at, a.uploaded_at) - r.created_at) / 86400
    FROM loans_request r JOIN loans_supplyattempt a ON a.request_id = r.id
   WHERE r.requesting_library_id = %(library)s AND coalesce(a.received_at, a.uploaded_at) > %(first)s
     AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
  UNION ALL
  SELECT closed_at, CASE outcome WHEN 'filled' THEN 'filled' ELSE 'closed' END, NULL
    FROM loans_request WHERE requesting_library_id = %(library)s AND closed_at > %(first)s
)
SELECT floor(extract(epoch FROM %(now)s - at) / 604800)::int, count(*) FILTER (WHERE what = 'lent'),
       count(*) FILTER (WHERE what = 'came'), count(*) FILTER (WHERE what = 'filled'),
       count(*) FILTER (WHERE what IN ('filled', 'closed')), avg(days)
  FROM told WHERE at <= %(now)s GROUP BY 1
"""


@dataclass(frozen=True)
class Week:
    lent: int = 0
    came: int = 0
    filled: int = 0
    closed: int = 0
    days: float | None = None  # from the wish to the book, mean


def weeks_of(library_id: int, weeks: int, now: datetime) -> list[Week]:
    """The last weeks of a library, the oldest first; one statement."""
    values: dict[str, Any] = {"library": library_id, "now": now, "first": now - timedelta(days=7 * weeks)}
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, values)
        found = {
            number: Week(lent, came, filled, closed, float(days) if days is not None else None)
            for number, lent, came, filled, closed, days in cursor.fetchall()
        }
    return [found.get(number, Week()) for number in range(weeks - 1, -1, -1)]
