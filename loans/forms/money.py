"""Forms of the ledger and of statements."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DisputeForm(forms.Form):
    note = forms.CharField(
        label=_("What is wrong with it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other library and the coordinator read this."),
    )  # fmt: skip

    def __init__(self, data: object = None) -> None:
        super().__init__(data, label_suffix="")  # type: ignore[arg-type]
