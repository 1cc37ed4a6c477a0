"""How long whoever must act has, state by state, in the words of a sentence. Used by the page of a network's hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.choices import Level
from loans.presenters.stuck import side_labels
from loans.workflow.states import STATES
from loans.workflow.steps import ACTIONS
from loans.workflow.vocabulary import State
from members.models import Network

LEVELS = tuple(str(level.value) for level in (Level.NORMAL, Level.RUSH, Level.EXPRESS))
Hours = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class WaitingTime:
    code: str
    label: str
    defaults: dict[str, int]
    own: dict[str, int]
    sentence: str


def timed_states() -> list[State]:
    """States whose clock counts hours of work; days of the calendar have forms of their own."""
    return [
        state for state in STATES.values()
        if state.clock is not None and state.clock.unit == "hours" and not state.clock.until
    ]  # fmt: skip


def waiting_times(network: Network, hours: Hours | None = None) -> list[WaitingTime]:
    """Each state with the portal's hours, the network's own, and the sentence that both come to."""
    told = network.timers if hours is None else hours
    return [_waiting_time(state, dict(told.get(str(state.code.value), {}))) for state in timed_states()]


def _waiting_time(state: State, own: dict[str, int]) -> WaitingTime:
    assert state.clock is not None  # noqa: S101  timed_states leaves out the others
    defaults = {level: state.clock.of(level) for level in LEVELS}
    return WaitingTime(str(state.code.value), state.label, defaults, own, _sentence(state, defaults | own))


def _sentence(state: State, hours: dict[str, int]) -> str:
    """Who has how long, and what the portal does then."""
    normal, rush, express = (hours[level] for level in LEVELS)
    told = ngettext(
        "%(who)s: %(normal)s working hour, %(rush)s if it is a rush, %(express)s if it is express.",
        "%(who)s: %(normal)s working hours, %(rush)s if it is a rush, %(express)s if it is express.",
        normal,
    ) % {"who": side_labels().get(state.side.value, ""), "normal": normal, "rush": rush, "express": express}
    if not state.on_timeout:
        return f"{told} " + _("Then it is told as late.")
    step = ACTIONS[state.on_timeout].label
    if state.patience > 1:
        return f"{told} " + _("Then it is told as late, and after %(times)s times as long: %(step)s.") % {
            "times": state.patience, "step": step,
        }  # fmt: skip
    return f"{told} " + _("Then: %(step)s.") % {"step": step}
