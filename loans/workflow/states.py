"""Every state a request, and a supplier's part in it, can be in. The arrows between them stand in steps.py.

Joined from loans.workflow.table: the only place where a status gets its meaning. Pages, mails, docs/workflow.md and
the database read it. Sentences for readers may use %(library)s, %(supplier)s, %(city)s, %(due)s, %(deadline)s and
%(reason)s.
"""

from __future__ import annotations

from loans.choices import AttemptStatus, RequestStatus, Service
from loans.workflow.table import copy, ends, guided, intake, loan, sourcing
from loans.workflow.vocabulary import AttemptState, Side, State

_S, _A = RequestStatus, AttemptStatus

STATES: dict[str, State] = {
    str(state.code.value): state
    for part in (intake, guided, sourcing, loan, copy, ends)
    for state in part.STATES
}

ATTEMPT_STATES: dict[str, AttemptState] = {
    str(state.code.value): state
    for state in (
        AttemptState(_A.AWAITING_COORDINATOR, "info", live=True),
        AttemptState(_A.OFFERED, "attention", live=False, needs_attention=True, primary_action="claim"),
        AttemptState(_A.VOLUNTEERED, "info", live=False),
        AttemptState(_A.ASKED, "attention", live=True, needs_attention=True, primary_action="accept"),
        AttemptState(_A.CONSIDERING, "attention", live=True, needs_attention=True, primary_action="accept",
                     iso="ExpectToSupply"),
        AttemptState(_A.CONDITIONAL, "info", live=True),
        AttemptState(_A.WILL_SUPPLY, "attention", live=True, needs_attention=True, primary_action="ship"),
        AttemptState(_A.SCANNING, "attention", live=True, needs_attention=True, primary_action="upload_done"),
        AttemptState(_A.UPLOADED, "info", live=True),
        AttemptState(_A.SHIPPED, "info", live=True),
        AttemptState(_A.RECEIVED, "info", live=True),
        AttemptState(_A.SENT_BACK, "attention", live=True, needs_attention=True, primary_action="complete"),
        AttemptState(_A.COMPLETED, "ok", live=False),
        AttemptState(_A.DELIVERED, "ok", live=False),
        AttemptState(_A.RETRY_ASKED, "plain", live=False),
        AttemptState(_A.REFUSED, "plain", live=False),
        AttemptState(_A.EXPIRED, "stop", live=False),
        AttemptState(_A.WITHDRAWN, "plain", live=False),
        AttemptState(_A.OUTBID, "plain", live=False),
        AttemptState(_A.WRITTEN_OFF, "stop", live=False),
    )
}  # fmt: skip

INITIAL = RequestStatus.SUBMITTED
# The way a request goes when all goes well; the reader's timeline draws the rest of it as future knots.
GOOD_PATH = (
    _S.SUBMITTED, _S.APPROVED, _S.ASKED, _S.WILL_SUPPLY, _S.SHIPPED, _S.RECEIVED, _S.READY, _S.LENT, _S.RETURNED,
    _S.SENT_BACK, _S.COMPLETED,
)  # fmt: skip
COPY_PATH = (
    _S.SUBMITTED,
    _S.APPROVED,
    _S.ASKED,
    _S.SCANNING,
    _S.FILE_RECEIVED,
    _S.RELEASED,
    _S.DOWNLOADED,
    _S.PURGED,
)

OPEN = tuple(code for code, state in STATES.items() if not state.is_terminal)
LIVE_ATTEMPT = tuple(code for code, state in ATTEMPT_STATES.items() if state.live)


def good_path(service: str) -> tuple[RequestStatus, ...]:
    return COPY_PATH if service == Service.COPY else GOOD_PATH


def state_of(status: str) -> State:
    return STATES[status]


def attempt_state_of(status: str) -> AttemptState:
    return ATTEMPT_STATES[status]


def codes_where(side: Side, *, attention: bool | None = None) -> tuple[str, ...]:
    """Statuses in which `side` must act; with `attention`, only those that do (or do not) stand under "To do"."""
    return tuple(
        code
        for code, state in STATES.items()
        if state.side is side and (attention is None or state.needs_attention is attention)
    )
