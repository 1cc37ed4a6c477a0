"""What readers fill in to ask, and what librarians fill in to take a step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from loans.models import Request, SupplyAttempt
from loans.services.messages import MAX_LENGTH
from loans.workflow.deadlines import due_default
from loans.workflow.vocabulary import Form, Step

# A year typed wrongly is noticed at once.
FARTHEST = timedelta(days=730)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WishForm(forms.Form):
    """When the reader needs it and what the librarian should know; the book itself comes from its record."""

    needed_by = forms.DateField(
        label=_("Needed by"), required=False, widget=DateInput, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
        help_text=_("Only if you need it for a certain day. A loan usually takes a week to arrive."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note for the librarian"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: any edition will do."),
    )  # fmt: skip
    want_anyway = forms.BooleanField(label=_("I know, and ask for the copy of another library all the same."))

    def __init__(self, *args: Any, own_copy: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not own_copy:
            del self.fields["want_anyway"]

    def clean_needed_by(self) -> Any:
        day = self.cleaned_data["needed_by"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(
                _t("That day has passed. Please choose a later one, or leave it empty.")
            )
        if day and day > timezone.localdate() + FARTHEST:
            raise forms.ValidationError(_t("That is more than two years ahead. Please check the year."))
        return day


class StepForm(forms.Form):
    """A step that asks nothing, or only "are you sure"."""

    def __init__(
        self, *args: Any, step: Step, request: Request, attempt: SupplyAttempt | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step, self.request, self.attempt = step, request, attempt


class ReasonForm(StepForm):
    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The other side reads it beside the reason."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = self.step.reasons
        self.fields["reason"].choices = reasons.choices if reasons else []  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("reason") == "other" and not values.get("note", "").strip():
            self.add_error("note", _t("Please write the reason in a few words."))
        return values


class ShipForm(StepForm):
    due_on = forms.DateField(
        label=_("Due back at your library"), widget=DateInput, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
        help_text=_("Your loan period, and three days of travel each way, are already counted."),
    )  # fmt: skip
    barcode = forms.CharField(label=_("Barcode of the copy"), required=False, max_length=60)
    tracking = forms.CharField(label=_("Tracking number"), required=False, max_length=100)
    note = forms.CharField(
        label=_("Note to the other library"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.attempt is not None:
            self.fields["due_on"].initial = due_default(self.attempt.supplier)

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_t("Please give a due date that lies ahead."))
        if day > timezone.localdate() + FARTHEST:
            raise forms.ValidationError(_t("That is more than two years ahead. Please check the year."))
        return day


class TrackingForm(StepForm):
    tracking = forms.CharField(label=_("Tracking number"), required=False, max_length=100)
    note = forms.CharField(
        label=_("Note to the other library"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MessageForm(forms.Form):
    body = forms.CharField(
        label=_("Your message"), max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


FORMS: dict[Form, type[StepForm]] = {
    Form.NONE: StepForm,
    Form.CONFIRM: StepForm,
    Form.REASON: ReasonForm,
    Form.SHIP: ShipForm,
    Form.TRACKING: TrackingForm,
}
