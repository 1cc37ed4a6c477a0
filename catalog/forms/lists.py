"""Forms of reading lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import ReadingList

NEW = "new"


class AddForm(forms.Form):
    """Onto which list: one there is, or a new one of this name."""

    name = forms.CharField(label=gettext_lazy("Name of the new list"), max_length=120, required=False)

    def __init__(self, data: Any = None, *, lists: Sequence[ReadingList]) -> None:
        super().__init__(data)
        self._lists = {str(row.pk): row for row in lists}
        choices = [(key, row.name) for key, row in self._lists.items()]
        self.fields["onto"] = forms.ChoiceField(
            label=_("Onto which list"), widget=forms.RadioSelect, choices=[*choices, (NEW, _("A new list"))],
            initial=choices[0][0] if choices else NEW,
        )  # fmt: skip
        self.fields["name"].initial = "" if choices else _("My list")
        self.order_fields(["onto", "name"])

    @property
    def chosen(self) -> ReadingList | None:
        return self._lists.get(self.cleaned_data["onto"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("onto") == NEW and not values.get("name", "").strip():
            self.add_error("name", _("Please give the list a name."))
        return values


class ListForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
