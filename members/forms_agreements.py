"""Forms of agreements: between whom, and the words and terms of a version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.choices import AgreementScope, ServiceKind
from members.forms import PlainForm
from members.forms_policies import CURRENCIES, DAY, amount_field
from members.models import AgreementVersion, Library, Network
from members.selectors.agreements import networks_of
from members.selectors.libraries import libraries_taking_part
from members.selectors.policies import networks_active

TEXT = {"rows": 14}
MARKS = _("Headings begin with #, lists with - or 1., **bold**. Anything else is shown as you type it.")


class VersionForm(PlainForm):
    """Words and terms. An initial value comes from the draft at hand."""

    text_id = forms.CharField(
        label=_("Text in Indonesian"), max_length=60_000, required=False, help_text=MARKS,
        widget=forms.Textarea(attrs={**TEXT, "lang": "id"}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("Text in English"), max_length=60_000, required=False,
        widget=forms.Textarea(attrs={**TEXT, "lang": "en"}),
    )  # fmt: skip
    principles = forms.CharField(
        label=_("Principles"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why the libraries need, strengthen and benefit each other."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    valid_until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("Empty: until it is ended or replaced."),
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label=_("Service"), choices=ServiceKind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means both."),
    )  # fmt: skip
    free = forms.BooleanField(label=_("Free of charge"), required=False, initial=True)
    amount = amount_field(_("Amount"), _("Counts where it is not free."))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="IDR")
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=1000, initial=0,
        help_text=_("Of several agreements the highest number counts."),
    )  # fmt: skip
    max_per_year = forms.IntegerField(
        label=_("Supplies between two libraries in a year, at most"), min_value=0, max_value=1_000_000,
        required=False, help_text=_("Empty means no limit."),
    )  # fmt: skip
    no_reciprocity = forms.BooleanField(
        label=_("Does not count in the balance of lending and borrowing"), required=False
    )
    notice_days = forms.IntegerField(
        label=_("Days of notice"), min_value=0, max_value=730, required=False,
        help_text=_("A party may leave after so many days. Empty: only a coordinator ends it."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: AgreementVersion | None = None, **kwargs: Any) -> None:
        if version is not None:
            kwargs["initial"] = {
                name: getattr(version, name) for name in self.base_fields if hasattr(version, name)
            }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("It ends before it begins."))
        for name in ("text_id", "text_en", "principles"):
            if "\x00" in (data.get(name) or ""):
                self.add_error(name, _("There is a character in it that cannot be kept."))
        return data


class AgreementForm(VersionForm):
    """A new agreement: between whom, and its first draft."""

    name = forms.CharField(label=_("Name"), max_length=200)
    scope = forms.ChoiceField(label=_("Between"), choices=AgreementScope.choices, widget=forms.RadioSelect)
    network = forms.ModelChoiceField(label=_("Network"), queryset=Network.objects.none(), required=False)
    libraries = forms.ModelMultipleChoiceField(
        label=_("Libraries"), queryset=Library.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    field_order = ("name", "scope", "network", "libraries")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = networks_active()  # type: ignore[attr-defined]
        self.fields["libraries"].queryset = libraries_taking_part()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        scope, libraries = data.get("scope"), list(data.get("libraries") or ())
        if scope == AgreementScope.NETWORK:
            data["libraries"] = []
            if not data.get("network"):
                self.add_error("network", _("Please name the network."))
        elif scope == AgreementScope.PAIR and len(libraries) != 2:
            self.add_error("libraries", _("Tick the two libraries."))
        elif scope == AgreementScope.GROUP and len(libraries) < 2:
            self.add_error("libraries", _("Tick the libraries of the group."))
        return data


class ProposalForm(AgreementForm):
    """What a manager proposes: the own library is always a party, so only the others are ticked."""

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.library = library
        others = libraries_taking_part().exclude(pk=library.pk)
        self.fields["libraries"].queryset = others  # type: ignore[attr-defined]
        self.fields["libraries"].label = _("The other libraries")
        self.fields["network"].queryset = networks_of(library)  # type: ignore[attr-defined]

    def clean_libraries(self) -> list[Library]:
        """With the own one, so that the counts of a pair and a group are right."""
        return [self.library, *self.cleaned_data["libraries"]]


class WordsOfPartyForm(PlainForm):
    """A manager's words to the other parties."""

    words = forms.CharField(
        label=_("Your words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The others read them in a mail."),
    )  # fmt: skip

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = needed  # a no without words helps nobody
