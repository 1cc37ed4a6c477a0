"""Every arrow of the workflow: who may take it, what it asks, what it does, who is written to.

Joined from loans.workflow.table. Lines for readers and staff may use %(supplier)s, %(library)s, %(city)s, %(reason)s
and %(due)s.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.workflow.table import copy, ends, guided, intake, loan, sourcing
from loans.workflow.vocabulary import Mail, Side, Step

# How every request begins; not an arrow, since there is nothing before it.
SUBMIT_DONE = _("Asked for")
SUBMIT_PATRON_NOTE = _("You asked for this title.")
SUBMIT_MAILS = (Mail("loan_received", Side.PATRON), Mail("loan_to_approve", Side.REQUESTING))
# Taking a step back and opening a closed request again go against the arrows: the engine's undo and reopen.
BACKWARDS = {"undo": _("The last step was taken back"), "reopen": _("Opened again")}

STEPS: tuple[Step, ...] = tuple(
    step for part in (intake, guided, sourcing, loan, copy, ends) for step in part.STEPS
)
# A loan never stands in a copy's states, nor a copy in a loan's.
_SERVICES = {
    state.code: state.services
    for part in (intake, guided, sourcing, loan, copy, ends)
    for state in part.STATES
}
# Loan and copy may take different ways under the same name.
STEP_BY: dict[tuple[str, str, str], Step] = {
    (str(source.value), step.action, str(service.value)): step
    for step in STEPS
    for source in step.sources
    for service in step.services & _SERVICES[source]
}
ACTIONS: dict[str, Step] = {step.action: step for step in reversed(STEPS)}
_OF_SERVICE: dict[tuple[str, str], Step] = {
    (step.action, str(service.value)): step for step in reversed(STEPS) for service in step.services
}


def steps_from(status: str, service: str = "") -> tuple[Step, ...]:
    """Steps that leave a state, in the table's order; with `service`, those of loans or of copies."""
    return tuple(step for step in STEPS if status in step.sources and (not service or step.fits(service)))


def done_of(action: str, service: str) -> object:
    """The line in the staff's history: of a loan or of a copy."""
    if action == "submit":
        return SUBMIT_DONE
    return BACKWARDS.get(action) or _named(action, service).done


def patron_note_of(action: str, service: str) -> object:
    """The line in the reader's timeline; "" = not shown."""
    if action == "submit":
        return SUBMIT_PATRON_NOTE
    return "" if action in BACKWARDS else _named(action, service).patron_note


def _named(action: str, service: str) -> Step:
    """A request that was turned from a loan into a copy may have taken steps that only loans have."""
    return _OF_SERVICE.get((action, service)) or ACTIONS[action]


def goes_on(action: str) -> bool:
    """Does the portal take further steps at once after this one?"""
    return action in ACTIONS and ACTIONS[action].then_route
