"""What readers fill in to ask, and what librarians fill in to take a step. FORMS has the form of each kind of step."""

from __future__ import annotations

from loans.forms.asking import WishForm
from loans.forms.coordinator import AssignForm, DeskEditForm, SendOverForm
from loans.forms.messages import MessageForm
from loans.forms.steps import ReasonForm, ShipForm, StepForm, TrackingForm
from loans.forms.terms import AmountForm, ChangeForm, ConditionsForm, DueForm, NoteForm
from loans.workflow.vocabulary import Form

FORMS: dict[Form, type[StepForm]] = {
    Form.NONE: StepForm,
    Form.CONFIRM: StepForm,
    Form.REASON: ReasonForm,
    Form.SHIP: ShipForm,
    Form.TRACKING: TrackingForm,
    Form.CONDITIONS: ConditionsForm,
    Form.AMOUNT: AmountForm,
    Form.DUE: DueForm,
    Form.NOTE: NoteForm,
    Form.CHANGE: ChangeForm,
    Form.LIBRARY: AssignForm,
    Form.NETWORK: SendOverForm,
    Form.DESK: DeskEditForm,
}

__all__ = ["FORMS", "MessageForm", "ReasonForm", "ShipForm", "StepForm", "TrackingForm", "WishForm"]
