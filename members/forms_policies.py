"""Forms of a library's terms: what it lends for how long and at what price, fees, places, libraries left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from members.choices import AgreementScope, ServiceKind
from members.models import AgreementTerm, DoNotRoute, FeeRule, Library, LibraryPolicy, PickupPoint
from members.selectors.policies import categories_of, libraries_but, networks_active

# The values are those of catalog.choices.Format and loans.choices.LoanCondition, which stand above members.
FORMATS = (
    ("book", _("Book")), ("serial", _("Journal or magazine")), ("article", _("Article")), ("thesis", _("Thesis")),
    ("map", _("Map")), ("score", _("Sheet music")), ("audio", _("Audio")), ("video", _("Film or video")),
    ("image", _("Picture")), ("computer", _("Computer file")), ("kit", _("Kit")), ("manuscript", _("Manuscript")),
    ("object", _("Object")), ("other", _("Other")),
)  # fmt: skip
CONDITIONS = (
    ("library_use_only", _("To be read in the library only")),
    ("no_reproduction", _("Not to be copied")),
    ("signature_required", _("The reader signs for it")),
    ("special_collections", _("To be read under supervision")),
    ("watch_library_use_only", _("To be watched in the library only")),
)
CURRENCIES = (("IDR", "IDR"), ("USD", "USD"), ("EUR", "EUR"), ("SGD", "SGD"), ("MYR", "MYR"), ("AUD", "AUD"))
POLICY_GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("What this library supplies"), ("supplies", "rush", "express", "lends_formats", "conditions_default")),
    (_("Time"), ("loan_days", "renewals_max", "renew_days", "auto_renew", "recall_min_days",
                "hold_shelf_days", "response_hours")),
    (_("How much"), ("daily_capacity", "max_open", "max_week", "max_month", "max_per_requester_year",
                    "pause_deficit", "target_ratio")),
    (_("Costs"), ("cost_basis", "cost_amount", "per_page_amount", "replacement_amount", "currency")),
    (_("Papers and memory"), ("strap_text", "label_text", "auto_release", "anonymise_after_days")),
)  # fmt: skip
MONEY = {"inputmode": "decimal"}
DAY = {"type": "date"}


class TermsForm(forms.ModelForm):
    """A model form that only reads what was typed; a service writes it and records who did."""

    groups_of: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        self.library = library
        super().__init__(*args, **kwargs)

    def _post_clean(self) -> None:
        """The service validates and writes."""

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under headings, in the order of the page."""
        return [
            (title, [self[name] for name in names if name in self.fields]) for title, names in self.groups_of
        ]


def currency_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="IDR")


def amount_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, min_value=Decimal(0), max_digits=14, decimal_places=2,
        initial=Decimal(0), widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip


def services_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Service"), choices=ServiceKind.choices)


