"""Forms of the ledger and of statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loans.forms.fields import DATE_FORMATS, DateInput


class DisputeForm(forms.Form):
    note = forms.CharField(
        label=_("What is wrong with it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other library and the coordinator read this."),
    )  # fmt: skip

    def __init__(self, data: object = None) -> None:
        super().__init__(data, label_suffix="")  # type: ignore[arg-type]


class ReaderChargeForm(forms.Form):
    """What a library asks of its own reader."""

    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100_000_000),
        max_digits=14,
        decimal_places=2,
    )
    note = forms.CharField(
        label=_("What it is for"), max_length=300, help_text=_("The reader reads this."),
    )  # fmt: skip

    def __init__(self, data: object = None) -> None:
        super().__init__(data, label_suffix="")  # type: ignore[arg-type]


class RateForm(forms.Form):
    """What one unit of a currency is worth, from a day on."""

    currency = forms.RegexField(
        label=_("Currency"), regex=r"^[A-Za-z]{3}$", help_text=_("Three letters, for example USD."),
        error_messages={"invalid": _("A currency has three letters, for example USD.")},
    )  # fmt: skip
    per_unit = forms.DecimalField(
        label=_("One unit is worth"), min_value=Decimal("0.000001"), max_digits=18, decimal_places=6,
        help_text=_("In the network’s own currency, for example 16250."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From"), widget=DateInput, input_formats=DATE_FORMATS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("initial", {"valid_from": timezone.localdate()})
        super().__init__(*args, **kwargs)
