"""Finding a library: one after the other, several at once, on conditions, or once more with other data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.choices import (
    AskMode,
    AttemptStatus,
    CloseReason,
    FlagKind,
    Outcome,
    RequestStatus,
    RetryReason,
    UnfilledReason,
)
from loans.workflow.vocabulary import COPY, LOAN, Clock, Form, Mail, Side, State, Step, Undo
from members.permissions import Capability

_S, _A = RequestStatus, AttemptStatus
_MANAGE, _SUPPLY = Capability.REQUEST_MANAGE.value, Capability.SUPPLY_MANAGE.value
_U = Undo.UNTIL_OTHER_ACTS
_FIRST, _OFFERS = (AskMode.CLAIM, AskMode.PAR), (AskMode.OFFERS,)
_PROMISED = (_S.ASKED, _S.WILL_SUPPLY, _S.SCANNING)

STATES = (
    State(
        _S.APPROVED, Side.PORTAL, "info",
        patron=_("We are looking for a library that can lend you the book."),
        patron_next=_("We ask the library that is likeliest to help soon."), iso="RequestReceived",
    ),
    State(
        _S.OFFERED, Side.PORTAL, "info",
        patron=_("Several libraries were asked whether they can help."),
        patron_next=_("A library that says yes supplies you. You hear by %(deadline)s."),
        closing_action="withdraw", clock=Clock(8, 4, 1), on_timeout="next_stage",
        iso="RequestReceived",
    ),
    State(
        _S.ASKED, Side.SUPPLYING, "info",
        patron_label=_("Asked at a library"),
        patron=_("%(supplier)s has been asked to lend you the book."),
        patron_next=_("It answers by %(deadline)s. If it cannot, we ask the next library by ourselves."),
        milestone=_("A library is asked to lend it."),
        closing_action="withdraw", attempt=_A.ASKED, clock=Clock(24, 8, 2), on_timeout="expire",
        iso="RequestReceived",
    ),
    State(
        _S.CONDITIONAL, Side.REQUESTING, "attention",
        patron_label=_("Conditions to agree to"),
        patron=_("%(supplier)s can help on certain conditions. Your library is looking at them."),
        patron_next=_("You hear from %(library)s by %(deadline)s."),
        needs_attention=True, primary_action="agree", closing_action="reject_conditions", attempt=_A.CONDITIONAL,
        clock=Clock(32, 8, 4), on_timeout="reject_conditions", iso="RetryPossible",
    ),
    State(
        _S.RETRY_ASKED, Side.REQUESTING, "attention",
        patron_label=_("Librarian is searching"),
        patron=_("A library could help if something about the request is changed. Your library is looking at it."),
        patron_next=_("You hear from %(library)s by %(deadline)s."), needs_attention=True,
        primary_action="resubmit", closing_action="withdraw", clock=Clock(16, 8, 4),
        on_timeout="next_supplier", iso="RetryPossible",
    ),
    State(
        _S.END_OF_ROTA, Side.REQUESTING, "attention",
        patron_label=_("Librarian is searching"),
        patron=_("No library could lend the book so far. Your librarian is looking for another way."),
        patron_next=_("You hear from %(library)s by %(deadline)s."),
        needs_attention=True, primary_action="retry", closing_action="close_unfilled",
        clock=Clock(24, 8, 4),
    ),
    State(
        _S.UNFILLED, Side.NONE, "stop",
        patron_label=_("Not found"),
        patron=_("Unfortunately nobody could lend the book: %(reason)s."),
        outcome=Outcome.UNFILLED, open_for_patron=False,
    ),
)  # fmt: skip

STEPS: tuple[Step, ...] = (
    Step(
        "ask_supplier", (_S.APPROVED,), _S.ASKED, Side.PORTAL, _("Ask the next library"), _("%(supplier)s asked"),
        patron_note=_("%(supplier)s was asked for it."), opens_attempt=True,
        mails=(Mail("loan_asked", Side.SUPPLYING),),
    ),
    Step(
        "offer_all", (_S.APPROVED,), _S.OFFERED, Side.PORTAL, _("Ask several libraries"), _("Several libraries asked"),
        patron_note=_("Several libraries were asked."), mails=(Mail("loan_offer", Side.SUPPLYING),),
    ),
    Step(
        "claim", (_S.OFFERED,), _S.WILL_SUPPLY, Side.SUPPLYING, _("We take it"), _("%(supplier)s will lend it"),
        requires=_SUPPLY, services=LOAN, opens_attempt=True, attempt_in=(_A.OFFERED, _A.VOLUNTEERED),
        attempt_modes=_FIRST, effect="claimed", patron_note=_("%(supplier)s will lend it."),
        mails=(Mail("loan_will_supply", Side.PATRON),),
    ),
    Step(
        "claim", (_S.OFFERED,), _S.SCANNING, Side.SUPPLYING, _("We take it"), _("%(supplier)s will make the copy"),
        requires=_SUPPLY, services=COPY, opens_attempt=True, attempt_in=(_A.OFFERED, _A.VOLUNTEERED), guard="copyright",
        attempt_modes=_FIRST, effect="claimed", patron_note=_("%(supplier)s makes the copy."),
        mails=(Mail("loan_will_supply", Side.PATRON),),
    ),
    Step(
        "volunteer", (_S.OFFERED,), None, Side.SUPPLYING, _("We could do it"), _("%(supplier)s offered to help"),
        requires=_SUPPLY, services=LOAN, attempt_in=(_A.OFFERED,), attempt_modes=_OFFERS, attempt_to=_A.VOLUNTEERED,
        effect="answered", no_mail="The portal compares the offers when their time is over.", undo=_U,
    ),
    Step(
        "volunteer", (_S.OFFERED,), None, Side.SUPPLYING, _("We could do it"), _("%(supplier)s offered to help"),
        requires=_SUPPLY, services=COPY, attempt_in=(_A.OFFERED,), attempt_modes=_OFFERS, attempt_to=_A.VOLUNTEERED,
        guard="copyright", effect="answered", no_mail="The portal compares the offers when their time is over.",
        undo=_U,
    ),
    Step(
        "award", (_S.OFFERED,), _S.WILL_SUPPLY, Side.PORTAL, _("Give it to the best offer"),
        _("%(supplier)s will lend it"), services=LOAN, opens_attempt=True, effect="claimed",
        patron_note=_("%(supplier)s will lend it."),
        mails=(Mail("loan_will_supply", Side.PATRON), Mail("loan_asked", Side.SUPPLYING)),
    ),
    Step(
        "award", (_S.OFFERED,), _S.SCANNING, Side.PORTAL, _("Give it to the best offer"),
        _("%(supplier)s will make the copy"), services=COPY, opens_attempt=True, guard="copyright", effect="claimed",
        patron_note=_("%(supplier)s makes the copy."),
        mails=(Mail("loan_will_supply", Side.PATRON), Mail("loan_asked", Side.SUPPLYING)),
    ),
    Step(
        "next_stage", (_S.OFFERED,), _S.APPROVED, Side.PORTAL, _("Nobody took it"), _("Nobody took it in time"),
        effect="offers_over", then_route=True, no_mail="The library asked next is written to.",
    ),
    Step(
        "end_rota", (_S.APPROVED,), _S.END_OF_ROTA, Side.PORTAL, _("End of the list"), _("No further library to ask"),
        patron_note=_("No other library can lend it. Your librarian is looking for another way."),
        mails=(Mail("loan_end_of_list", Side.REQUESTING),),
    ),
    Step(
        "expire", (*_PROMISED, _S.COORDINATOR_IN), _S.APPROVED, Side.PORTAL, _("Time is up"),
        _("%(supplier)s did not answer in time"),
        patron_note=_("%(supplier)s did not answer in time."), ends_attempt=_A.EXPIRED, then_route=True,
        mails=(Mail("loan_expired", Side.SUPPLYING),),
    ),
    Step(
        "acknowledge", (_S.ASKED,), None, Side.SUPPLYING, _("We are looking"), _("%(supplier)s is looking for it"),
        requires=_SUPPLY, attempt_in=(_A.ASKED,), attempt_to=_A.CONSIDERING,
        no_mail="It is only good to know.", undo=_U,
    ),
    Step(
        "accept", (_S.ASKED,), _S.WILL_SUPPLY, Side.SUPPLYING, _("We will lend it"), _("%(supplier)s will lend it"),
        requires=_SUPPLY, services=LOAN, patron_note=_("%(supplier)s will lend it."), effect="answered",
        unless=(FlagKind.CANCEL_ASKED,), mails=(Mail("loan_will_supply", Side.PATRON),), undo=_U,
    ),
    Step(
        "accept", (_S.ASKED,), _S.SCANNING, Side.SUPPLYING, _("We will make the copy"),
        _("%(supplier)s will make the copy"),
        requires=_SUPPLY, services=COPY, patron_note=_("%(supplier)s makes the copy."), guard="copyright",
        effect="answered", unless=(FlagKind.CANCEL_ASKED,), mails=(Mail("loan_will_supply", Side.PATRON),), undo=_U,
    ),
    Step(
        "set_conditions", (_S.ASKED,), _S.CONDITIONAL, Side.SUPPLYING, _("On conditions"),
        _("%(supplier)s names conditions"), requires=_SUPPLY, form=Form.CONDITIONS, effect="conditions",
        unless=(FlagKind.CANCEL_ASKED,), mails=(Mail("loan_conditional", Side.REQUESTING),), undo=_U,
    ),
    Step(
        "agree", (_S.CONDITIONAL,), _S.WILL_SUPPLY, Side.REQUESTING, _("Agree to the conditions"),
        _("Conditions agreed to"), requires=_MANAGE, services=LOAN, unless=(FlagKind.COST_ASKED, FlagKind.CANCEL_ASKED),
        patron_note=_("%(supplier)s will lend it."), mails=(Mail("loan_agreed", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "agree", (_S.CONDITIONAL,), _S.SCANNING, Side.REQUESTING, _("Agree to the conditions"),
        _("Conditions agreed to"), requires=_MANAGE, services=COPY, unless=(FlagKind.COST_ASKED, FlagKind.CANCEL_ASKED),
        guard="copyright", patron_note=_("%(supplier)s makes the copy."),
        mails=(Mail("loan_agreed", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "ask_patron_cost", (_S.CONDITIONAL,), None, Side.REQUESTING, _("Ask the reader about the price"),
        _("The reader was asked about the price"), requires=_MANAGE, by=(Side.PORTAL,), raises=(FlagKind.COST_ASKED,),
        unless=(FlagKind.COST_ASKED,), guard="costs", patron_note=_("You were asked whether you agree to the price."),
        mails=(Mail("loan_quote", Side.PATRON),), undo=_U,
    ),
    Step(
        "accept_condition_cost", (_S.CONDITIONAL,), _S.WILL_SUPPLY, Side.PATRON, _("I agree to the price"),
        _("The reader agreed to the price"), services=LOAN, needs=(FlagKind.COST_ASKED,), clears=(FlagKind.COST_ASKED,),
        effect="cost_agreed", patron_note=_("You agreed to the price."), mails=(Mail("loan_agreed", Side.SUPPLYING),),
    ),
    Step(
        "accept_condition_cost", (_S.CONDITIONAL,), _S.SCANNING, Side.PATRON, _("I agree to the price"),
        _("The reader agreed to the price"), services=COPY, needs=(FlagKind.COST_ASKED,), clears=(FlagKind.COST_ASKED,),
        guard="copyright", effect="cost_agreed", patron_note=_("You agreed to the price."),
        mails=(Mail("loan_agreed", Side.SUPPLYING),),
    ),
    Step(
        "decline_condition_cost", (_S.CONDITIONAL,), _S.APPROVED, Side.PATRON, _("Not at this price"),
        _("The reader did not agree to the price"), needs=(FlagKind.COST_ASKED,), clears=(FlagKind.COST_ASKED,),
        ends_attempt=_A.WITHDRAWN, then_route=True, form=Form.CONFIRM, danger=True,
        confirm=_("The next library is then asked."), patron_note=_("You did not agree to the price."),
        mails=(Mail("loan_cancelled", Side.SUPPLYING),),
    ),
    Step(
        "reject_conditions", (_S.CONDITIONAL,), _S.APPROVED, Side.REQUESTING, _("Do not agree"),
        _("Conditions not agreed to"), requires=_MANAGE, by=(Side.PORTAL,), clears=(FlagKind.COST_ASKED,),
        ends_attempt=_A.REFUSED, then_route=True, form=Form.CONFIRM, danger=True,
        confirm=_("The next library is then asked."), mails=(Mail("loan_cancelled", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "ask_retry", _PROMISED, _S.RETRY_ASKED, Side.SUPPLYING, _("Not like this, or later"),
        _("%(supplier)s asks to try again: %(reason)s"), requires=_SUPPLY, form=Form.REASON, reasons=RetryReason,
        danger=True, ends_attempt=_A.RETRY_ASKED, effect="retry_reason",
        confirm=_("The library that asks may change the request, or ask the next library."),
        mails=(Mail("loan_retry", Side.REQUESTING),), undo=_U,
    ),
    Step(
        "resubmit", (_S.RETRY_ASKED,), _S.APPROVED, Side.REQUESTING, _("Change it and ask again"),
        _("Changed, and asked again"), requires=_MANAGE, form=Form.CHANGE, guard="changed", effect="resubmit",
        then_route=True, patron_note=_("Your librarian asks once more."), no_mail="The library asked is written to.",
        undo=_U,
    ),
    Step(
        "next_supplier", (_S.RETRY_ASKED,), _S.APPROVED, Side.REQUESTING, _("Ask the next library"),
        _("Another library is asked"), requires=_MANAGE, by=(Side.PORTAL,), then_route=True,
        no_mail="The library asked is written to.", undo=_U,
    ),
    Step(
        "decline", _PROMISED, _S.APPROVED, Side.SUPPLYING, _("We cannot lend it"),
        _("%(supplier)s cannot lend it: %(reason)s"),
        requires=_SUPPLY, form=Form.REASON, reasons=UnfilledReason, danger=True, ends_attempt=_A.REFUSED,
        then_route=True, patron_note=_("%(supplier)s cannot lend it this time: %(reason)s."),
        confirm=_("The next library is then asked."), effect="declined", undo=_U, unless=(FlagKind.CANCEL_ASKED,),
        no_mail="The next library, or the requesting library at the end of the list, is written to by what follows.",
    ),
    Step(
        "pass_on", (*_PROMISED,), _S.APPROVED, Side.REQUESTING, _("Ask the next library instead"),
        _("No longer waiting for %(supplier)s"),
        requires=_MANAGE, coordinator=True, form=Form.CONFIRM, danger=True, ends_attempt=_A.WITHDRAWN,
        then_route=True, patron_note=_("We no longer wait for %(supplier)s."),
        confirm=_("The library asked now is told that the request is withdrawn; the next one is asked."),
        mails=(Mail("loan_cancelled", Side.SUPPLYING),), undo=_U, unless=(FlagKind.CANCEL_ASKED,),
    ),
    Step(
        "retry", (_S.END_OF_ROTA,), _S.APPROVED, Side.REQUESTING, _("Ask again"), _("Another round"),
        requires=_MANAGE, coordinator=True, then_route=True, patron_note=_("Your librarian asks once more."),
        guard="rounds", effect="next_round",
        no_mail="The library asked next is written to; the reader hears when one says yes.",
    ),
    Step(
        "close_unfilled", (_S.END_OF_ROTA,), _S.UNFILLED, Side.REQUESTING, _("Close without a loan"),
        _("Closed without a loan: %(reason)s"),
        requires=_MANAGE, coordinator=True, form=Form.REASON, reasons=CloseReason, danger=True,
        patron_note=_("The request was closed: %(reason)s."),
        confirm=_("The reader is told why. The request is then closed."),
        mails=(Mail("loan_unfilled", Side.PATRON),), effect="close", undo=_U,
    ),
    Step(
        "convert", (_S.SUBMITTED, _S.END_OF_ROTA, _S.RETRY_ASKED), _S.SUBMITTED, Side.REQUESTING,
        _("Loan instead of copy, or copy instead of loan"), _("Loan and copy exchanged"), requires=_MANAGE,
        form=Form.CONFIRM, confirm=_("The request is checked again as if it were new; its number stays."),
        effect="convert", guard="convertible", then_check=True, patron_note=_("Your library exchanged loan and copy."),
        mails=(Mail("loan_converted", Side.PATRON),),
    ),
)  # fmt: skip
