"""The one step that is expected next, also where a flag asks for it (lost, longer). Used by rows and pages.

States name their own next step (workflow/states.py); what is open beside the state comes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from loans.choices import ChargeState, FlagKind
from loans.models import Request, SupplyAttempt
from loans.presenters.buttons import Button, button_of
from loans.selectors.claims import claims_by_request
from loans.workflow.describe import primary_actions
from loans.workflow.vocabulary import Step

# What a flag asks next, of whoever may take one of the steps; the first that is offered counts.
OF_FLAG: tuple[tuple[FlagKind, tuple[str, ...]], ...] = (
    (FlagKind.COST_DISPUTED, ("settle_cost",)),
    (FlagKind.LOST, ("claim_cost", "settle_cost", "write_off", "receive", "found")),
    (FlagKind.DAMAGED, ("claim_cost", "settle_cost")),
    (FlagKind.RENEW_ASKED, ("renew_yes",)),
)
Claims = dict[int, str]


def claims_among(requests: Iterable[Request]) -> Claims:
    """Whether a replacement cost stands open or is settled, for the requests where that matters: one query or none."""
    asked = [one.pk for one in requests if {FlagKind.LOST, FlagKind.DAMAGED} & _opened(one)]
    return claims_by_request(asked) if asked else {}


def possible(steps: Sequence[Step], request: Request, claims: Claims) -> tuple[Step, ...]:
    """Without the steps that the state of a replacement cost rules out."""
    stands = claims.get(request.pk, "")
    if stands == ChargeState.QUOTED:
        no_use = {"claim_cost", "write_off"}
    else:
        no_use = {"dispute_cost", "claim_cost"} if stands else {"dispute_cost"}
        if not {FlagKind.DAMAGED, FlagKind.COST_DISPUTED} & _opened(request):
            no_use.add("settle_cost")
    return tuple(step for step in steps if step.action not in no_use)


def next_step(request: Request, attempt: SupplyAttempt | None, steps: Sequence[Step]) -> Step | None:
    """The step to take now, among the possible ones of an actor; None where others have to act."""
    offered = {step.action: step for step in steps}
    opened = _opened(request)
    for kind, actions in OF_FLAG:
        for action in actions if kind in opened else ():
            if action in offered:
                return offered[action]
    expected = primary_actions(request, attempt)
    return next((step for step in steps if step.action in expected), None)


def buttons_of(request: Request, attempt: SupplyAttempt | None, steps: Sequence[Step]) -> list[Button]:
    """All possible steps as buttons: the next one first, those that end something last."""
    first = next_step(request, attempt, steps)
    made = [
        button_of(step, request, primary=first is not None and step.action == first.action) for step in steps
    ]
    # What a flag makes the expected step is no danger, even where it would be one elsewhere.
    made = [replace(one, danger=False) if one.primary else one for one in made]
    return sorted(made, key=lambda button: (not button.primary, button.danger))


def _opened(request: Request) -> set[str]:
    known = getattr(request, "open_flags", None)
    return {flag.kind for flag in (request.flags.filter(cleared_at=None) if known is None else known)}
