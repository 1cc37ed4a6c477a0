"""Guided networks: a coordinator lets requests out, hands them to another network, or takes them in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.choices import AttemptStatus, RefusalReason, RequestStatus, UnfilledReason
from loans.workflow.vocabulary import Clock, Form, Mail, Side, State, Step, Undo
from members.permissions import Capability

_S, _A = RequestStatus, AttemptStatus
_DESK = Capability.NETWORK_DESK.value
_U = Undo.UNTIL_OTHER_ACTS

STATES = (
    State(
        _S.COORDINATOR_OUT, Side.COORDINATOR, "info",
        patron=_("The coordinator of the network is looking at your request."),
        patron_next=_("You hear from %(library)s by %(deadline)s."),
        needs_attention=True, primary_action="coordinator_release", closing_action="refuse_out",
        clock=Clock(8, 4, 2), on_timeout="to_deputy",
    ),
    State(
        _S.COORDINATOR_IN, Side.COORDINATOR, "info",
        patron=_("Another network is looking for a library that can help."),
        patron_next=_("It answers by %(deadline)s."),
        needs_attention=True, primary_action="assign", closing_action="refuse_in", attempt=_A.AWAITING_COORDINATOR,
        clock=Clock(8, 4, 2), on_timeout="to_deputy",
    ),
)  # fmt: skip

STEPS: tuple[Step, ...] = (
    Step(
        "hand_over", (_S.APPROVED,), _S.COORDINATOR_OUT, Side.PORTAL, _("Hand to the coordinator"),
        _("With the coordinator of the network"), mails=(Mail("loan_coordinator", Side.COORDINATOR),),
    ),
    Step(
        "hand_in", (_S.APPROVED,), _S.COORDINATOR_IN, Side.PORTAL, _("Hand to the other network's coordinator"),
        _("With the coordinator of another network, at %(supplier)s"), opens_attempt=True,
        mails=(Mail("loan_coordinator", Side.COORDINATOR),),
    ),
    Step(
        "coordinator_release", (_S.COORDINATOR_OUT,), _S.APPROVED, Side.COORDINATOR, _("Let it through"),
        _("Let through by the coordinator"), requires=_DESK, by=(Side.PORTAL,), then_route=True, effect="release_round",
        no_mail="The library asked next is written to.", undo=_U,
    ),
    Step(
        "refuse_out", (_S.COORDINATOR_OUT,), _S.REFUSED, Side.COORDINATOR, _("Refuse"),
        _("Refused by the coordinator: %(reason)s"), requires=_DESK, by=(Side.PORTAL,), form=Form.REASON,
        reasons=RefusalReason,
        danger=True, confirm=_("The reader is told why. The request is then closed."), effect="close",
        patron_note=_("The request could not be accepted: %(reason)s."), mails=(Mail("loan_refused", Side.PATRON),),
        undo=_U,
    ),
    Step(
        "assign", (_S.COORDINATOR_OUT,), _S.ASKED, Side.COORDINATOR, _("Choose a library"),
        _("%(supplier)s asked, chosen by the coordinator"), requires=_DESK, form=Form.LIBRARY, opens_attempt=True,
        guard="assign", effect="assign", mails=(Mail("loan_asked", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "desk_edit", (_S.COORDINATOR_OUT,), None, Side.COORDINATOR, _("Change speed or description"),
        _("Changed by the coordinator"), requires=_DESK, form=Form.DESK, effect="desk_edit",
        no_mail="Both libraries read it in the history.", undo=_U,
    ),
    Step(
        "send_over", (_S.COORDINATOR_OUT,), _S.COORDINATOR_IN, Side.COORDINATOR, _("Hand to another network"),
        _("Handed to another network, to its coordinator at %(supplier)s"), requires=_DESK, form=Form.NETWORK,
        opens_attempt=True, guard="send_over", effect="send_over",
        mails=(Mail("loan_coordinator", Side.COORDINATOR),), undo=_U,
    ),
    Step(
        "assign", (_S.COORDINATOR_IN,), _S.ASKED, Side.COORDINATOR, _("Choose a library"),
        _("%(supplier)s asked, chosen by the coordinator"), requires=_DESK, by=(Side.PORTAL,), form=Form.LIBRARY,
        guard="assign", effect="assign", mails=(Mail("loan_asked", Side.SUPPLYING),), undo=_U,
    ),
    Step(
        "refuse_in", (_S.COORDINATOR_IN,), _S.APPROVED, Side.COORDINATOR, _("Nobody here can help"),
        _("Refused by the other network: %(reason)s"), requires=_DESK, by=(Side.PORTAL,), form=Form.REASON,
        reasons=UnfilledReason, effect="declined", danger=True,
        confirm=_("It goes back to the coordinator who sent it."), ends_attempt=_A.REFUSED, then_route=True,
        no_mail="The coordinator it goes back to is written to.",
    ),
    Step(
        "to_deputy", (_S.COORDINATOR_OUT, _S.COORDINATOR_IN), None, Side.PORTAL, _("Hand to the deputy"),
        _("Handed to the deputy"), guard="deputy", effect="deputy", mails=(Mail("loan_coordinator", Side.COORDINATOR),),
    ),
)  # fmt: skip
