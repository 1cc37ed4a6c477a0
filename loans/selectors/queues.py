"""The work lists: what a library asked for, what it is asked for, and everything for the coordinator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Count, F, Model, Q, QuerySet
from django.utils import timezone

from loans.models import Message, Request, SupplyAttempt
from loans.selectors.requests import last_attempts
from loans.workflow.states import ATTEMPT_STATES, LIVE_ATTEMPT, OPEN, codes_where
from loans.workflow.vocabulary import Side
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor

TO_DO, WAITING, OVERDUE, ALL = TABS = ("todo", "waiting", "overdue", "all")
Row = TypeVar("Row", bound=Model)

REQUEST_SORTS = {
    "deadline": (F("deadline_at").asc(nulls_last=True), "id"),
    "newest": ("-id",),
    "title": ("title", "id"),
}
ATTEMPT_SORTS = {
    "deadline": (F("deadline_at").asc(nulls_last=True), "id"),
    "newest": ("-id",),
    "title": ("request__title", "id"),
}


def requesting_requests(actor: Actor) -> QuerySet[Request]:
    """Requests of the actor's own library, each with the suppliers tried."""
    rows = Request.objects.filter(requesting_library_id=actor.library_id).select_related(
        "patron", "requesting_library"
    )
    return rows.prefetch_related(last_attempts())


def supplying_attempts(actor: Actor) -> QuerySet[SupplyAttempt]:
    """What the actor's library was asked for; the reader is not part of it."""
    return SupplyAttempt.objects.filter(supplier_id=actor.library_id).select_related(
        "request__requesting_library"
    )


def network_requests(actor: Actor) -> QuerySet[Request]:
    """Every request of the network; nothing without the capability."""
    if not (actor.is_system or actor.can(Capability.NETWORK_REQUESTS)):
        return Request.objects.none()
    return Request.objects.select_related("patron", "requesting_library").prefetch_related(last_attempts())


def requesting_tab(tab: str) -> Q:
    """The condition of a tab of the requesting queue (and of the network's)."""
    todo = Q(status__in=codes_where(Side.REQUESTING, attention=True))
    return {
        TO_DO: todo,
        WAITING: Q(status__in=OPEN) & ~todo,
        OVERDUE: Q(status__in=OPEN, deadline_at__lt=timezone.now()),
    }.get(tab, Q())


def supplying_tab(tab: str) -> Q:
    """The condition of a tab of the supplying queue."""
    todo = Q(status__in=[code for code, state in ATTEMPT_STATES.items() if state.needs_attention])
    return {
        TO_DO: todo,
        WAITING: Q(status__in=LIVE_ATTEMPT) & ~todo,
        OVERDUE: Q(status__in=LIVE_ATTEMPT, deadline_at__lt=timezone.now()),
    }.get(tab, Q())


def in_tab(rows: QuerySet[Row], condition: Q, sort: tuple[Any, ...]) -> QuerySet[Row]:
    """The rows of one tab, in order."""
    return rows.filter(condition).order_by(*sort)


def tab_counts(rows: QuerySet[Row], tabs: dict[str, Q]) -> dict[str, int]:
    """How many rows each tab has, in one query."""
    counts: dict[str, int] = rows.order_by().aggregate(
        **{
            f"n_{tab}": Count("pk", filter=condition) if condition else Count("pk")
            for tab, condition in tabs.items()
        }
    )
    return {tab: counts[f"n_{tab}"] for tab in tabs}


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
    """How much stands under "To do" on either side of the actor's library: for menus and the home page."""
    duties = {}
    if actor.can(Capability.REQUEST_MANAGE):
        duties["requesting"] = requesting_requests(actor).filter(requesting_tab(TO_DO)).count()
    if actor.can(Capability.SUPPLY_MANAGE):
        duties["supplying"] = supplying_attempts(actor).filter(supplying_tab(TO_DO)).count()
    return duties