class PolicyForm(TermsForm):
    """A library's terms for one service."""

    lends_formats = forms.MultipleChoiceField(
        label=_("What is lent"), choices=FORMATS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means everything."),
    )  # fmt: skip
    conditions_default = forms.MultipleChoiceField(
        label=_("Usual conditions"), choices=CONDITIONS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They are proposed each time this library says yes."),
    )  # fmt: skip
    loan_days = forms.IntegerField(label=_("Loan period in days"), min_value=1, max_value=365)
    currency = currency_field()
    cost_amount = amount_field(_("Amount"), _("Counts where a fixed amount is charged and no fee rule fits."))
    per_page_amount = amount_field(_("Amount for each page"))
    replacement_amount = amount_field(
        _("Replacement of a lost book"),
        _("Proposed when a book is lost; empty costs are settled case by case."),
    )

    groups_of = POLICY_GROUPS

    class Meta:
        model = LibraryPolicy
        fields = tuple(name for _title, names in POLICY_GROUPS for name in names)
        labels: ClassVar = {
            "supplies": _("This library supplies other libraries"),
            "rush": _("Takes rush requests"),
            "express": _("Takes express requests"),
            "renewals_max": _("Renewals at most"),
            "renew_days": _("Days a renewal adds"),
            "auto_renew": _("Renew by itself when nobody waits and the other library agrees"),
            "recall_min_days": _("Days a reader keeps a book after it was asked back"),
            "hold_shelf_days": _("Days a book waits for its reader"),
            "response_hours": _("Answers within so many working hours"),
            "daily_capacity": _("Requests it can handle in a day"),
            "max_open": _("Supplies at a time, at most"),
            "max_week": _("Supplies in seven days, at most"),
            "max_month": _("Supplies in thirty days, at most"),
            "max_per_requester_year": _("Supplies to one library in a year, at most"),
            "pause_deficit": _("Pause when it has supplied so many more than it has received"),
            "target_ratio": _("Supplies wanted for each item received"),
            "cost_basis": _("What it costs"),
            "strap_text": _("Line on the book strap"),
            "label_text": _("Line on the address label"),
            "auto_release": _("Give copies to readers without a look by staff"),
            "anonymise_after_days": _("Forget who borrowed after so many days"),
        }
        help_texts: ClassVar = {
            "max_open": _("Empty means no limit."),
            "max_week": _(
                "Then it pauses by itself, until the oldest are seven days past. Empty means no limit."
            ),
            "max_month": _("The same with thirty days. Empty means no limit."),
            "max_per_requester_year": _("Empty means no limit."),
            "pause_deficit": _("Empty means never."),
            "response_hours": _("Empty means the network's usual time."),
            "target_ratio": _("1 means as much as it receives. A large library can take on more."),
            "daily_capacity": _("Requests are spread over libraries by how busy each one is."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["loan_days"] = self.library.loan_days
        if self.instance.service != ServiceKind.LOAN:
            del self.fields["loan_days"]  # a copy is kept

    def clean_daily_capacity(self) -> int:
        count: int = self.cleaned_data["daily_capacity"]
        if count < 1:
            raise forms.ValidationError(_("At least one. To supply nothing, untick the first box."))
        return count


class FeeRuleForm(TermsForm):
    format = forms.ChoiceField(label=_("What"), choices=(("", _("Everything")), *FORMATS), required=False)
    amount = amount_field(_("Amount"))
    per_page_amount = amount_field(_("Amount for each page beyond"))
    currency = currency_field()

    class Meta:
        model = FeeRule
        fields = ("service", "level", "format", "payer", "category", "amount", "first_pages", "per_page_amount",
                  "currency", "valid_from", "valid_until")  # fmt: skip
        labels: ClassVar = {
            "service": _("Service"), "level": _("How fast"), "payer": _("Who pays"),
            "category": _("For readers of the kind"),
            "first_pages": _("Pages included in the amount"), "valid_from": _("From"), "valid_until": _("Until"),
        }  # fmt: skip
        help_texts: ClassVar = {"level": _("A rule for “Normal” also counts for faster ones that have none.")}
        widgets: ClassVar = {"valid_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
                             "valid_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d")}  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories_of(self.library)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return _days_in_order(self, super().clean() or {})


class PickupPointForm(TermsForm):
    class Meta:
        model = PickupPoint
        fields = ("name", "address", "hours_text", "is_active", "is_default")
        labels: ClassVar = {
            "name": _("Name"), "address": _("Address"), "hours_text": _("Opening hours"),
            "is_active": _("Books can be collected here"), "is_default": _("Proposed first"),
        }  # fmt: skip


class DoNotRouteForm(TermsForm):
    service = forms.ChoiceField(
        label=_("Service"), choices=(("", _("Loans and copies")), *ServiceKind.choices), required=False
    )

    class Meta:
        model = DoNotRoute
        fields = ("other", "direction", "service", "reason", "until")
        labels: ClassVar = {
            "other": _("Library"), "direction": _("Which way"), "reason": _("Reason"), "until": _("Until"),
        }  # fmt: skip
        help_texts: ClassVar = {
            "reason": _("Only this library and the coordinator read it."),
            "until": _("Empty means until you take it back."),
        }
        widgets: ClassVar = {"until": forms.DateInput(attrs=DAY, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = libraries_but(self.library)  # type: ignore[attr-defined]


class AgreementForm(TermsForm):
    """Terms between libraries. A pair names one other library, a group two or more, a network nobody."""

    services = forms.MultipleChoiceField(
        label=_("Service"), choices=ServiceKind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means both."),
    )  # fmt: skip
    others = forms.ModelMultipleChoiceField(
        label=_("The other libraries"), queryset=Library.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    amount = amount_field(_("Amount"), _("Counts where it is not free."))
    currency = currency_field()

    class Meta:
        model = AgreementTerm
        fields = ("name", "scope", "network", "services", "free", "amount", "currency", "priority",
                  "max_per_year", "no_reciprocity", "valid_from", "valid_until")  # fmt: skip
        labels: ClassVar = {
            "scope": _("Between"), "network": _("Network"), "free": _("Free of charge"), "priority": _("Priority"),
            "max_per_year": _("Supplies between two libraries in a year, at most"),
            "no_reciprocity": _("Does not count in the balance of lending and borrowing"),
            "valid_from": _("From"), "valid_until": _("Until"),
        }  # fmt: skip
        help_texts: ClassVar = {
            "priority": _("Of several agreements the highest number counts."),
            "max_per_year": _("Empty means no limit."),
        }
        widgets: ClassVar = {"valid_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
                             "valid_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d")}  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = libraries_but(self.library)  # type: ignore[attr-defined]
        self.fields["network"].queryset = networks_active()  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["others"].initial = [party.library_id for party in self.instance.parties.all()]

    def clean(self) -> dict[str, Any]:
        data = _days_in_order(self, super().clean() or {})
        scope, others = data.get("scope"), list(data.get("others") or ())
        if scope == AgreementScope.NETWORK:
            data["others"] = []
            if not data.get("network"):
                self.add_error("network", _("Please name the network."))
        elif scope:
            data["network"] = None
            if not others or (scope == AgreementScope.PAIR and len(others) != 1):
                self.add_error("others", _("Two libraries: tick the other one. A group: tick all others."))
        return data


def _days_in_order(form: forms.BaseForm, data: dict[str, Any]) -> dict[str, Any]:
    first, last = data.get("valid_from"), data.get("valid_until")
    if first and last and last < first:
        form.add_error("valid_until", _("It ends before it begins."))
    return data
