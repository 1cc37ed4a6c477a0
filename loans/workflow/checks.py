"""Is the table sound? Run once when the app starts (loans.apps), and by the tests on broken tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from loans.choices import FlagKind, Service
from loans.workflow.flags import FLAGS
from loans.workflow.states import ATTEMPT_STATES, INITIAL, STATES
from loans.workflow.steps import STEPS
from loans.workflow.vocabulary import AttemptState, Form, Side, State, Step


def problems(
    states: Mapping[str, State] = STATES,
    attempts: Mapping[str, AttemptState] = ATTEMPT_STATES,
    steps: Iterable[Step] = STEPS,
) -> list[str]:
    """Everything that is wrong with a table, as sentences for its author; empty when it is sound."""
    steps = tuple(steps)
    found = [
        f"{state.code}: {text}" for state in states.values() for text in _state_problems(state, states, steps)
    ]
    found += [f"{step.action}: {text}" for step in steps for text in _step_problems(step, states, attempts)]
    found += [text for service in Service for text in _service_problems(service, states, steps)]
    arrows = [(source, s.action, service) for s in steps for source in s.sources for service in s.services]
    found += [
        f"two arrows {action} leave {source}"
        for source, action, service in set(arrows)
        if arrows.count((source, action, service)) > 1
    ]
    return found + _flag_problems(steps)


def _service_problems(service: Service, states: Mapping[str, State], steps: tuple[Step, ...]) -> list[str]:
    """Loans and copies each reach every state of theirs, never one of the other's, and end from everywhere."""
    own = tuple(step for step in steps if service in step.services)
    reached = _reach(INITIAL, own)
    meant = {code for code, state in states.items() if service in state.services}
    found = [f"{code} cannot be reached by a {service.value}" for code in meant - reached]
    found += [f"{code} can be reached by a {service.value}" for code in reached - meant]
    for code in meant & reached:
        if not any(states[end].is_terminal for end in _reach(code, own)):
            found.append(f"{code}: is a dead end for a {service.value}")
    return found


def _flag_problems(steps: tuple[Step, ...]) -> list[str]:
    raised = {kind for step in steps for kind in step.raises}
    cleared = {kind for step in steps for kind in step.clears}
    found = [f"{kind.value} is raised by no step" for kind in FlagKind if kind not in raised]
    found += [f"{kind.value} is cleared and never raised" for kind in cleared - raised]
    return found + [f"{kind.value} has no owner" for kind in FlagKind if kind.value not in FLAGS]


def validate() -> None:
    if found := problems():
        raise RuntimeError("The workflow table is not sound: " + "; ".join(found))


def _state_problems(state: State, states: Mapping[str, State], steps: tuple[Step, ...]) -> list[str]:
    leaving = {step.action for step in steps if state.code in step.sources}
    found = []
    if state.is_terminal and leaving:
        found.append("is terminal but has a way out")
    if not state.is_terminal and not any(_ends_well(state, steps, states)):
        found.append("is a dead end")
    if state.is_terminal != (state.side is Side.NONE):
        found.append("nobody must act exactly in terminal states")
    if not state.is_terminal and state.side is not Side.PORTAL and state.clock is None:
        found.append("waits without a deadline: has no clock for the three levels")
    if state.on_timeout and state.on_timeout not in leaving:
        found.append(f"times out by {state.on_timeout}, which does not leave it")
    for action in (state.primary_action, state.closing_action):
        if action and action not in leaving:
            found.append(f"offers {action}, which does not leave it")
    if state.needs_attention and not state.primary_action:
        found.append("asks for attention without offering an action")
    return found


def _ends_well(state: State, steps: tuple[Step, ...], states: Mapping[str, State]) -> list[str]:
    """Terminal states that can be reached from `state`."""
    return [code for code in _reach(state.code, steps) if states[code].is_terminal]


def _reach(start: str, steps: tuple[Step, ...]) -> set[str]:
    begin = str(getattr(start, "value", start))
    seen, todo = {begin}, [begin]
    while todo:
        here = todo.pop()
        for step in steps:
            if step.target and here in step.sources and str(step.target.value) not in seen:
                seen.add(str(step.target.value))
                todo.append(str(step.target.value))
    return seen


def _step_problems(
    step: Step, states: Mapping[str, State], attempts: Mapping[str, AttemptState]
) -> list[str]:
    found = []
    if not str(step.label) or not str(step.done):
        found.append("has no label")
    if bool(step.mails) == bool(step.no_mail):
        found.append("must either write to somebody or say why not")
    if (step.form is Form.REASON) != (step.reasons is not None):
        found.append("asks for a reason without a list, or has a list that it never asks")
    if step.side in (Side.REQUESTING, Side.SUPPLYING, Side.COORDINATOR) and not step.requires:
        found.append("requires no capability")
    if step.danger and not (step.confirm or step.form is Form.SHIP):
        found.append("is dangerous and does not say what will happen")
    if step.ends_attempt and attempts[step.ends_attempt].live:
        found.append("ends an attempt with a live status")
    if step.unless and set(step.unless) & set(step.needs):
        found.append("needs a flag that it forbids")
    if step.target is None:
        return found
    before = {states[source].attempt for source in step.sources}
    after = states[step.target].attempt
    if step.opens_attempt and (before != {None} or after is None):
        found.append("opens an attempt where one is live, or none is wanted")
    if not step.opens_attempt and after is not None and None in before:
        found.append("needs a live attempt that its source does not have")
    if after is None and before != {None} and not step.ends_attempt:
        found.append("leaves an attempt alive that nobody looks after")
    return found
