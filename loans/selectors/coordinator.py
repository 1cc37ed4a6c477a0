"""What lies at the desk of a guided network, and what passed it. Called by the desk's pages and the access check."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from loans.choices import RequestStatus
from loans.models import CoordinatorRule, Request, RoutingPlan, SupplyAttempt
from loans.selectors.queues import ALL, OVERDUE, TO_DO, WAITING, capped, open_flags
from loans.selectors.requests import at_own_desk, last_attempts
from members.models import Network
from members.permissions import Capability
from members.selectors.networks import networks_led_by
from network_portal.core.actor import Actor

DESKS = (RequestStatus.COORDINATOR_OUT, RequestStatus.COORDINATOR_IN)


def networks_of_desk(actor: Actor) -> QuerySet[Network]:
    """The guided networks that the actor's library coordinates or stands in for; none without the capability."""
    if not actor.can(Capability.NETWORK_DESK):
        return Network.objects.none()
    return networks_led_by(actor.library_id).select_related("coordinator_library", "deputy_library")


def leads_a_network(actor: Actor) -> bool:
    """Has the actor's library a desk at all? Asked for the menu."""
    return networks_led_by(actor.library_id).exists()


def desk_requests(actor: Actor) -> QuerySet[Request]:
    """What passes the actor's desk, each with the suppliers tried."""
    if not actor.can(Capability.NETWORK_DESK):
        return Request.objects.none()
    rows = Request.objects.filter(at_own_desk(actor))
    rows = rows.select_related("requesting_library", "network__coordinator_library", "edition")
    return rows.prefetch_related(last_attempts(), open_flags())


def desk_tabs(actor: Actor) -> dict[str, Q]:
    """To do is what the actor may decide now; waiting is with members; late is to do past its deadline."""
    is_open, here = Q(closed_at=None), lies_here(actor)
    late = here & Q(deadline_at__lt=timezone.now())
    return {TO_DO: here, WAITING: is_open & ~Q(status__in=DESKS), OVERDUE: late, ALL: Q()}


def lies_here(actor: Actor) -> Q:
    """At a desk where the actor's library may act: as coordinator always, as deputy once it was handed over."""
    own = actor.library_id
    handed = Q(owner_side="coordinator", owner_library_id=own)
    led = Network.objects.filter(coordinator_library_id=own).values("pk")
    out = Q(status=RequestStatus.COORDINATOR_OUT, network_id__in=led)
    asked = SupplyAttempt.objects.filter(supplier_id=own, status="awaiting_coordinator").values("request_id")
    come_in = Q(status=RequestStatus.COORDINATOR_IN) & Q(pk__in=asked)
    return Q(closed_at=None, status__in=DESKS) & (handed | out | come_in)


def desk_count(actor: Actor) -> int:
    """How much waits at the desk, for the menu; counted to 999."""
    return capped(desk_requests(actor).filter(lies_here(actor)), 999)


def plans_of_rows(requests: Iterable[Request]) -> dict[int, RoutingPlan]:
    """The kept plan of each request's present round: one query."""
    rounds = {request.pk: request.round for request in requests}
    rows = RoutingPlan.objects.filter(request_id__in=rounds).select_related("network")
    return {plan.request_id: plan for plan in rows if plan.round == rounds[plan.request_id]}


def rules_of_network(network: Network) -> QuerySet[CoordinatorRule]:
    """In the order in which they are tried, those that go out first."""
    return CoordinatorRule.objects.filter(network=network).order_by("-direction", "position", "pk")


def rules_of_desk(actor: Actor) -> QuerySet[CoordinatorRule]:
    """Rules of the networks that the actor's library leads."""
    return CoordinatorRule.objects.filter(network__in=networks_of_desk(actor)).select_related("network")


def requests_that_arrived(network_id: int, direction: str) -> QuerySet[Request]:
    """The latest requests that came to the network's desk, newest first."""
    if direction == "out":
        rows = Request.objects.filter(network_id=network_id, round__gte=1)
    else:
        speaks = Network.objects.filter(pk=network_id).values("coordinator_library_id")
        came = SupplyAttempt.objects.filter(request=OuterRef("pk")).filter(
            Q(supplier_id__in=speaks, mode="assigned") | Q(via_id__in=speaks, mode="assigned")
        )
        rows = Request.objects.filter(~Q(network_id=network_id), Exists(came))
    return rows.select_related("edition").order_by("-pk")
