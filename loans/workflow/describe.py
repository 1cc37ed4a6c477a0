"""The table, told: the actions an actor may take now, docs/workflow.md and its diagram."""

from __future__ import annotations

from collections.abc import Iterable

from loans.choices import AskMode, AttemptStatus
from loans.models import Request, RequestFlag, SupplyAttempt
from loans.workflow import hooks
from loans.workflow.flags import FLAGS
from loans.workflow.rights import may
from loans.workflow.states import ATTEMPT_STATES, INITIAL, STATES
from loans.workflow.steps import STEPS, SUBMIT_MAILS, steps_from
from loans.workflow.vocabulary import Mail, Side, State, Step
from network_portal.core.actor import Actor


def allowed_steps(
    request: Request, attempt: SupplyAttempt | None, actor: Actor, flags: Iterable[RequestFlag] | None = None
) -> list[Step]:
    """What the actor may do with the request as it stands: the primary action first, what ends something last.

    Without `flags` the request's open ones are asked for, unless no step that fits depends on any.
    """
    steps = [
        step
        for step in steps_from(request.status, request.service)
        if _offered(step, attempt) and may(step, request, attempt, actor)
    ]
    if any(step.needs or step.unless for step in steps):
        opened = {flag.kind for flag in (_open_flags(request) if flags is None else flags)}
        steps = [step for step in steps if _flags_fit(step, opened)]
    primary = primary_actions(request, attempt)
    return sorted(steps, key=lambda step: (step.danger, step.action not in primary))


def _offered(step: Step, attempt: SupplyAttempt | None) -> bool:
    """The portal's own steps, and those whose room is not there, stand on no page."""
    if step.sides == (Side.PORTAL,) or not hooks.is_ready(step) or step.action in LATER:
        return False
    if attempt is None:
        return True
    stands = not step.attempt_in or attempt.status in step.attempt_in
    return stands and (not step.attempt_modes or attempt.mode in step.attempt_modes)


# Taken by opening the copy's link alone.
LATER = frozenset({"download"})


def _open_flags(request: Request) -> list[RequestFlag]:
    known = getattr(request, "open_flags", None)
    return list(known) if known is not None else list(request.flags.filter(cleared_at=None))


def _flags_fit(step: Step, opened: set[str]) -> bool:
    needs = {str(kind.value) for kind in step.needs}
    unless = {str(kind.value) for kind in step.unless}
    return (not needs or bool(needs & opened)) and not unless & opened


def primary_actions(request: Request, attempt: SupplyAttempt | None) -> set[str]:
    """The one expected action of each side in this state."""
    found = {STATES[request.status].primary_action}
    if attempt is not None:
        found.add(ATTEMPT_STATES[attempt.status].primary_action)
        if attempt.status == AttemptStatus.OFFERED and attempt.mode == AskMode.OFFERS:
            found.add("volunteer")
    return found - {""}


def as_markdown() -> str:
    """docs/workflow.md, whole; `manage.py describe_workflow` writes it and a test compares it."""
    parts = [
        "# How a request goes",
        "Written by `manage.py describe_workflow` from `loans/workflow/table/`. Do not edit.",
        "",
        "```mermaid",
        *_diagram(),
        "```",
        "",
        "## States of a request",
        "| state | code | who must act | how long (by level), and then | expected action | supplier's part |",
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
        "| step | action | for | from | to | by | needs | asks for | flags | ends the attempt as | undo | mails |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        f"| Submit | `submit` | both | – | `{INITIAL.value}` | patron | `request.create` | request form | – | – | no "
        f"| {_mails(SUBMIT_MAILS)} |",
        *(_step_row(step) for step in STEPS),
        "",
        "## Flags",
        "What can be open beside the state.",
        "",
        "| flag | code | who must act | how long (normal/rush/express) |",
        "|---|---|---|---|",
        *(
            f"| {flag.label} | `{kind}` | {flag.side.value} | {flag.clock.normal}/{flag.clock.rush}/"
            f"{flag.clock.express} {flag.clock.unit} |"
            for kind, flag in FLAGS.items()
        ),
    ]
    return "\n".join(parts) + "\n"


def _diagram() -> Iterable[str]:
    yield "stateDiagram-v2"
    yield f"    [*] --> {INITIAL.value}: submit"
    for step in STEPS:
        for source in step.sources if step.target is not None else ():
            yield f"    {source.value} --> {step.target_from(source.value).value}: {step.action}"
    for code, state in STATES.items():
        if state.is_terminal:
            yield f"    {code} --> [*]"


def _state_row(state: State) -> str:
    attempt = f"`{state.attempt.value}`" if state.attempt else "–"
    who = state.side.value if state.outcome is None else f"closed: {state.outcome.value}"
    return (
        f"| {state.label} | `{state.code.value}` | {who} | {_lasts(state)} "
        f"| {_code(state.primary_action)} | {attempt} |"
    )


def _step_row(step: Step) -> str:
    by = " or ".join(side.value for side in step.sides) + (" or coordinator" if step.coordinator else "")
    to = f"`{step.target.value}`" if step.target else "stays"
    to += (
        ", and is looked at again"
        if step.then_check
        else ", and the next library is sought" * step.then_route
    )
    services = "both" if len(step.services) > 1 else next(iter(step.services)).value
    sources = ", ".join(f"`{source.value}`" for source in step.sources)
    ends = f"`{step.ends_attempt.value}`" if step.ends_attempt else "–"
    mails = _mails(step.mails) if step.mails else f"none: {step.no_mail}"
    return (
        f"| {step.label} | `{step.action}` | {services} | {sources} | {to} | {by} | {_code(step.requires)} "
        f"| {step.form.value} | {_flags(step)} | {ends} | {step.undo.value.replace('_', ' ')} | {mails} |"
    )


def _flags(step: Step) -> str:
    told = (
        ("needs", step.needs),
        ("not while", step.unless),
        ("raises", step.raises),
        ("clears", step.clears),
    )
    words = (f"{word} {', '.join(f'`{kind.value}`' for kind in kinds)}" for word, kinds in told if kinds)
    return "; ".join(words) or "–"


UNTIL = {
    "due": "until it is due", "hold": "the hold shelf's days", "link": "the link's days",
    "purge": "until the file goes", "transit": "the parcel's days, and some to unpack",
}  # fmt: skip


def _lasts(state: State) -> str:
    """How long whoever must act has, and what happens then."""
    if state.clock is None:
        return "–"
    if state.clock.until:
        told = UNTIL[state.clock.until]
    else:
        unit = "working hours" if state.clock.unit == "hours" else "days"
        told = f"{state.clock.normal} / {state.clock.rush} / {state.clock.express} {unit}"
    then = f"`{state.on_timeout}`" if state.on_timeout else "told as late"
    return f"{told}; {f'told as late, and after twice as long {then}' if state.patience > 1 else then}"


def _mails(mails: Iterable[Mail]) -> str:
    return ", ".join(f"{mail.template} → {mail.to.value}" for mail in mails)


def _code(value: str) -> str:
    return f"`{value}`" if value else "–"
