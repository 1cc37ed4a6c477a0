"""What librarians and readers fill in to take a step of the workflow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from loans.forms.fields import DATE_FORMATS, FARTHEST, DateInput
from loans.models import Request, SupplyAttempt
from loans.workflow.deadlines import due_default
from loans.workflow.vocabulary import Step


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
        label=_("Due back at your library"), widget=DateInput, input_formats=DATE_FORMATS,
        help_text=_("Your loan period, and the days of travel both ways, are already counted."),
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
            self.fields["due_on"].initial = due_default(self.attempt)

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


class ReopenForm(forms.Form):
    """Why a closed request is opened again; the history keeps it."""

    reason = forms.CharField(
        label=_("Why is it opened again?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words for whoever reads the history."),
    )  # fmt: skip
