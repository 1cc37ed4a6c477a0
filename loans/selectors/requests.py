"""One request, or a reader's own, with what their pages show. Another library's request is simply not there."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from loans.models import Message, Request, RequestEvent, RequestFlag, SupplyAttempt
from loans.workflow.states import LIVE_ATTEMPT, STATES
from members.models import NetworkLink
from members.permissions import Capability
from members.selectors.networks import networks_led_by
from network_portal.core.actor import Actor


def requests_visible_to(actor: Actor) -> QuerySet[Request]:
    """For staff: what the own library asked for or was asked for; for a coordinator, everything."""
    rows = Request.objects.select_related("requesting_library", "patron")
    if actor.is_system or actor.can(Capability.NETWORK_REQUESTS):
        return rows
    mine = Q()
    if actor.can(Capability.REQUEST_MANAGE):
        mine |= Q(requesting_library_id=actor.library_id)
    if actor.can(Capability.SUPPLY_MANAGE):
        tried = SupplyAttempt.objects.filter(request=OuterRef("pk"), supplier_id=actor.library_id)
        mine |= Q(Exists(tried))
    if actor.can(Capability.NETWORK_DESK):
        mine |= at_own_desk(actor)
    return rows.filter(mine) if mine else rows.none()


def at_own_desk(actor: Actor) -> Q:
    """Requests that pass the guided networks which the actor's library coordinates or stands in for: of their members,
    once a library has let them out, and those handed over by other networks."""
    networks = list(networks_led_by(actor.library_id))
    if not networks:
        return Q(pk=None)
    led = [network.pk for network in networks]
    own = Q(network_id__in=led, round__gte=1)
    if not NetworkLink.objects.filter(Q(left__in=led) | Q(right__in=led)).exists():
        return own
    speakers = [network.coordinator_library_id for network in networks]
    came_in = SupplyAttempt.objects.filter(
        Q(supplier_id__in=speakers, status="awaiting_coordinator") | Q(via_id__in=speakers, mode="assigned")
    )
    return own | Q(pk__in=came_in.values("request_id"))


def request_seen_by(actor: Actor, number: str) -> Request:
    """One request for a staff page, with attempts and history. Raises Request.DoesNotExist.

    A supplying library gets its own attempts and their history only, never the reader's other suppliers.
    """
    attempts = SupplyAttempt.objects.select_related("supplier").order_by("round", "position")
    events = RequestEvent.objects.select_related("attempt__supplier", "library").order_by("version")
    if not sees_requesting_side(actor, requests_visible_to(actor).get(number=number)):
        attempts = attempts.filter(supplier_id=actor.library_id)
        events = events.filter(attempt__supplier_id=actor.library_id)
    return (
        requests_visible_to(actor)
        .select_related("edition")
        .prefetch_related(
            Prefetch("attempts", attempts, to_attr="shown_attempts"),
            Prefetch("events", events, to_attr="shown_events"),
        )
        .get(number=number)
    )


def sees_requesting_side(actor: Actor, request: Request) -> bool:
    """May the actor see the reader and every supplier tried? Their own library's staff and coordinators."""
    if actor.is_system or actor.can(Capability.NETWORK_REQUESTS):
        return True
    if actor.library_id == request.requesting_library_id and actor.can(Capability.REQUEST_MANAGE):
        return True
    return passes_desk_of(actor, request)


def passes_desk_of(actor: Actor, request: Request) -> bool:
    """Is it a request of a guided network that the actor's library leads?"""
    if not actor.can(Capability.NETWORK_DESK):
        return False
    return Request.objects.filter(at_own_desk(actor), pk=request.pk).exists()


def sees_reader(actor: Actor, request: Request) -> bool:
    """May the actor see who asked? The reader's own library, and whoever runs the network; not a coordinator's desk."""
    if actor.is_system or actor.can(Capability.NETWORK_REQUESTS):
        return True
    return actor.library_id == request.requesting_library_id and actor.can(Capability.REQUEST_MANAGE)


def requests_of_patron(user_id: int | None) -> QuerySet[Request]:
    """The reader's own requests, newest first, each with its live attempt."""
    return (
        Request.objects.filter(patron_id=user_id)
        .select_related("requesting_library", "edition", "network__coordinator_library")
        .prefetch_related(live_attempts(), last_attempts(), open_flags())
        .order_by("-id")
    )


def requests_of_patron_open(user_id: int | None) -> QuerySet[Request]:
    """Those for which the reader still waits, or has something to do; the one due first on top."""
    waits = [code for code, state in STATES.items() if state.open_for_patron]
    return requests_of_patron(user_id).filter(status__in=waits).order_by("due_on", "-id")


def requests_of_patron_ended(user_id: int | None) -> QuerySet[Request]:
    """Those with which the reader has nothing more to do, newest first."""
    waits = [code for code, state in STATES.items() if state.open_for_patron]
    return requests_of_patron(user_id).exclude(status__in=waits)


def events_of(request: Request) -> QuerySet[RequestEvent]:
    """What happened, in order, with the supplier each step was about."""
    return (
        RequestEvent.objects.filter(request=request).select_related("attempt__supplier").order_by("version")
    )


def live_attempts() -> Prefetch[str]:
    """At most one per request, as `request.live_attempts`."""
    return Prefetch(
        "attempts",
        SupplyAttempt.objects.filter(status__in=LIVE_ATTEMPT).select_related("supplier"),
        to_attr="live_attempts",
    )


def last_attempts() -> Prefetch[str]:
    """All attempts in order, as `request.all_attempts`."""
    return Prefetch(
        "attempts",
        SupplyAttempt.objects.select_related("supplier").order_by("round", "position"),
        to_attr="all_attempts",
    )


def open_flags() -> Prefetch[str]:
    """As `request.open_flags`."""
    return Prefetch("flags", RequestFlag.objects.filter(cleared_at=None), to_attr="open_flags")


def messages_between(request: Request, actor: Actor) -> QuerySet[Message]:
    """What the actor's library wrote and got about a request, oldest first. Nobody else reads it."""
    return (
        Message.objects.filter(request=request)
        .filter(Q(from_library_id=actor.library_id) | Q(to_library_id=actor.library_id))
        .select_related("from_library", "to_library")
        .order_by("id")
    )
