"""Other ways out: cancelling, at once or with the supplier's yes or no, withdrawing, and closing by the coordinator."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.choices import AttemptStatus, FlagKind, Outcome, RequestStatus, WithdrawReason
from loans.workflow.table import intake
from loans.workflow.vocabulary import Form, Mail, Side, State, Step, Undo
from members.permissions import Capability

_S, _A = RequestStatus, AttemptStatus
_MANAGE, _SUPPLY = Capability.REQUEST_MANAGE.value, Capability.SUPPLY_MANAGE.value
_U = Undo.UNTIL_OTHER_ACTS
_NOBODY_BOUND = (
    _S.APPROVED, _S.OFFERED, _S.COORDINATOR_OUT, _S.COORDINATOR_IN, _S.RETRY_ASKED, _S.END_OF_ROTA,
)  # fmt: skip
_BEFORE = (_S.SUBMITTED, _S.NEEDS_PATRON_FIX, *intake.REVIEWS, _S.COST_APPROVAL, *_NOBODY_BOUND)
PROMISED = (_S.ASKED, _S.WILL_SUPPLY, _S.SCANNING, _S.CONDITIONAL)
OPEN = tuple(status for status in RequestStatus if not status.is_closed)

STATES = (
    State(
        _S.CANCELLED, Side.NONE, "plain", patron=_("This request was cancelled."),
        outcome=Outcome.CANCELLED, open_for_patron=False, iso="Cancelled",
    ),
    State(
        _S.CLOSED_MANUALLY, Side.NONE, "plain", patron_label=_("Closed"),
        patron=_("The coordinator of the network closed this request."), outcome=Outcome.CLOSED, open_for_patron=False,
    ),
)  # fmt: skip

STEPS: tuple[Step, ...] = (
    # At once, as long as nobody has promised or looked.
    Step(
        "cancel", (*_BEFORE, _S.ASKED), _S.CANCELLED, Side.PATRON,
        _("Cancel request"), _("Cancelled by the reader"), attempt_in=(_A.ASKED, _A.AWAITING_COORDINATOR),
        form=Form.CONFIRM, danger=True, ends_attempt=_A.WITHDRAWN, patron_note=_("You cancelled the request."),
        confirm=_("Nothing is sent to you then. You can ask for the book again at any time."),
        mails=(Mail("loan_cancelled", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "cancel_ask", PROMISED, None, Side.PATRON, _("Ask to cancel"), _("Asked to cancel"), by=(Side.REQUESTING,),
        attempt_in=(_A.CONSIDERING, _A.WILL_SUPPLY, _A.SCANNING, _A.CONDITIONAL), raises=(FlagKind.CANCEL_ASKED,),
        unless=(FlagKind.CANCEL_ASKED,), form=Form.CONFIRM, danger=True,
        confirm=_("The library that has promised it is asked. If it is already on its way, it cannot be stopped."),
        patron_note=_("You asked to cancel the request."), mails=(Mail("loan_cancel_asked", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "cancel_yes", PROMISED, _S.CANCELLED, Side.SUPPLYING, _("Yes, cancelled"), _("Cancelled, %(supplier)s agreed"),
        requires=_SUPPLY, by=(Side.PORTAL,), needs=(FlagKind.CANCEL_ASKED,), ends_attempt=_A.WITHDRAWN,
        patron_note=_("The request was cancelled."),
        mails=(Mail("loan_cancelled_ok", Side.PATRON), Mail("loan_cancelled_ok", Side.REQUESTING)),
    ),
    Step(
        "cancel_no", PROMISED, None, Side.SUPPLYING, _("No, it is already in the post"), _("Too late to cancel"),
        requires=_SUPPLY, by=(Side.PORTAL,), needs=(FlagKind.CANCEL_ASKED,), clears=(FlagKind.CANCEL_ASKED,),
        patron_note=_("It was too late to cancel."),
        mails=(Mail("loan_cancel_refused", Side.PATRON), Mail("loan_cancel_refused", Side.REQUESTING)),
    ),
    Step(
        "withdraw", (*_NOBODY_BOUND, _S.ASKED), _S.CANCELLED, Side.REQUESTING,
        _("Withdraw request"), _("Withdrawn by the library: %(reason)s"),
        attempt_in=(_A.ASKED, _A.AWAITING_COORDINATOR),
        requires=_MANAGE, coordinator=True, form=Form.REASON, reasons=WithdrawReason, danger=True,
        ends_attempt=_A.WITHDRAWN, patron_note=_("%(library)s cancelled the request: %(reason)s."),
        confirm=_("The reader and the library asked are told. The request is then closed."), effect="close",
        mails=(Mail("loan_withdrawn", Side.PATRON), Mail("loan_cancelled", Side.SUPPLYING)), undo=_U,
    ),
    Step(
        "close_manually", OPEN, _S.CLOSED_MANUALLY, Side.COORDINATOR, _("Close by hand"),
        _("Closed by the coordinator"), requires=Capability.NETWORK_MANAGE.value, form=Form.NOTE, danger=True,
        confirm=_("Everything open about this request ends, whatever its state. Both libraries are told."),
        ends_attempt=_A.WITHDRAWN, effect="close_by_hand", patron_note=_("The coordinator closed the request."),
        mails=tuple(Mail("loan_closed", side) for side in (Side.PATRON, Side.REQUESTING, Side.SUPPLYING)),
    ),
)  # fmt: skip
