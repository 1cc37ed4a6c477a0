"""What readers fill in to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from loans.forms.fields import DATE_FORMATS, FARTHEST, DateInput


class WishForm(forms.Form):
    """When the reader needs it and what the librarian should know; the book itself comes from its record."""

    needed_by = forms.DateField(
        label=_("Needed by"), required=False, widget=DateInput, input_formats=DATE_FORMATS,
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
