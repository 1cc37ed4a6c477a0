"""What librarians and readers fill in beside reasons and parcels: conditions, sums, dates, words, descriptions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from loans.choices import LoanCondition, Service
from loans.forms.fields import DATE_FORMATS, FARTHEST, DateInput
from loans.forms.steps import StepForm
from loans.workflow.renewing import renew_decide

NOTE_ROWS = {"rows": 2}


class NoteForm(StepForm):
    note = forms.CharField(label=_("In a few words"), max_length=500, widget=forms.Textarea(attrs=NOTE_ROWS))


class AmountForm(StepForm):
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs=NOTE_ROWS)
    )


class ConditionsForm(StepForm):
    conditions = forms.MultipleChoiceField(
        label=_("Conditions"),
        required=False,
        choices=LoanCondition.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    amount = forms.DecimalField(
        label=_("What it costs"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("Leave it empty if it costs nothing."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note to the other library"), required=False, max_length=500,
        widget=forms.Textarea(attrs=NOTE_ROWS),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not values.get("conditions") and not values.get("amount") and not self.errors:
            self.add_error("conditions", _t("Please name at least one condition."))
        return values


class DueForm(StepForm):
    due_on = forms.DateField(
        label=_("Due back at your library"), widget=DateInput, input_formats=DATE_FORMATS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.attempt is not None:
            longer = renew_decide(self.attempt, self.request).new_due if self.step.needs else None
            self.fields["due_on"].initial = longer or self.attempt.due_on

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_t("Please give a due date that lies ahead."))
        if day > timezone.localdate() + FARTHEST:
            raise forms.ValidationError(_t("That is more than two years ahead. Please check the year."))
        return day


class ChangeForm(StepForm):
    """The description of what is wanted, as it stands; parts only for copies."""

    title = forms.CharField(label=_("Title"), max_length=1000)
    author = forms.CharField(label=_("Author"), required=False, max_length=300)
    year = forms.CharField(label=_("Year"), required=False, max_length=10)
    isbn = forms.CharField(label=_("ISBN"), required=False, max_length=20)
    container = forms.CharField(label=_("Journal or book it is in"), required=False, max_length=500)
    volume = forms.CharField(label=_("Volume"), required=False, max_length=40)
    issue = forms.CharField(label=_("Issue"), required=False, max_length=40)
    pages = forms.CharField(label=_("Pages"), required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {**self.request.citation, **self.request.part, "title": self.request.title}
        for name in ("container", "volume", "issue", "pages"):
            if self.request.service == Service.LOAN:
                del self.fields[name]
        for name, field in self.fields.items():
            value = known.get(name)
            field.initial = ", ".join(value) if isinstance(value, list) else value
