"""Every arrow of the workflow: who may take it, what it asks, what it does, who is written to.

Lines for readers and staff may use %(supplier)s, %(library)s, %(city)s, %(reason)s and %(due)s.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.choices import (
    AttemptStatus,
    CloseReason,
    RefusalReason,
    RequestStatus,
    UnfilledReason,
    WithdrawReason,
)
from loans.workflow.vocabulary import Form, Mail, Side, Step
from members.permissions import Capability

_S, _A = RequestStatus, AttemptStatus
_MANAGE, _SUPPLY = Capability.REQUEST_MANAGE.value, Capability.SUPPLY_MANAGE.value

# How every request begins; not an arrow, since there is nothing before it.
SUBMIT_DONE = _("Asked for")
SUBMIT_PATRON_NOTE = _("You asked for this book.")
SUBMIT_MAILS = (Mail("loan_received", Side.PATRON), Mail("loan_to_approve", Side.REQUESTING))

STEPS: tuple[Step, ...] = (
    # --- the requesting library decides ----------------------------------------------------------------------
    Step(
        "approve", (_S.SUBMITTED,), _S.APPROVED, Side.REQUESTING, _("Approve"), _("Approved"),
        requires=_MANAGE, coordinator=True, patron_note=_("%(library)s approved your request."), then_route=True,
        mails=(Mail("loan_approved", Side.PATRON),),
    ),
    Step(
        "refuse", (_S.SUBMITTED,), _S.REFUSED, Side.REQUESTING, _("Do not approve"), _("Not approved: %(reason)s"),
        requires=_MANAGE, coordinator=True, form=Form.REASON, reasons=RefusalReason, danger=True,
        patron_note=_("%(library)s could not accept the request: %(reason)s."),
        confirm=_("The reader is told why. The request is then closed."),
        mails=(Mail("loan_refused", Side.PATRON),),
    ),
    # --- the portal finds a supplier -------------------------------------------------------------------------
    Step(
        "ask_supplier", (_S.APPROVED,), _S.ASKED, Side.PORTAL, _("Ask the next library"), _("%(supplier)s asked"),
        patron_note=_("%(supplier)s was asked to lend it."), opens_attempt=True,
        mails=(Mail("loan_asked", Side.SUPPLYING),),
    ),
    Step(
        "end_rota", (_S.APPROVED,), _S.END_OF_ROTA, Side.PORTAL, _("End of the list"), _("No further library to ask"),
        patron_note=_("No other library can lend it. Your librarian is looking for another way."),
        mails=(Mail("loan_end_of_list", Side.REQUESTING),),
    ),
    Step(
        "expire", (_S.ASKED,), _S.APPROVED, Side.PORTAL, _("Time is up"), _("%(supplier)s did not answer in time"),
        patron_note=_("%(supplier)s did not answer in time."), ends_attempt=_A.EXPIRED, then_route=True,
        mails=(Mail("loan_expired", Side.SUPPLYING),),
    ),
    # --- the supplying library answers and sends -------------------------------------------------------------
    Step(
        "accept", (_S.ASKED,), _S.WILL_SUPPLY, Side.SUPPLYING, _("We will lend it"), _("%(supplier)s will lend it"),
        requires=_SUPPLY, patron_note=_("%(supplier)s will lend it."),
        mails=(Mail("loan_will_supply", Side.PATRON),),
    ),
    Step(
        "decline", (_S.ASKED, _S.WILL_SUPPLY), _S.APPROVED, Side.SUPPLYING, _("We cannot lend it"),
        _("%(supplier)s cannot lend it: %(reason)s"),
        requires=_SUPPLY, form=Form.REASON, reasons=UnfilledReason, danger=True, ends_attempt=_A.REFUSED,
        then_route=True, patron_note=_("%(supplier)s cannot lend it this time: %(reason)s."),
        confirm=_("The next library is then asked. You cannot take this answer back."),
        no_mail="The next library, or the requesting library at the end of the list, is written to by what follows.",
    ),
    Step(
        "ship", (_S.WILL_SUPPLY,), _S.SHIPPED, Side.SUPPLYING, _("Send"), _("Sent by %(supplier)s"),
        requires=_SUPPLY, form=Form.SHIP, patron_note=_("Sent from %(city)s."),
        mails=(Mail("loan_shipped", Side.PATRON), Mail("loan_incoming", Side.REQUESTING)),
    ),
    # --- at the requesting library ---------------------------------------------------------------------------
    Step(
        "receive", (_S.SHIPPED,), _S.RECEIVED, Side.REQUESTING, _("Arrived"), _("Arrived at %(library)s"),
        requires=_MANAGE, patron_note=_("Arrived at %(library)s."),
        no_mail="The reader is written to when the book can be collected.",
    ),
    Step(
        "make_ready", (_S.RECEIVED,), _S.READY, Side.REQUESTING, _("Ready to collect"), _("Put out for the reader"),
        requires=_MANAGE, patron_note=_("Ready for you to collect."), mails=(Mail("loan_ready", Side.PATRON),),
    ),
    Step(
        "lend", (_S.RECEIVED, _S.READY), _S.LENT, Side.REQUESTING, _("Lend to the reader"), _("Lent to the reader"),
        requires=_MANAGE, patron_note=_("You took the book with you, until %(due)s."),
        mails=(Mail("loan_lent", Side.PATRON),),
    ),
    Step(
        "not_collected", (_S.RECEIVED, _S.READY), _S.RETURNED, Side.REQUESTING, _("Not collected"),
        _("Not collected by the reader"),
        requires=_MANAGE, form=Form.CONFIRM, danger=True,
        patron_note=_("The book was not collected and goes back to its library."),
        confirm=_("The book then goes back to its library without having been lent."),
        mails=(Mail("loan_not_collected", Side.PATRON),),
    ),
    Step(
        "take_back", (_S.LENT,), _S.RETURNED, Side.REQUESTING, _("Returned by the reader"),
        _("Returned by the reader"),
        requires=_MANAGE, patron_note=_("You brought the book back."), mails=(Mail("loan_returned", Side.PATRON),),
    ),
    Step(
        "send_back", (_S.RETURNED,), _S.SENT_BACK, Side.REQUESTING, _("Send back"), _("Sent back to %(supplier)s"),
        requires=_MANAGE, form=Form.TRACKING, mails=(Mail("loan_sent_back", Side.SUPPLYING),),
    ),
    Step(
        "complete", (_S.SENT_BACK,), _S.COMPLETED, Side.SUPPLYING, _("Book is back"), _("Back at %(supplier)s"),
        requires=_SUPPLY, ends_attempt=_A.COMPLETED, patron_note=_("The book is back at its library."),
        mails=(Mail("loan_completed", Side.REQUESTING),),
    ),
    # --- other ways out --------------------------------------------------------------------------------------
    Step(
        "pass_on", (_S.ASKED, _S.WILL_SUPPLY), _S.APPROVED, Side.REQUESTING, _("Ask the next library instead"),
        _("No longer waiting for %(supplier)s"),
        requires=_MANAGE, coordinator=True, form=Form.CONFIRM, danger=True, ends_attempt=_A.WITHDRAWN,
        then_route=True, patron_note=_("We no longer wait for %(supplier)s."),
        confirm=_("The library asked now is told that the request is withdrawn; the next one is asked."),
        mails=(Mail("loan_cancelled", Side.SUPPLYING),),
    ),
    Step(
        "cancel", (_S.SUBMITTED, _S.APPROVED, _S.ASKED, _S.WILL_SUPPLY, _S.END_OF_ROTA), _S.CANCELLED, Side.PATRON,
        _("Cancel request"), _("Cancelled by the reader"),
        form=Form.CONFIRM, danger=True, ends_attempt=_A.WITHDRAWN, patron_note=_("You cancelled the request."),
        confirm=_("Nothing is sent to you then. You can ask for the book again at any time."),
        mails=(Mail("loan_cancelled", Side.SUPPLYING),),
    ),
    Step(
        "withdraw", (_S.APPROVED, _S.ASKED, _S.WILL_SUPPLY), _S.CANCELLED, Side.REQUESTING,
        _("Withdraw request"), _("Withdrawn by the library: %(reason)s"),
        requires=_MANAGE, coordinator=True, form=Form.REASON, reasons=WithdrawReason, danger=True,
        ends_attempt=_A.WITHDRAWN, patron_note=_("%(library)s cancelled the request: %(reason)s."),
        confirm=_("The reader and the library asked are told. The request is then closed."),
        mails=(Mail("loan_withdrawn", Side.PATRON), Mail("loan_cancelled", Side.SUPPLYING)),
    ),
    Step(
        "retry", (_S.END_OF_ROTA,), _S.APPROVED, Side.REQUESTING, _("Ask again"), _("Another round"),
        requires=_MANAGE, coordinator=True, then_route=True, patron_note=_("Your librarian asks once more."),
        no_mail="The library asked next is written to; the reader hears when one says yes.",
    ),
    Step(
        "close_unfilled", (_S.END_OF_ROTA,), _S.UNFILLED, Side.REQUESTING, _("Close without a loan"),
        _("Closed without a loan: %(reason)s"),
        requires=_MANAGE, coordinator=True, form=Form.REASON, reasons=CloseReason, danger=True,
        patron_note=_("The request was closed: %(reason)s."),
        confirm=_("The reader is told why. The request is then closed."),
        mails=(Mail("loan_unfilled", Side.PATRON),),
    ),
)  # fmt: skip

STEP_BY: dict[tuple[str, str], Step] = {
    (str(source.value), step.action): step for step in STEPS for source in step.sources
}
ACTIONS: dict[str, Step] = {step.action: step for step in STEPS}


def steps_from(status: str) -> tuple[Step, ...]:
    """Steps that leave a state, in the table's order."""
    return tuple(step for step in STEPS if status in step.sources)
