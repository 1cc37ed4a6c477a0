"""What happens by itself: who was suspended until a day takes part again, who is leaving has left. Called by beat."""

from __future__ import annotations

from datetime import date

from members.choices_standing import StandingKind
from members.models import StandingChange
from members.selectors.standing import changes_due
from members.standing import letters, services
from members.standing.open_business import open_items
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


def standing_look_after(*, today: date, actor: Actor) -> int:
    """Returns how many libraries came back or left; again finds nothing to do.

    A library that is leaving has left once its announced day has come and nothing is under way any more. Until then
    it stays as it is, and coordinators and its managers are told once what holds it up.
    """
    return sum(_take(change, actor) for change in changes_due(today))


def _take(change: StandingChange, actor: Actor) -> bool:
    library = change.library
    try:
        if change.kind != StandingKind.LEAVING:
            services.standing_return(library=library, actor=actor)
        elif open_items(library.pk):
            letters.held_up(change, actor)
            return False
        else:
            services.leaving_finish(library=library, actor=actor)
    except (
        RuleViolation
    ):  # a coordinator decided, or a request came under way, a moment ago: the next hour looks again
        return False
    return True
