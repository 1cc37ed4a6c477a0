"""Forms for a library's agent: a key's name, and a list of copies from the browser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the key"),
        max_length=100,
        help_text=_("Where it will be used: “PC at the circulation desk”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ItemsForm(forms.Form):
    items = forms.FileField(
        label=_("List of copies"),
        help_text=_("SLiMS's export of items, with or without its line of names, as it is."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.gz"}),
    )
    everything = forms.BooleanField(
        label=_("These are all copies: take out those that the list does not name"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_items(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["items"]
        if file.size is not None and file.size > settings.SOURCE_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than allowed."))
        return file
