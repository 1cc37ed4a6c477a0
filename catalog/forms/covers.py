"""The form of the provider of covers, and of one ISBN to try it with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum import isbn as isbn_numbers

from catalog.covers.provider import fault_of


class ProviderForm(forms.Form):
    is_on = forms.BooleanField(
        label=_("Fetch covers"), required=False, help_text=_("Without it every cover is drawn.")
    )
    address = forms.CharField(
        label=_("Address of a picture"),
        max_length=300,
        required=False,
        help_text=_("With {isbn} or {isbn10} where the number stands. It begins with https://."),
    )
    hosts = forms.CharField(
        label=_("Servers it may send us on to"),
        max_length=300,
        required=False,
        help_text=_("Names apart by blanks; .example.org stands for all below it."),
    )
    per_minute = forms.IntegerField(
        label=_("Pictures a minute, at most"), min_value=1, max_value=600,
        help_text=_("As many as the provider allows, so that it need not shut us out."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_hosts(self) -> str:
        return " ".join(str(self.cleaned_data["hosts"]).replace(",", " ").lower().split())

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        address = str(values.get("address", "")).strip()
        if values.get("is_on") and not address:
            self.add_error("address", _("Say where the pictures are."))
        elif address and fault_of(address):
            self.add_error(
                "address", _("Give a whole address that begins with https:// and holds {isbn} or {isbn10}.")
            )
        return {**values, "address": address}


class TryForm(forms.Form):
    isbn = forms.CharField(label=_("ISBN"), max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_isbn(self) -> str:
        number = isbn_numbers.compact(str(self.cleaned_data["isbn"]), convert=True)
        if not isbn_numbers.is_valid(number):
            raise forms.ValidationError(_("This is no right ISBN."))
        return str(number)
