"""One rule of what goes out without a librarian's look."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.choices import Format
from loans.choices import Level, Service
from loans.models import MediationRule
from members.models import Library, PatronCategory


class MediationForm(forms.ModelForm):
    """Empty conditions fit everything."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    format = forms.ChoiceField(label=_("Form"), required=False)
    level = forms.ChoiceField(label=_("How fast?"), required=False)

    class Meta:
        model = MediationRule
        fields = ("effect", "category", "service", "format", "level", "max_amount", "position", "is_active")
        labels: ClassVar = {
            "effect": _("What happens"), "category": _("Kind of reader"), "max_amount": _("Costs at most"),
            "position": _("Order"), "is_active": _("The rule counts"),
        }  # fmt: skip
        help_texts: ClassVar = {
            "position": _("The first rule that fits decides; the smallest number comes first.")
        }
        widgets: ClassVar = {"effect": forms.RadioSelect}

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        self.fields["category"].queryset = PatronCategory.objects.filter(library=library)  # type: ignore[attr-defined]
        self.fields["category"].empty_label = _("All")  # type: ignore[attr-defined]
        for name, choices in (
            ("service", Service.choices),
            ("format", Format.choices),
            ("level", Level.choices),
        ):
            self.fields[name].choices = [everything, *choices]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service writes the row; the form only reads what was typed."""
