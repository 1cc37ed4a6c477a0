"""The form of a saved search: its name, and how often a mail is wanted."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from catalog.choices import Alert


class SavedSearchForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    alert = forms.ChoiceField(
        label=gettext_lazy("A mail when new titles fit"), choices=Alert.choices, widget=forms.RadioSelect,
        initial=Alert.WEEKLY,
    )  # fmt: skip
