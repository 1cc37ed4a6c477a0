"""The table, told: the actions an actor may take now, docs/workflow.md and its diagram."""

from __future__ import annotations

from collections.abc import Iterable

from loans.models import Request, SupplyAttempt
from loans.workflow.engine import may
from loans.workflow.states import ATTEMPT_STATES, INITIAL, STATES
from loans.workflow.steps import STEPS, SUBMIT_MAILS, steps_from
from loans.workflow.vocabulary import UNTIL_DUE, Days, Mail, Side, State, Step
from network_portal.core.actor import Actor


def allowed_steps(request: Request, attempt: SupplyAttempt | None, actor: Actor) -> list[Step]:
    """What the actor may do with the request as it stands: the primary action first, what ends something last."""
    steps = [
        step
        for step in steps_from(request.status)
        if step.side is not Side.PORTAL and may(step, request, attempt, actor)
    ]
    primary = primary_actions(request, attempt)
    return sorted(steps, key=lambda step: (step.danger, step.action not in primary))


def primary_actions(request: Request, attempt: SupplyAttempt | None) -> set[str]:
    """The one expected action of each side in this state."""
    found = {STATES[request.status].primary_action}
    if attempt is not None:
        found.add(ATTEMPT_STATES[attempt.status].primary_action)
    return found - {""}


def as_markdown() -> str:
    """docs/workflow.md, whole; `manage.py describe_workflow` writes it and a test compares it."""
    parts = [
        "# How a request goes",
        "Written by `manage.py describe_workflow` from `loans/workflow/states.py` and `steps.py`. Do not edit.",
        "",
        "```mermaid",
        *_diagram(),
        "```",
        "",
        "## States of a request",
        "| state | code | who must act | how long | expected action | supplier's part |",
        "|---|---|---|---|---|---|",
        *(_state_row(state) for state in STATES.values()),
        "",
        "## States of a supplier's attempt",
        "| state | code | live | expected action |",
        "|---|---|---|---|",
        *(
            f"| {state.label} | `{code}` | {'yes' if state.live else 'no'} | {_code(state.primary_action)} |"
            for code, state in ATTEMPT_STATES.items()
        ),
        "",
        "## Steps",
        "A step may be taken from the states named, by the side named, with the capability named.",
        "",
        "| step | action | from | to | by | needs | asks for | ends the attempt as | mails |",
        "|---|---|---|---|---|---|---|---|---|",
        f"| Submit | `submit` | – | `{INITIAL.value}` | patron | `request.create` | request form | – "
        f"| {_mails(SUBMIT_MAILS)} |",
        *(_step_row(step) for step in STEPS),
    ]
    return "\n".join(parts) + "\n"


def _diagram() -> Iterable[str]:
    yield "stateDiagram-v2"
    yield f"    [*] --> {INITIAL.value}: submit"
    for step in STEPS:
        for source in step.sources:
            yield f"    {source.value} --> {step.target.value}: {step.action}"
    for code, state in STATES.items():
        if state.is_terminal:
            yield f"    {code} --> [*]"


def _state_row(state: State) -> str:
    attempt = f"`{state.attempt.value}`" if state.attempt else "–"
    who = state.side.value if state.outcome is None else f"closed: {state.outcome.value}"
    return (
        f"| {state.label} | `{state.code.value}` | {who} | {_lasts(state.lasts)} "
        f"| {_code(state.primary_action)} | {attempt} |"
    )


def _step_row(step: Step) -> str:
    by = step.side.value + (" or coordinator" if step.coordinator else "")
    sources = ", ".join(f"`{source.value}`" for source in step.sources)
    ends = f"`{step.ends_attempt.value}`" if step.ends_attempt else "–"
    mails = _mails(step.mails) if step.mails else f"none: {step.no_mail}"
    return (
        f"| {step.label} | `{step.action}` | {sources} | `{step.target.value}` | {by} | {_code(step.requires)} "
        f"| {step.form.value} | {ends} | {mails} |"
    )


def _lasts(lasts: Days | None) -> str:
    if lasts is None:
        return "–"
    if lasts is UNTIL_DUE:
        return "until due"
    return f"{lasts.count} working days" if lasts.working else f"{lasts.count} days"


def _mails(mails: Iterable[Mail]) -> str:
    return ", ".join(f"{mail.template} → {mail.to.value}" for mail in mails)


def _code(value: str) -> str:
    return f"`{value}`" if value else "–"
