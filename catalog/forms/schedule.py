"""The form of a source's hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _time(label: Any, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, **more)


class HoursForm(forms.Form):
    opens = _time(_("From"), help_text=_("For example 22:00. Both empty: at any hour."))
    closes = _time(_("Until"), help_text=_("For example 04:00."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        opens, closes = values.get("opens"), values.get("closes")
        if self.errors:
            return values
        if (opens is None) != (closes is None):
            self.add_error("closes" if opens else "opens", _("Give both hours, or none."))
        elif opens is not None and opens == closes:
            self.add_error("closes", _("Both hours are the same. Leave them empty to fetch at any hour."))
        return values
