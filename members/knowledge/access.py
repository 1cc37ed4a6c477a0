"""Who may see and change what of this room. Another library's hidden things answer 404, like whatever is not there."""

from __future__ import annotations

from members.choices_knowledge import Audience
from members.permissions import Capability
from network_portal.core.actor import Actor


def audiences_of(actor: Actor) -> list[str]:
    """The audiences that the actor belongs to."""
    if shares(actor) or actor.is_system:
        return list(Audience.values)
    return [Audience.PUBLIC, Audience.MEMBERS] if actor.is_authenticated else [Audience.PUBLIC]


def shares(actor: Actor) -> bool:
    """Staff of a member library, or of the network."""
    return actor.can(Capability.KNOWLEDGE_SHARE)


def moderates(actor: Actor) -> bool:
    return actor.is_system or actor.can(Capability.NETWORK_MANAGE)


def owns(actor: Actor, by_id: int | None) -> bool:
    """Whether the actor wrote it, and still works where one writes."""
    return by_id is not None and by_id == actor.user_id and shares(actor)
