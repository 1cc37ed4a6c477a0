"""Fields that several forms of the loans share."""

from __future__ import annotations

from datetime import timedelta

from django import forms

# A year typed wrongly is noticed at once.
FARTHEST = timedelta(days=730)
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
