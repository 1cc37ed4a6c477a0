"""Who may take a step: the sides that the table names, each with its capability."""

from __future__ import annotations

from loans.choices import RequestStatus
from loans.models import Request, SupplyAttempt
from loans.workflow.vocabulary import Side, Step
from members.permissions import Capability
from network_portal.core.actor import Actor

NEEDED: dict[Side, Capability] = {
    Side.REQUESTING: Capability.REQUEST_MANAGE,
    Side.SUPPLYING: Capability.SUPPLY_MANAGE,
    Side.COORDINATOR: Capability.NETWORK_DESK,
}

# Where a coordinator has the request, nobody but that network's own people decide.
DESKS = (RequestStatus.COORDINATOR_OUT, RequestStatus.COORDINATOR_IN)


def may(step: Step, request: Request, attempt: SupplyAttempt | None, actor: Actor) -> bool:
    """Is this actor one whom the table names? The state is not looked at."""
    return has_capability(step, actor) and on_side(step, request, attempt, actor)


def has_capability(step: Step, actor: Actor) -> bool:
    return (
        actor.is_system or _coordinates(step, actor) or any(_able(step, side, actor) for side in step.sides)
    )


def on_side(step: Step, request: Request, attempt: SupplyAttempt | None, actor: Actor) -> bool:
    if actor.is_system or _coordinates(step, actor):
        return True
    return any(_able(step, side, actor) and _stands(side, request, attempt, actor) for side in step.sides)


def side_of(step: Step, request: Request, attempt: SupplyAttempt | None, actor: Actor) -> Side:
    """For whom the actor takes the step."""
    if actor.is_system:
        return Side.PORTAL
    stands = (
        side for side in step.sides if _able(step, side, actor) and _stands(side, request, attempt, actor)
    )
    return next(stands, Side.COORDINATOR)


def _able(step: Step, side: Side, actor: Actor) -> bool:
    if side is Side.PATRON:
        return True
    if side is Side.PORTAL:
        return False
    return actor.can(step.requires if side is step.side and step.requires else NEEDED[side].value)


def _stands(side: Side, request: Request, attempt: SupplyAttempt | None, actor: Actor) -> bool:
    if side is Side.PATRON:
        return (actor.user_id is not None and actor.user_id == request.patron_id) or _for_named(
            request, actor
        )
    if side is Side.SUPPLYING:
        return attempt is not None and attempt.supplier_id == actor.library_id
    if side is Side.REQUESTING:
        return request.requesting_library_id == actor.library_id
    return side is Side.COORDINATOR and _leads(request, attempt, actor)


def _leads(request: Request, attempt: SupplyAttempt | None, actor: Actor) -> bool:
    """Does the actor's library speak for the guided network at whose desk the request lies? A deputy only once it has
    been handed the request. Where no desk has it, whoever runs the portal settles what members cannot settle."""
    if actor.library_id is not None and actor.library_id in desk_of(request, attempt):
        return True
    return request.status not in DESKS and actor.can(Capability.NETWORK_MANAGE)


def desk_of(request: Request, attempt: SupplyAttempt | None) -> set[int]:
    """The libraries whose staff may act for the guided network: the coordinator's, and a deputy that was handed it."""
    if request.status == RequestStatus.COORDINATOR_IN:
        first = attempt.supplier_id if attempt is not None else None
    else:
        network = request.network
        first = network.coordinator_library_id if network is not None and network.guided else None
    handed = request.owner_library_id if request.owner_side == Side.COORDINATOR.value else None
    return {library for library in (first, handed) if library is not None}


def _for_named(request: Request, actor: Actor) -> bool:
    """A reader without an account asked at the desk; the desk answers for them, too."""
    return (
        request.patron_id is None
        and bool(request.reader_name)
        and request.requesting_library_id == actor.library_id
        and actor.can(Capability.REQUEST_MANAGE)
    )


def _coordinates(step: Step, actor: Actor) -> bool:
    return step.coordinator and actor.can(Capability.NETWORK_MANAGE)
