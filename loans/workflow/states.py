"""Every state a request, and a supplier's part in it, can be in. The arrows between them stand in steps.py.

This is the only place where a status gets its meaning: pages, mails, docs/workflow.md and the database read it.
Sentences for readers may use %(library)s, %(supplier)s, %(city)s, %(due)s, %(deadline)s and %(reason)s.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.choices import AttemptStatus, Outcome, RequestStatus
from loans.workflow.vocabulary import UNTIL_DUE, AttemptState, Days, Side, State

_S, _A = RequestStatus, AttemptStatus

STATES: dict[str, State] = {
    str(state.code.value): state
    for state in (
        State(
            _S.SUBMITTED, Side.REQUESTING, "attention",
            patron_label=_("Being checked"),
            patron=_("%(library)s is looking at your request."),
            patron_next=_("You hear from the library by %(deadline)s."),
            milestone=_("You ask for the book."),
            needs_attention=True, primary_action="approve", closing_action="refuse", lasts=Days(2),
        ),
        State(
            _S.APPROVED, Side.PORTAL, "info",
            patron=_("We are looking for a library that can lend you the book."),
            patron_next=_("We ask the nearest library that has it."),
        ),
        State(
            _S.ASKED, Side.SUPPLYING, "info",
            patron_label=_("Asked at a library"),
            patron=_("%(supplier)s has been asked to lend you the book."),
            patron_next=_("It answers by %(deadline)s. If it cannot, we ask the next library by ourselves."),
            milestone=_("A library is asked to lend it."),
            closing_action="withdraw", attempt=_A.ASKED, lasts=Days(3),
        ),
        State(
            _S.WILL_SUPPLY, Side.SUPPLYING, "info",
            patron_label=_("Being prepared"),
            patron=_("%(supplier)s will lend you the book and is getting it ready."),
            patron_next=_("It is sent to %(library)s by %(deadline)s."),
            closing_action="withdraw", attempt=_A.WILL_SUPPLY, lasts=Days(3),
        ),
        State(
            _S.SHIPPED, Side.REQUESTING, "info",
            patron=_("Your book is on its way from %(city)s."),
            patron_next=_("It should reach %(library)s by %(deadline)s. We write to you when you can collect it."),
            milestone=_("The book is sent to %(library)s."),
            primary_action="receive", attempt=_A.SHIPPED, lasts=Days(7, working=False),
        ),
        State(
            _S.RECEIVED, Side.REQUESTING, "attention",
            patron=_("Your book has arrived at %(library)s and is being prepared for you."),
            patron_next=_("We write to you as soon as you can collect it."),
            needs_attention=True, primary_action="make_ready", attempt=_A.RECEIVED, lasts=Days(2),
        ),
        State(
            _S.READY, Side.PATRON, "ok",
            patron=_("Your book is waiting for you at %(library)s."),
            patron_next=_("Collect it by %(deadline)s and bring your library card."),
            patron_late=_("Please collect it soon, or cancel at the desk; it cannot wait much longer."),
            milestone=_("You collect it at %(library)s."),
            primary_action="lend", closing_action="not_collected", attempt=_A.RECEIVED,
            lasts=Days(10, working=False),
        ),
        State(
            _S.LENT, Side.PATRON, "ok",
            patron_label=_("With you"),
            patron=_("You have the book until %(due)s."),
            patron_next=_("Bring it back to %(library)s by %(due)s."),
            patron_late=_("It was due on %(due)s. Please bring it back to %(library)s as soon as you can."),
            primary_action="take_back", attempt=_A.RECEIVED, lasts=UNTIL_DUE,
        ),
        State(
            _S.RETURNED, Side.REQUESTING, "attention",
            patron_label=_("Brought back"),
            patron=_("You have brought the book back. Thank you!"),
            milestone=_("You bring it back to %(library)s."),
            needs_attention=True, primary_action="send_back", attempt=_A.RECEIVED, lasts=Days(2),
            open_for_patron=False,
        ),
        State(
            _S.SENT_BACK, Side.SUPPLYING, "info",
            patron_label=_("Brought back"),
            patron=_("You have brought the book back. It is now on its way home to %(city)s."),
            attempt=_A.SENT_BACK, lasts=Days(10, working=False), open_for_patron=False,
        ),
        State(
            _S.END_OF_ROTA, Side.REQUESTING, "attention",
            patron_label=_("Librarian is searching"),
            patron=_("No library could lend the book so far. Your librarian is looking for another way."),
            patron_next=_("You hear from %(library)s by %(deadline)s."),
            needs_attention=True, primary_action="retry", closing_action="close_unfilled", lasts=Days(3),
        ),
        State(
            _S.COMPLETED, Side.NONE, "ok", patron=_("Done: the book is back at its own library."),
            outcome=Outcome.FILLED, open_for_patron=False,
        ),
        State(
            _S.REFUSED, Side.NONE, "stop", patron_label=_("Not accepted"),
            patron=_("%(library)s could not accept this request: %(reason)s."),
            outcome=Outcome.REFUSED, open_for_patron=False,
        ),
        State(
            _S.CANCELLED, Side.NONE, "plain", patron=_("This request was cancelled."),
            outcome=Outcome.CANCELLED, open_for_patron=False,
        ),
        State(
            _S.UNFILLED, Side.NONE, "stop",
            patron_label=_("Not found"),
            patron=_("Unfortunately nobody could lend the book: %(reason)s."),
            outcome=Outcome.UNFILLED, open_for_patron=False,
        ),
    )
}  # fmt: skip

ATTEMPT_STATES: dict[str, AttemptState] = {
    str(state.code.value): state
    for state in (
        AttemptState(_A.ASKED, "attention", live=True, needs_attention=True, primary_action="accept"),
        AttemptState(_A.WILL_SUPPLY, "attention", live=True, needs_attention=True, primary_action="ship"),
        AttemptState(_A.SHIPPED, "info", live=True),
        AttemptState(_A.RECEIVED, "info", live=True),
        AttemptState(_A.SENT_BACK, "attention", live=True, needs_attention=True, primary_action="complete"),
        AttemptState(_A.COMPLETED, "ok", live=False),
        AttemptState(_A.REFUSED, "plain", live=False),
        AttemptState(_A.EXPIRED, "stop", live=False),
        AttemptState(_A.WITHDRAWN, "plain", live=False),
    )
}

INITIAL = RequestStatus.SUBMITTED
# The way a request goes when all goes well; the reader's timeline draws the rest of it as future knots.
GOOD_PATH = (
    _S.SUBMITTED, _S.APPROVED, _S.ASKED, _S.WILL_SUPPLY, _S.SHIPPED, _S.RECEIVED, _S.READY, _S.LENT, _S.RETURNED,
    _S.SENT_BACK, _S.COMPLETED,
)  # fmt: skip

OPEN = tuple(code for code, state in STATES.items() if not state.is_terminal)
LIVE_ATTEMPT = tuple(code for code, state in ATTEMPT_STATES.items() if state.live)


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
