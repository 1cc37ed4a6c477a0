"""A wish before it leaves the house: looked at, completed, agreed to, or answered from the own shelves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.choices import Outcome, RefusalReason, RequestStatus
from loans.workflow.vocabulary import COPY, Clock, Form, Lazy, Mail, Side, State, Step, Undo
from members.permissions import Capability

_S = RequestStatus
_MANAGE = Capability.REQUEST_MANAGE.value
_U = Undo.UNTIL_OTHER_ACTS
_DESK = Clock(16, 8, 2)
REVIEWS = (_S.NEEDS_METADATA, _S.DUPLICATE_REVIEW, _S.LOCAL_REVIEW, _S.COPYRIGHT_REVIEW)
_LOOKING = _("%(library)s is looking at your request.")
_HEAR = _("You hear from the library by %(deadline)s.")

STATES = (
    State(
        _S.SUBMITTED, Side.REQUESTING, "attention",
        patron_label=_("Being checked"), patron=_LOOKING, patron_next=_HEAR, milestone=_("You ask for the book."),
        needs_attention=True, primary_action="approve", closing_action="refuse", clock=_DESK,
    ),
    State(
        _S.NEEDS_PATRON_FIX, Side.PATRON, "attention",
        patron_label=_("Please complete"), patron=_("%(library)s needs to know more about what you want."),
        patron_next=_("Please complete your request by %(deadline)s; after that it is closed."),
        primary_action="fix", closing_action="refuse",
        clock=Clock(10, 5, 2, "days"), on_timeout="cancel_silent",
    ),
    State(
        _S.NEEDS_METADATA, Side.REQUESTING, "attention",
        patron_label=_("Being checked"), patron=_LOOKING, patron_next=_HEAR, needs_attention=True,
        primary_action="complete_metadata", closing_action="refuse", clock=_DESK,
    ),
    State(
        _S.DUPLICATE_REVIEW, Side.REQUESTING, "attention",
        patron_label=_("Being checked"), patron=_LOOKING, patron_next=_HEAR, needs_attention=True,
        primary_action="not_duplicate", closing_action="close_duplicate", clock=_DESK,
    ),
    State(
        _S.LOCAL_REVIEW, Side.REQUESTING, "attention",
        patron_label=_("Being checked"), patron=_LOOKING, patron_next=_HEAR, needs_attention=True,
        primary_action="fill_locally", closing_action="refuse", clock=_DESK,
    ),
    State(
        _S.COPYRIGHT_REVIEW, Side.REQUESTING, "attention",
        patron_label=_("Being checked"), patron=_LOOKING, patron_next=_HEAR, needs_attention=True,
        primary_action="clear_copyright", closing_action="block_copyright", clock=_DESK, services=COPY,
    ),
    State(
        _S.COST_APPROVAL, Side.PATRON, "attention",
        patron_label=_("Price to agree to"), patron=_("Your request costs something. Do you agree?"),
        patron_next=_("Please answer by %(deadline)s; after that the request is closed."),
        primary_action="approve_cost", closing_action="decline_cost",
        clock=Clock(4, 2, 1, "days"), on_timeout="decline_cost",
    ),
    State(
        _S.REFUSED, Side.NONE, "stop", patron_label=_("Not accepted"),
        patron=_("%(library)s could not accept this request: %(reason)s."),
        outcome=Outcome.REFUSED, open_for_patron=False,
    ),
    State(
        _S.FILLED_LOCALLY, Side.NONE, "ok", patron_label=_("In your own library"),
        patron=_("%(library)s has this title itself. Ask for it at the desk."),
        outcome=Outcome.FILLED, open_for_patron=False,
    ),
)  # fmt: skip


def _flagged(action: str, target: RequestStatus, label: Lazy, **more: object) -> Step:
    """The portal's checks send a new request here; a librarian may too."""
    return Step(
        action, (_S.SUBMITTED,), target, Side.REQUESTING, label, label, requires=_MANAGE, by=(Side.PORTAL,),
        no_mail="It stands in the library's own queue.", undo=_U, **more,  # type: ignore[arg-type]
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        "approve", (_S.SUBMITTED,), _S.APPROVED, Side.REQUESTING, _("Approve"), _("Approved"),
        requires=_MANAGE, coordinator=True, patron_note=_("%(library)s approved your request."), then_route=True,
        effect="next_round", mails=(Mail("loan_approved", Side.PATRON),), undo=_U,
    ),
    Step(
        "ask_patron", (_S.SUBMITTED, *REVIEWS), _S.NEEDS_PATRON_FIX, Side.REQUESTING, _("Ask the reader"),
        _("The reader was asked to complete it"), requires=_MANAGE, form=Form.NOTE,
        patron_note=_("%(library)s asked you for more details."), mails=(Mail("loan_fix", Side.PATRON),), undo=_U,
    ),
    Step(
        "fix", (_S.NEEDS_PATRON_FIX,), _S.SUBMITTED, Side.PATRON, _("Complete the description"),
        _("Description completed"), by=(Side.REQUESTING,), form=Form.CHANGE, effect="change", then_check=True,
        patron_note=_("You completed the request."), mails=(Mail("loan_fixed", Side.REQUESTING),),
    ),
    Step(
        "cancel_silent", (_S.NEEDS_PATRON_FIX,), _S.CANCELLED, Side.PORTAL, _("Close without an answer"),
        _("Closed: the reader did not answer"), patron_note=_("The request was closed because you did not answer."),
        mails=(Mail("loan_closed_silent", Side.PATRON),),
    ),
    _flagged("flag_metadata", _S.NEEDS_METADATA, _("Details are missing")),
    _flagged("flag_duplicate", _S.DUPLICATE_REVIEW, _("Possibly asked for already")),
    _flagged("flag_local", _S.LOCAL_REVIEW, _("Possibly on our own shelves")),
    _flagged("flag_copyright", _S.COPYRIGHT_REVIEW, _("Copyright to check"), services=COPY),
    Step(
        "complete_metadata", (_S.NEEDS_METADATA,), _S.SUBMITTED, Side.REQUESTING, _("Complete the description"),
        _("Description completed"), requires=_MANAGE, form=Form.CHANGE, effect="change", then_check=True,
        no_mail="The library goes on with it itself.", undo=_U,
    ),
    Step(
        "not_duplicate", (_S.DUPLICATE_REVIEW,), _S.SUBMITTED, Side.REQUESTING, _("Not asked for twice"),
        _("Not a double request"), requires=_MANAGE, no_mail="The library goes on with it itself.", undo=_U,
        then_check=True,
    ),
    Step(
        "not_local", (_S.LOCAL_REVIEW,), _S.SUBMITTED, Side.REQUESTING, _("Not to be had here"),
        _("Not to be had at the own library"), requires=_MANAGE, no_mail="The library goes on with it itself.",
        undo=_U, then_check=True,
    ),
    Step(
        "clear_copyright", (_S.COPYRIGHT_REVIEW,), _S.SUBMITTED, Side.REQUESTING, _("Copyright allows it"),
        _("Copyright checked"), requires=_MANAGE, services=COPY, guard="copyright",
        no_mail="The library goes on with it itself.", undo=_U, then_check=True,
    ),
    Step(
        "fill_locally", (_S.SUBMITTED, _S.LOCAL_REVIEW), _S.FILLED_LOCALLY, Side.REQUESTING, _("We have it here"),
        _("Found at the own library"), requires=_MANAGE, form=Form.NOTE,
        patron_note=_("%(library)s has this title itself."), mails=(Mail("loan_local", Side.PATRON),), undo=_U,
    ),
    Step(
        "ask_cost", (_S.SUBMITTED,), _S.COST_APPROVAL, Side.REQUESTING, _("Ask the reader about the price"),
        _("The reader was asked about the price"), requires=_MANAGE, by=(Side.PORTAL,), form=Form.AMOUNT,
        effect="quote", patron_note=_("You were asked whether you agree to the price."),
        mails=(Mail("loan_quote", Side.PATRON),), undo=_U,
    ),
    Step(
        "approve_cost", (_S.COST_APPROVAL,), _S.SUBMITTED, Side.PATRON, _("I agree to the price"),
        _("The reader agreed to the price"), effect="cost_agreed", patron_note=_("You agreed to the price."),
        no_mail="The request stands in the library's queue again.", then_check=True,
    ),
    Step(
        "decline_cost", (_S.COST_APPROVAL,), _S.CANCELLED, Side.PATRON, _("Not at this price"),
        _("The reader did not agree to the price"), by=(Side.PORTAL,), form=Form.CONFIRM, danger=True,
        confirm=_("The request is then closed and costs nothing."), patron_note=_("You did not agree to the price."),
        mails=(Mail("loan_declined_cost", Side.REQUESTING),),
    ),
    Step(
        "refuse", (_S.SUBMITTED, _S.NEEDS_PATRON_FIX, _S.NEEDS_METADATA, _S.LOCAL_REVIEW), _S.REFUSED,
        Side.REQUESTING, _("Do not approve"), _("Not approved: %(reason)s"),
        requires=_MANAGE, coordinator=True, form=Form.REASON, reasons=RefusalReason, danger=True,
        patron_note=_("%(library)s could not accept the request: %(reason)s."),
        confirm=_("The reader is told why. The request is then closed."),
        mails=(Mail("loan_refused", Side.PATRON),), effect="close", undo=_U,
    ),
    Step(
        "close_duplicate", (_S.DUPLICATE_REVIEW,), _S.REFUSED, Side.REQUESTING, _("Asked for twice: close"),
        _("Closed: asked for twice"), requires=_MANAGE, form=Form.REASON, reasons=RefusalReason, danger=True,
        confirm=_("The reader is told why. The request is then closed."), effect="close",
        patron_note=_("%(library)s could not accept the request: %(reason)s."),
        mails=(Mail("loan_refused", Side.PATRON),), undo=_U,
    ),
    Step(
        "block_copyright", (_S.COPYRIGHT_REVIEW,), _S.REFUSED, Side.REQUESTING, _("Copyright forbids it"),
        _("Not approved: %(reason)s"), requires=_MANAGE, services=COPY, form=Form.REASON, reasons=RefusalReason,
        danger=True, confirm=_("The reader is told why. The request is then closed."), effect="close",
        patron_note=_("%(library)s could not accept the request: %(reason)s."),
        mails=(Mail("loan_refused", Side.PATRON),), undo=_U,
    ),
)  # fmt: skip
