"""The period of the figures page and of its API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loans.figures.model import MAX_DAYS, Period, last_days

DATE_INPUT = {"type": "date"}


class PeriodForm(forms.Form):
    """Two days; without them the last twelve months. What is wrong with them stands at the field."""

    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs=DATE_INPUT, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs=DATE_INPUT, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None) -> None:
        given = {name: (data or {}).get(name, "") for name in ("since", "until")}
        if not any(given.values()):
            standard = last_days()
            given = {"since": standard.first.isoformat(), "until": standard.last.isoformat()}
        super().__init__(given, label_suffix="")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        standard = last_days()
        if "since" in data and "until" in data:
            until = data["until"] or timezone.localdate()
            since = data["since"] or min(standard.first, until - (standard.last - standard.first))
            if since > until:
                self.add_error("until", _("The period ends before it begins."))
            elif until - since > timedelta(days=MAX_DAYS):
                self.add_error("since", _("Please choose five years at most."))
            data["since"], data["until"] = since, until
        return data

    @property
    def period(self) -> Period:
        """The period asked for; the last twelve months when it was typed wrongly."""
        if not self.is_valid():
            return last_days()
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])
