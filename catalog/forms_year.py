"""The question "who has the year …?" on the page of a serial."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FIRST_YEAR = 1600  # no periodical is older


class YearForm(forms.Form):
    """Asked by an address: `?year=2011&volume=8&issue=3`. Unbound where no year is in it."""

    year = forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        error_messages={
            "required": _("Type a year, such as 2011."),
            "invalid": _("Type a year, such as 2011."),
            "min_value": _("Type a year with four digits, such as 2011."),
        },
    )
    volume = forms.IntegerField(label=_("Volume"), min_value=1, max_value=9999, required=False)
    issue = forms.IntegerField(label=_("Issue"), min_value=1, max_value=9999, required=False)

    def clean_year(self) -> Any:
        year = self.cleaned_data["year"]
        if year > timezone.localdate().year + 1:
            raise forms.ValidationError(_("That year is still to come."))
        return year
