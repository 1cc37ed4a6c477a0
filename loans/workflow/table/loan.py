"""A book on its way, with the reader, longer, back sooner, lost or damaged, and home again."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from loans.choices import AttemptStatus, DamageKind, FlagKind, Outcome, RequestStatus
from loans.workflow.vocabulary import LOAN, Clock, Form, Mail, Side, State, Step, Undo
from members.permissions import Capability

_S, _A, _F = RequestStatus, AttemptStatus, FlagKind
_MANAGE, _SUPPLY = Capability.REQUEST_MANAGE.value, Capability.SUPPLY_MANAGE.value
_U = Undo.UNTIL_OTHER_ACTS
OUT = (_S.SHIPPED, _S.RECEIVED, _S.READY, _S.LENT)
ANYWHERE = (*OUT, _S.RETURNED, _S.SENT_BACK)


class Settlement(TextChoices):
    """How the cost of something lost or damaged is settled."""

    DUE = "due", _("The amount is paid")
    WAIVED = "waived", _("Nothing is charged")


STATES = (
    State(
        _S.WILL_SUPPLY, Side.SUPPLYING, "info",
        patron_label=_("Being prepared"),
        patron=_("%(supplier)s will lend you the book and is getting it ready."),
        patron_next=_("It is sent to %(library)s by %(deadline)s."),
        closing_action="cancel_ask", attempt=_A.WILL_SUPPLY, clock=Clock(24, 12, 4), on_timeout="expire", patience=2,
        services=LOAN, iso="WillSupply",
    ),
    State(
        _S.SHIPPED, Side.REQUESTING, "info",
        patron=_("Your book is on its way from %(city)s."),
        patron_next=_("It should reach %(library)s by %(deadline)s. We write to you when you can collect it."),
        milestone=_("The book is sent to %(library)s."),
        primary_action="receive", attempt=_A.SHIPPED,
        clock=Clock(5, 5, 5, "days", until="transit"), services=LOAN, iso="Loaned",
    ),
    State(
        _S.RECEIVED, Side.REQUESTING, "attention",
        patron=_("Your book has arrived at %(library)s and is being prepared for you."),
        patron_next=_("We write to you as soon as you can collect it."),
        needs_attention=True, primary_action="make_ready", attempt=_A.RECEIVED,
        clock=Clock(8, 4, 2), services=LOAN, iso="Loaned",
    ),
    State(
        _S.READY, Side.PATRON, "ok",
        patron=_("Your book is waiting for you at %(library)s."),
        patron_next=_("Collect it by %(deadline)s and bring your library card."),
        patron_late=_("Please collect it soon, or cancel at the desk; it cannot wait much longer."),
        milestone=_("You collect it at %(library)s."),
        primary_action="lend", closing_action="not_collected", attempt=_A.RECEIVED,
        clock=Clock(10, 10, 10, "days", until="hold"), on_timeout="shelf_expired",
        services=LOAN, iso="Loaned",
    ),
    State(
        _S.LENT, Side.PATRON, "ok",
        patron_label=_("With you"),
        patron=_("You have the book until %(due)s."),
        patron_next=_("Bring it back to %(library)s by %(due)s."),
        patron_late=_("It was due on %(due)s. Please bring it back to %(library)s as soon as you can."),
        primary_action="take_back", attempt=_A.RECEIVED,
        clock=Clock(28, 28, 28, "days", until="due"), on_timeout="mark_overdue", services=LOAN, iso="Loaned",
    ),
    State(
        _S.RETURNED, Side.REQUESTING, "attention",
        patron_label=_("Brought back"),
        patron=_("You have brought the book back. Thank you!"),
        milestone=_("You bring it back to %(library)s."),
        needs_attention=True, primary_action="send_back", attempt=_A.RECEIVED,
        open_for_patron=False, clock=Clock(16, 8, 4), services=LOAN, iso="Loaned",
    ),
    State(
        _S.SENT_BACK, Side.SUPPLYING, "info",
        patron_label=_("Brought back"),
        patron=_("You have brought the book back. It is now on its way home to %(city)s."),
        attempt=_A.SENT_BACK, open_for_patron=False, clock=Clock(8, 8, 8, "days", until="transit"),
        services=LOAN, iso="Loaned",
    ),
    State(
        _S.COMPLETED, Side.NONE, "ok", patron=_("Done: the book is back at its own library."),
        outcome=Outcome.FILLED, open_for_patron=False, services=LOAN, iso="LoanCompleted",
    ),
    State(
        _S.WRITTEN_OFF, Side.NONE, "stop", patron=_("The book could not be given back. The libraries have settled it."),
        outcome=Outcome.FILLED, open_for_patron=False, services=LOAN, iso="CompletedWithoutReturn",
    ),
)  # fmt: skip

STEPS: tuple[Step, ...] = (
    Step(
        "ship", (_S.WILL_SUPPLY,), _S.SHIPPED, Side.SUPPLYING, _("Send"), _("Sent by %(supplier)s"),
        requires=_SUPPLY, form=Form.SHIP, patron_note=_("Sent from %(city)s."), services=LOAN, effect="shipped",
        unless=(_F.CANCEL_ASKED,), mails=(Mail("loan_shipped", Side.PATRON), Mail("loan_incoming", Side.REQUESTING)),
        undo=_U,
    ),
    Step(
        "receive", (_S.SHIPPED,), _S.RECEIVED, Side.REQUESTING, _("Arrived"), _("Arrived at %(library)s"),
        requires=_MANAGE, patron_note=_("Arrived at %(library)s."), services=LOAN, effect="received",
        clears=(_F.LOST,), no_mail="The reader is written to when the book can be collected.", undo=_U,
    ),
    Step(
        "make_ready", (_S.RECEIVED,), _S.READY, Side.REQUESTING, _("Ready to collect"), _("Put out for the reader"),
        requires=_MANAGE, patron_note=_("Ready for you to collect."), mails=(Mail("loan_ready", Side.PATRON),),
        services=LOAN, undo=_U,
    ),
    Step(
        "lend", (_S.RECEIVED, _S.READY), _S.LENT, Side.REQUESTING, _("Lend to the reader"), _("Lent to the reader"),
        requires=_MANAGE, patron_note=_("You took the book with you, until %(due)s."), services=LOAN, effect="lent",
        unless=(_F.LOST,), mails=(Mail("loan_lent", Side.PATRON),), undo=_U,
    ),
    Step(
        "not_collected", (_S.RECEIVED, _S.READY), _S.RETURNED, Side.REQUESTING, _("Not collected"),
        _("Not collected by the reader"),
        requires=_MANAGE, form=Form.CONFIRM, danger=True, services=LOAN, clears=(_F.RENEW_ASKED,),
        patron_note=_("The book was not collected and goes back to its library."),
        confirm=_("The book then goes back to its library without having been lent."),
        mails=(Mail("loan_not_collected", Side.PATRON),), undo=_U,
    ),
    Step(
        "shelf_expired", (_S.READY,), _S.RETURNED, Side.PORTAL, _("Not collected in time"),
        _("Not collected in time"), services=LOAN, clears=(_F.RENEW_ASKED,),
        patron_note=_("The book was not collected and goes back to its library."),
        mails=(Mail("loan_not_collected", Side.PATRON),),
    ),
    Step(
        "take_back", (_S.LENT,), _S.RETURNED, Side.REQUESTING, _("Returned by the reader"),
        _("Returned by the reader"), clears=(_F.OVERDUE, _F.RENEW_ASKED, _F.RECALLED), services=LOAN,
        requires=_MANAGE, patron_note=_("You brought the book back."), mails=(Mail("loan_returned", Side.PATRON),),
        undo=_U,
    ),
    Step(
        "send_back", (_S.RETURNED,), _S.SENT_BACK, Side.REQUESTING, _("Send back"), _("Sent back to %(supplier)s"),
        requires=_MANAGE, form=Form.TRACKING, services=LOAN, effect="sent_back", unless=(_F.LOST,),
        mails=(Mail("loan_sent_back", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "complete", (_S.SENT_BACK,), _S.COMPLETED, Side.SUPPLYING, _("Book is back"), _("Back at %(supplier)s"),
        requires=_SUPPLY, ends_attempt=_A.COMPLETED, patron_note=_("The book is back at its library."), services=LOAN,
        unless=(_F.DAMAGED, _F.COST_DISPUTED), mails=(Mail("loan_completed", Side.REQUESTING),), undo=_U,
    ),
    Step(
        "correct_due", OUT, None, Side.SUPPLYING, _("Change the due date"), _("Due date changed"), requires=_SUPPLY,
        form=Form.DUE, services=LOAN, guard="not_shorter", effect="due", clears=(_F.OVERDUE,),
        mails=(Mail("loan_due_changed", Side.REQUESTING),),
        undo=_U,
    ),
    Step(
        "not_arrived", (_S.SHIPPED,), None, Side.REQUESTING, _("It has not arrived"), _("Not arrived"),
        requires=_MANAGE,
        form=Form.NOTE, services=LOAN, raises=(_F.LOST,), unless=(_F.LOST,),
        mails=(Mail("loan_missing", Side.SUPPLYING),),
        undo=_U,
    ),
    Step(
        "renew_ask", (_S.READY, _S.LENT), None, Side.REQUESTING, _("Ask for a longer loan"),
        _("A longer loan was asked for"), requires=_MANAGE, by=(Side.PATRON,), services=LOAN, raises=(_F.RENEW_ASKED,),
        unless=(_F.RENEW_ASKED, _F.RECALLED, _F.LOST), guard="renewable", patron_note=_("A longer loan was asked for."),
        mails=(Mail("loan_renew_asked", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "renew_auto", (_S.READY, _S.LENT), None, Side.PORTAL, _("Longer by rule"), _("Loan made longer by rule"),
        services=LOAN, unless=(_F.RECALLED, _F.LOST), clears=(_F.RENEW_ASKED, _F.OVERDUE), guard="renewable_by_rule",
        effect="renewed", patron_note=_("You may keep it until %(due)s."), mails=(Mail("loan_renewed", Side.PATRON),),
    ),
    Step(
        "renew_yes", (_S.READY, _S.LENT), None, Side.SUPPLYING, _("Yes, longer"), _("Loan made longer"),
        requires=_SUPPLY,
        services=LOAN, form=Form.DUE, needs=(_F.RENEW_ASKED,), clears=(_F.RENEW_ASKED, _F.OVERDUE),
        unless=(_F.RECALLED,), guard="later", effect="renewed", patron_note=_("You may keep it until %(due)s."),
        mails=(Mail("loan_renewed", Side.PATRON),), undo=_U,
    ),
    Step(
        "renew_no", (_S.READY, _S.LENT), None, Side.SUPPLYING, _("No, not longer"), _("No longer loan"),
        requires=_SUPPLY, services=LOAN, form=Form.NOTE, needs=(_F.RENEW_ASKED,), clears=(_F.RENEW_ASKED,),
        patron_note=_("The loan cannot be made longer."), mails=(Mail("loan_renew_refused", Side.PATRON),), undo=_U,
    ),
    Step(
        "recall", OUT, None, Side.SUPPLYING, _("Ask for it back"), _("Asked back by %(supplier)s"), requires=_SUPPLY,
        services=LOAN, form=Form.DUE, raises=(_F.RECALLED,), unless=(_F.RECALLED, _F.LOST), clears=(_F.RENEW_ASKED,),
        guard="recall", effect="recalled", patron_note=_("The library that lends it needs it back by %(due)s."),
        mails=(Mail("loan_recalled", Side.PATRON), Mail("loan_recalled_staff", Side.REQUESTING)), undo=_U,
    ),
    Step(
        "recall_off", OUT, None, Side.SUPPLYING, _("No longer needed back"), _("No longer asked back"),
        requires=_SUPPLY,
        services=LOAN, needs=(_F.RECALLED,), clears=(_F.RECALLED,), effect="recall_off",
        mails=(Mail("loan_recall_off", Side.REQUESTING),), undo=_U,
    ),
    Step(
        "mark_overdue", (_S.LENT,), None, Side.PORTAL, _("Overdue"), _("Overdue"),
        services=LOAN, raises=(_F.OVERDUE,), unless=(_F.OVERDUE,), guard="overdue",
        no_mail="The ladder of reminders writes day by day.",
    ),
    Step(
        "report_lost", ANYWHERE, None, Side.REQUESTING, _("Lost"), _("Reported as lost"), requires=_MANAGE,
        by=(Side.SUPPLYING, Side.PATRON), services=LOAN, form=Form.NOTE, raises=(_F.LOST,), unless=(_F.LOST,),
        effect="lost", patron_note=_("Reported as lost."),
        mails=(Mail("loan_lost", Side.SUPPLYING), Mail("loan_lost", Side.REQUESTING)), undo=_U,
    ),
    Step(
        "found", ANYWHERE, None, Side.REQUESTING, _("Found again"), _("Found again"), requires=_MANAGE,
        by=(Side.SUPPLYING,), services=LOAN, needs=(_F.LOST,), clears=(_F.LOST,), effect="found",
        patron_note=_("Found again."), mails=(Mail("loan_found", Side.SUPPLYING), Mail("loan_found", Side.REQUESTING)),
        undo=_U,
    ),
    Step(
        "report_damaged", (_S.RECEIVED, _S.LENT, _S.RETURNED, _S.SENT_BACK), None, Side.REQUESTING, _("Damaged"),
        _("Reported as damaged"), requires=_MANAGE, by=(Side.SUPPLYING,), services=LOAN, form=Form.REASON,
        reasons=DamageKind, raises=(_F.DAMAGED,), unless=(_F.DAMAGED,),
        mails=(Mail("loan_damaged", Side.SUPPLYING), Mail("loan_damaged", Side.REQUESTING)), undo=_U,
    ),
    Step(
        "claim_cost", ANYWHERE, None, Side.SUPPLYING, _("Ask for the cost"), _("Cost asked for"), requires=_SUPPLY,
        services=LOAN, form=Form.AMOUNT, needs=(_F.LOST, _F.DAMAGED), guard="one_claim", effect="claim_cost",
        mails=(Mail("loan_replacement", Side.REQUESTING),),
    ),
    Step(
        "dispute_cost", ANYWHERE, None, Side.REQUESTING, _("Dispute the cost"), _("Cost disputed"), requires=_MANAGE,
        services=LOAN, form=Form.NOTE, needs=(_F.LOST, _F.DAMAGED), raises=(_F.COST_DISPUTED,),
        unless=(_F.COST_DISPUTED,), guard="claimed",
        mails=(Mail("loan_disputed", Side.SUPPLYING), Mail("loan_disputed", Side.COORDINATOR)), undo=_U,
    ),
    Step(
        "settle_cost", ANYWHERE, None, Side.SUPPLYING, _("Settle the cost"), _("Cost settled"), requires=_SUPPLY,
        services=LOAN, by=(Side.COORDINATOR,), form=Form.REASON, reasons=Settlement,
        needs=(_F.LOST, _F.DAMAGED, _F.COST_DISPUTED), clears=(_F.DAMAGED, _F.COST_DISPUTED), effect="settle_cost",
        mails=(Mail("loan_settled", Side.REQUESTING),),
    ),
    Step(
        "write_off", ANYWHERE, _S.WRITTEN_OFF, Side.SUPPLYING, _("Write it off"), _("Written off"), requires=_SUPPLY,
        services=LOAN, form=Form.CONFIRM, danger=True, needs=(_F.LOST,), unless=(_F.COST_DISPUTED,), guard="settled",
        confirm=_("The book is given up for lost and the request is closed."), ends_attempt=_A.WRITTEN_OFF,
        effect="written_off", mails=(Mail("loan_written_off", Side.REQUESTING),),
    ),
)  # fmt: skip
