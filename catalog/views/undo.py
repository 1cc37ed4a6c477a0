"""The button that takes a decision back, shown once to whoever just made it, on the page that follows."""

from __future__ import annotations

from django.contrib import messages

from catalog.models import MatchAct
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

KEY = "catalog.act"


def tell(request: PortalRequest, act: MatchAct, words: str) -> None:
    messages.success(request, words)
    request.session[KEY] = act.pk


def undo_offer(request: PortalRequest) -> int | None:
    """The number of the decision, once. Nobody who may decide nothing needs a session for it."""
    number = request.session.pop(KEY, None) if request.actor.can(Capability.RECORD_MATCH) else None
    return number if isinstance(number, int) else None


def forget(request: PortalRequest, act: int) -> None:
    if request.session.get(KEY) == act:
        del request.session[KEY]
