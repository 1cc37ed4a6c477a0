"""Forms of the routing pages: the dry run, and the coordinator's rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Edition
from catalog.selectors import edition_current
from loans.choices import Level, Service
from loans.citation import Citation
from loans.intake.resolve import resolve
from members.forms import PlainForm
from members.models import Library
from members.selectors.libraries import libraries_open_to_readers

# Shorter than any ISBN.
LONGEST_PAGE_NUMBER = 10


class DryRunForm(PlainForm):
    library = forms.ModelChoiceField(label=_("Library that asks"), queryset=Library.objects.none())
    title = forms.CharField(
        label=_("Title"), max_length=40, help_text=_("ISBN, or the number in the address of its page.")
    )
    service = forms.ChoiceField(label=_("Service"), choices=Service.choices, initial=Service.LOAN)
    level = forms.ChoiceField(label=_("How fast"), choices=Level.choices, initial=Level.NORMAL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = libraries_open_to_readers()  # type: ignore[attr-defined]

    def clean_title(self) -> Edition:
        found = _title(self.cleaned_data["title"])
        if found is None:
            raise forms.ValidationError(_("No title in the catalogue has this ISBN or number."))
        return found


def _title(typed: str) -> Edition | None:
    """By the number of its page, else by ISBN."""
    plain = typed.replace("-", "").replace(" ", "")
    if plain.isdecimal() and len(plain) < LONGEST_PAGE_NUMBER:
        try:
            return edition_current(int(plain))
        except Edition.DoesNotExist:
            return None
    return resolve(Citation.of({"isbn": plain}))
