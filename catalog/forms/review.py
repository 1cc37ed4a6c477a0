"""Which pairs to look at, which records to take out, which edition to join."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.choices import Format
from catalog.presenters.review import number_of
from catalog.presenters.why import CAUTIONS
from catalog.selectors.review import Asked


class FilterForm(forms.Form):
    library = forms.CharField(
        label=_("Library"), required=False, max_length=20, help_text=_("Its short code, for instance UNPAD.")
    )
    why = forms.ChoiceField(label=_("Why a person has to look"), required=False)
    format = forms.ChoiceField(label=_("Format"), required=False, choices=[("", _("All")), *Format.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(name or "middling", words) for name, words in CAUTIONS.items()]
        self.fields["why"].choices = [("", _("All")), *reasons]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """What was understood; the rest is asked for as if it had not been said."""
        self.is_valid()
        told = {name: self.cleaned_data.get(name) or "" for name in ("library", "why", "format")}
        return Asked(told["library"].strip().upper(), told["why"], told["format"])


class JoinForm(forms.Form):
    other = forms.CharField(
        label=_("The other edition"),
        max_length=300,
        help_text=_("Its number in the network, or the address of its page."),
    )

    def clean_other(self) -> int:
        number = number_of(self.cleaned_data["other"])
        if number is None:
            raise forms.ValidationError(_("This is neither a number nor the address of an edition."))
        return number
