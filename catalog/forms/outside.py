"""The form of a catalogue outside the network."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import OutsideCatalogue
from catalog.models.outside import PLACE


class OutsideForm(forms.ModelForm):
    class Meta:
        model = OutsideCatalogue
        fields = ["name", "address", "position"]
        labels = {"name": _("Name"), "address": _("Address of a search"), "position": _("Place in the list")}
        help_texts = {
            "name": _("As readers see it, for example WorldCat."),
            "address": _(
                "Search for a word there, copy the address of the page with the hits, and put {q} in the word’s place."
            ),
            "position": _("1 stands first."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme != "https" or not parts.hostname or PLACE in parts.netloc or parts.username:
            raise forms.ValidationError(_("Give a whole address that begins with https://."))
        if PLACE not in address:
            raise forms.ValidationError(_("Put {q} where the question belongs."))
        return "https://" + address[len("https://") :]
