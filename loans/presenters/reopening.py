"""Opening a closed request again, told to its library: may it, until when, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from loans.models import Request
from loans.netsettings import REOPEN_DAYS
from loans.workflow.backwards import REOPEN_TIMES, reopens_at, why_not_reopened
from loans.workflow.states import state_of
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Reopening:
    why_not: str  # "" where it may be opened again
    until: datetime
    times_left: int
    goes_on: str  # the label of the state in which it goes on
    comes_home: bool  # the same book is expected at its own library again


def reopening_of(request: Request, actor: Actor) -> Reopening | None:
    """None for whoever has no say in it: a request that is open, or of another library."""
    own = request.requesting_library_id == actor.library_id and actor.can(Capability.REQUEST_MANAGE)
    if request.closed_at is None or not own:
        return None
    target = reopens_at(request)
    return Reopening(
        why_not=why_not_reopened(request, actor), until=request.closed_at + timedelta(days=REOPEN_DAYS.now()),
        times_left=max(0, REOPEN_TIMES - request.reopened), goes_on=state_of(target).label,
        comes_home=state_of(target).attempt is not None,
    )  # fmt: skip
