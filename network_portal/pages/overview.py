"""What a coordinator sees first: what needs a decision, how the network does, where its members are.

Each room says in one statement what waits there; a new one is a function here and its name in DECISIONS. The four
figures are counted by weeks in one statement and kept for some minutes.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.acquiring.selectors.weeding import last_about_to_go
from catalog.choices import LIVE_RUNS
from catalog.models import Run
from catalog.selectors.health import care_count
from catalog.selectors.review import Asked, pairs_left
from loans.selectors.coordinator import desk_requests, lies_here
from loans.selectors.stuck import stuck_requests
from members.choices_joining import ApplicationStatus
from members.knowledge.selectors.questions import reports_open
from members.learning.selectors import programmes_proposed
from members.models import JoinApplication
from members.selectors.agreements import versions_proposed, versions_published
from members.selectors.standing import leaving_overdue
from network_portal.core.actor import Actor
from network_portal.pages.decisions import Decision, Room, counted
from network_portal.pages.trends import WEEKS, Trend, mean, share, total, trend_of

SOON = timedelta(days=90)  # an agreement that ends within them needs a word
KEPT_SECONDS = 600


def _applications(actor: Actor) -> Decision:
    rows = JoinApplication.objects.filter(status=ApplicationStatus.WAITING)
    return counted(_("Libraries that want to join"), rows, "created_at", reverse("members:applications"))


def _desk(actor: Actor) -> Decision:
    rows = desk_requests(actor).filter(lies_here(actor)).select_related(None).prefetch_related(None)
    return counted(_("Requests on your desk"), rows, "waiting_since", reverse("loans:queue_desk"))


def _stuck(actor: Actor) -> Decision:
    rows = stuck_requests(actor).select_related(None).prefetch_related(None)
    return counted(_("Requests past their deadline"), rows, "deadline_at", reverse("loans:stuck"))


def _held_deletions(actor: Actor) -> Decision | None:
    held = Run.objects.filter(deletes_held__gt=0).exclude(status__in=LIVE_RUNS)
    # A later run of the source has settled it.
    last = held.filter(pk__in=Run.objects.values("source").annotate(last=Max("pk")).values("last"))
    found = last.aggregate(n=Count("pk"), since=Min("finished_at"), first=Min("pk"))
    if not found["n"]:
        return None
    url = reverse("catalog:run", args=[found["first"]]) if found["n"] == 1 else reverse("catalog:sources")
    return Decision(_("Catalogues that hold a large deletion back"), found["n"], url, found["since"])


def _sources(actor: Actor) -> Decision:
    return Decision(_("Catalogues that need care"), care_count(actor), reverse("catalog:sources"))


def _pairs(actor: Actor) -> Decision:
    return Decision(
        _("Records that may be one edition"), pairs_left(actor, Asked()), reverse("catalog:review")
    )


def _agreements(actor: Actor) -> Decision:
    today = timezone.localdate()
    rows = versions_published().filter(valid_until__gte=today, valid_until__lte=today + SOON)
    found = rows.order_by().aggregate(n=Count("pk", distinct=True), until=Min("valid_until"))
    url = reverse("members:agreements")
    return Decision(_("Agreements that end within 90 days"), found["n"], url, until=found["until"])


def _programmes(actor: Actor) -> Decision:
    return counted(
        _("Programmes proposed"), programmes_proposed(), "created_at", reverse("members:learning_overview")
    )


def _reports(actor: Actor) -> Decision:
    return counted(_("Reported words"), reports_open(), "at", reverse("knowledge:reports"))


def _last_copies(actor: Actor) -> Decision:
    count, since = last_about_to_go()
    url = reverse("acquiring:offers") + "?last=1"
    return Decision(_("Last copies about to be weeded that nobody took"), count, url, since)


def _proposals(actor: Actor) -> Decision:
    label = _("Agreements proposed for a whole network")
    return counted(label, versions_proposed(), "proposed_at", reverse("members:agreements"))


def _held_up(actor: Actor) -> Decision:
    """Their announced day has come, and something is still out."""
    rows = leaving_overdue(timezone.localdate())
    return counted(_("Libraries that could not leave yet"), rows, "at", reverse("members:away"))


DECISIONS: tuple[Room, ...] = (
    _applications, _held_up, _desk, _stuck, _held_deletions, _sources, _proposals, _agreements, _programmes,
    _reports, _pairs, _last_copies,
)  # fmt: skip

_BY_WEEK = """
WITH weeks AS (
    SELECT n, %(now)s - (n + 1) * interval '7 days' AS first, %(now)s - n * interval '7 days' AS last
    FROM generate_series(0, %(weeks)s - 1) AS n
)
SELECT w.n,
    (SELECT count(*) FROM loans_request r WHERE r.created_at > w.first AND r.created_at <= w.last),
    (SELECT count(*) FILTER (WHERE r.outcome = 'filled') FROM loans_request r
     WHERE r.closed_at > w.first AND r.closed_at <= w.last),
    (SELECT count(*) FROM loans_request r WHERE r.closed_at > w.first AND r.closed_at <= w.last),
    (SELECT extract(epoch FROM avg(a.received_at - r.created_at)) / 86400 FROM loans_supplyattempt a
     JOIN loans_request r ON r.id = a.request_id WHERE a.received_at > w.first AND a.received_at <= w.last),
    (SELECT count(*) FROM catalog_newtitle t WHERE t.is_first AND t.seen_at > w.first AND t.seen_at <= w.last)
FROM weeks w ORDER BY w.n DESC
"""
Week = tuple[int, int, int, int, float | None, int]


def trends() -> list[Trend]:
    """Requests, how many of them were filled, days until the book was there, titles that are new to the network."""
    weeks: list[Week] | None = cache.get("pages.overview.weeks")
    if weeks is None:
        with connection.cursor() as cursor:
            cursor.execute(_BY_WEEK, {"now": timezone.now(), "weeks": WEEKS})
            weeks = [
                (n, asked, filled, closed, float(days) if days is not None else None, new)
                for n, asked, filled, closed, days, new in cursor.fetchall()
            ]
        cache.set("pages.overview.weeks", weeks, KEPT_SECONDS)
    return [
        trend_of(_("Requests"), [week[1] for week in weeks], total),
        trend_of(_("Filled"), [(week[2], week[3]) for week in weeks], share),
        trend_of(_("Days until it is there"), [week[4] for week in weeks], mean),
        trend_of(_("New titles"), [week[5] for week in weeks], total),
    ]
