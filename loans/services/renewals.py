"""A longer loan: at once where both libraries allow it beforehand, else the lending library is asked."""

from __future__ import annotations

from loans.models import Request
from loans.workflow import engine
from loans.workflow.renewing import renew_decide
from network_portal.core.actor import Actor


def renew(*, request: Request, actor: Actor, version: int | None = None, key: str = "") -> Request:
    """Ask for a longer loan. Raises what engine.transition raises; too_many_renewals, recalled_open, lost_open.

    The question is written down either way, so that the history shows who wanted it; a rule answers it at once.
    """
    asked = engine.transition(request, "renew_ask", actor, version=version, key=key)
    attempt = engine.live_attempt(asked)
    if attempt is not None and renew_decide(attempt, asked).by_rule:
        return engine.transition(asked, "renew_auto", Actor.system(channel="rule"))
    return asked
