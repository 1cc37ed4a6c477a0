"""The work lists: what a library asked for, what it is asked for, and everything for the coordinator.

Counts are capped: nobody reads on after ten thousand rows, and counting a million would cost more than the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, F, Model, Prefetch, Q, QuerySet
from django.utils import timezone

from loans.choices import AttemptStatus
from loans.models import Message, Request, RequestFlag, SupplyAttempt
from loans.selectors.requests import last_attempts
from loans.workflow.states import ATTEMPT_STATES, LIVE_ATTEMPT, STATES
from loans.workflow.vocabulary import Side
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor

TO_DO, WAITING, OVERDUE, ALL = TABS = ("todo", "waiting", "overdue", "all")
COUNTED = 10_000  # the page says "10,000+" beyond
Row = TypeVar("Row", bound=Model)

TO_FETCH = (AttemptStatus.ASKED, AttemptStatus.CONSIDERING, AttemptStatus.WILL_SUPPLY, AttemptStatus.SCANNING)
# Its turn by the table, but there is nothing to do until the post has come.
QUIET = {
    side: tuple(code for code, state in STATES.items() if state.side is side and not state.needs_attention)
    for side in (Side.REQUESTING, Side.SUPPLYING)
}

REQUEST_SORTS = {
    "deadline": (F("deadline_at").asc(nulls_last=True), "id"),
    "newest": ("-id",),
    "title": ("title", "id"),
}
ATTEMPT_SORTS = {
    "deadline": (F("request__deadline_at").asc(nulls_last=True), "id"),
    "newest": ("-id",),
    "title": ("request__title", "id"),
    "shelf": ("location", "call_number", "id"),
}


def open_flags(path: str = "flags") -> Prefetch[str]:
    """What is open beside the state (overdue, recalled, lost …), as `open_flags` of the request."""
    return Prefetch(path, RequestFlag.objects.filter(cleared_at=None).order_by("id"), to_attr="open_flags")


def requesting_requests(actor: Actor) -> QuerySet[Request]:
    """Requests of the actor's own library, each with the suppliers tried."""
    rows = Request.objects.filter(requesting_library_id=actor.library_id)
    return rows.select_related("patron", "requesting_library").prefetch_related(last_attempts(), open_flags())


def supplying_attempts(actor: Actor) -> QuerySet[SupplyAttempt]:
    """What the actor's library was asked for; the reader is not part of it."""
    rows = SupplyAttempt.objects.filter(supplier_id=actor.library_id)
    rows = rows.select_related("request__requesting_library")
    return rows.prefetch_related("supplier", open_flags("request__flags"))  # the supplier is one and the same


def network_requests(actor: Actor) -> QuerySet[Request]:
    """Every request of the network; nothing without the capability."""
    if not (actor.is_system or actor.can(Capability.NETWORK_REQUESTS)):
        return Request.objects.none()
    rows = Request.objects.select_related("patron", "requesting_library")
    return rows.prefetch_related(last_attempts(), open_flags())


def requesting_tabs(actor: Actor) -> dict[str, Q]:
    """The requesting queue's tabs. To do is what the portal names as the library's turn, without what only waits."""
    turn, quiet = Q(owner_side=Side.REQUESTING.value), Q(status__in=QUIET[Side.REQUESTING])
    mine = turn & Q(owner_library_id=actor.library_id)
    return _tabs(mine & ~quiet, ~turn | quiet)


def network_tabs(actor: Actor) -> dict[str, Q]:
    """For the coordinator: what stands at a coordinator's desk, what stands at others', what is late."""
    turn = Q(owner_side="coordinator")
    return _tabs(turn, ~turn)


def supplying_tabs(actor: Actor) -> dict[str, Q]:
    """To do is what waits for an answer or for sending, and what a flag (renewal, damage …) asks of the lender."""
    live = Q(status__in=LIVE_ATTEMPT)
    attention = [code for code, state in ATTEMPT_STATES.items() if state.needs_attention]
    asked = Q(request__owner_side=Side.SUPPLYING.value, request__owner_library_id=actor.library_id)
    todo = Q(status__in=attention) | (live & asked & ~Q(request__status__in=QUIET[Side.SUPPLYING]))
    late = live & asked & Q(request__deadline_at__lt=timezone.now())
    willing = Q(status=AttemptStatus.VOLUNTEERED)
    return {TO_DO: todo, WAITING: (live | willing) & ~todo, OVERDUE: late, ALL: Q()}


def _tabs(turn: Q, others: Q) -> dict[str, Q]:
    """Open is what has not been closed, and not a list of states: there is an index of just these."""
    is_open = Q(closed_at=None)
    late = Q(deadline_at__lt=timezone.now())
    return {TO_DO: is_open & turn, WAITING: is_open & others, OVERDUE: is_open & late, ALL: Q()}


def in_tab(rows: QuerySet[Row], condition: Q, sort: tuple[Any, ...]) -> QuerySet[Row]:
    """The rows of one tab, in order."""
    return rows.filter(condition).order_by(*sort)


def tab_counts(rows: QuerySet[Row], tabs: Mapping[str, Q], *, found: bool = False) -> dict[str, int]:
    """How many rows each tab has, counted to COUNTED + 1 at most, which means "more".

    `found`: the rows come from a search, whose cost is in the finding: they are looked up once for all tabs.
    """
    if not found:
        return {tab: capped(rows.filter(condition), COUNTED) for tab, condition in tabs.items()}
    counted = rows.order_by()[: COUNTED + 1].aggregate(
        **{f"n_{tab}": Count("pk", filter=condition or None) for tab, condition in tabs.items()}
    )
    return {tab: counted[f"n_{tab}"] for tab in tabs}


def capped(rows: QuerySet[Any], most: int) -> int:
    """How many, or most + 1. The rows are not fetched, sorted or joined with what only the page shows."""
    return int(rows.order_by().values("pk")[: most + 1].count())


def are_few(rows: QuerySet[Any]) -> bool:
    """May each of the rows be looked at while somebody waits?"""
    return capped(rows, COUNTED) <= COUNTED


def new_since(rows: QuerySet[Row], condition: Q, since: datetime, *, moved: str) -> int:
    """How many rows of a tab came there after a page was shown; `moved` is the column that says when."""
    return capped(rows.filter(condition, **{f"{moved}__gt": since}), 99)


def unread_by_request(actor: Actor, request_ids: Iterable[int]) -> dict[int, int]:
    """New messages to the actor's library, per request."""
    rows = Message.objects.filter(
        to_library_id=actor.library_id, read_at=None, request_id__in=list(request_ids)
    )
    return dict(rows.values_list("request_id").annotate(n=Count("pk")))


def network_libraries() -> QuerySet[Library]:
    """Libraries that the coordinator's list can be narrowed to."""
    return Library.objects.order_by("name")


def open_duties(actor: Actor) -> dict[str, int]:
    """How much stands under "To do" of the actor's queues: for menus and the home page, so counted to 999."""
    duties = {}
    if actor.can(Capability.REQUEST_MANAGE):
        duties["requesting"] = capped(requesting_requests(actor).filter(requesting_tabs(actor)[TO_DO]), 999)
    if actor.can(Capability.SUPPLY_MANAGE):
        duties["supplying"] = capped(supplying_attempts(actor).filter(supplying_tabs(actor)[TO_DO]), 999)
    return duties
