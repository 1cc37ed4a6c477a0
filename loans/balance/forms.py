"""The months that are looked at, and the form for an assumed price."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from loans.balance.model import Span
from loans.balance.reading import years_with_anything
from loans.choices.balance import BoughtKind
from members.models import Network


class SpanForm(forms.Form):
    """A year, and of it the months from … to …; without anything the running year."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    first = forms.TypedChoiceField(label=_("From"), coerce=int, choices=list(MONTHS.items()))
    last = forms.TypedChoiceField(label=_("Until"), coerce=int, choices=list(MONTHS.items()))

    def __init__(self, data: Any = None) -> None:
        today = timezone.localdate()
        given = data or {}
        values = {"year": given.get("year") or today.year, "first": given.get("first") or 1}
        standard = today.month if str(values["year"]) == str(today.year) else 12
        values["last"] = given.get("last") or max(standard, _number(values["first"]))
        super().__init__(values, label_suffix="")
        years = sorted({today.year, today.year - 1, *years_with_anything()}, reverse=True)
        cast("forms.ChoiceField", self.fields["year"]).choices = [(year, str(year)) for year in years]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("The period ends before it begins."))
        return data

    @property
    def span(self) -> Span:
        """The months asked for; the running year where they were typed wrongly."""
        if not self.is_valid():
            return Span.of_year(timezone.localdate().year)
        told = self.cleaned_data
        return Span(date(told["year"], told["first"], 1), date(told["year"], told["last"], 1))


def _number(value: Any) -> int:
    return int(value) if str(value).isdigit() else 0


class PriceForm(forms.Form):
    """A price from a day on, with its reason; `networks` where it is said for a network."""

    network = forms.ModelChoiceField(label=_("Network"), queryset=Network.objects.none())
    kind = forms.ChoiceField(label=_("What"), choices=BoughtKind.choices)
    amount = forms.DecimalField(label=_("Price of one"), min_value=0, max_digits=12, decimal_places=2)
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Where the price comes from"),
        max_length=300,
        help_text=_("For example: average of our invoices of last year. It stands beside the figure."),
    )

    def __init__(self, data: Any = None, *, for_network: bool) -> None:
        super().__init__(data, label_suffix="", initial={"valid_from": timezone.localdate()})
        if not for_network:
            del self.fields["network"]
            return
        networks = Network.objects.filter(is_active=True)
        cast("forms.ModelChoiceField[Network]", self.fields["network"]).queryset = networks
