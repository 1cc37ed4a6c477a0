"""Forms of search and copy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.harvesting.copying import Kept
from catalog.harvesting.lookup import Asked
from catalog.models import Source


class _Plain(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class LookupForm(_Plain):
    isbn = forms.CharField(
        label=_("ISBN"), max_length=30, required=False, help_text=_("With or without hyphens.")
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("A few words of it.")
    )
    author = forms.CharField(
        label=_("Author"), max_length=200, required=False, help_text=_("The surname is enough.")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and not any(values.get(name) for name in self.fields):
            raise forms.ValidationError(_("Enter an ISBN, a title or an author."))
        return values

    @property
    def asked(self) -> Asked:
        return Asked(**{name: self.cleaned_data[name] for name in self.fields})


class CopyForm(_Plain):
    """Where the library keeps its copy; who just presses “Copy it” leaves it for later."""

    call_number = forms.CharField(label=_("Call number"), max_length=100, required=False)
    location = forms.CharField(
        label=_("Location"),
        max_length=100,
        required=False,
        help_text=_("Room or shelf, as your readers know it."),
    )
    barcode = forms.CharField(label=_("Barcode"), max_length=50, required=False)
    into = forms.ModelChoiceField(
        label=_("Put it into"), queryset=Source.objects.none(), required=False, empty_label=None
    )

    def __init__(self, *args: Any, sources: list[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = Source.objects.filter(pk__in=[source.pk for source in sources])
        field.label_from_instance = lambda source: source.name
        if len(sources) < 2:
            del self.fields["into"]

    @property
    def kept(self) -> Kept:
        values = self.cleaned_data
        return Kept(values["location"], values["call_number"], values["barcode"])

    @property
    def chosen(self) -> Source | None:
        """None: where copies went last."""
        return self.cleaned_data.get("into")
