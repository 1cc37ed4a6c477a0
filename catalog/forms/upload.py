"""The form with which a catalogue file is sent from the browser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

ACCEPT = ".mrc,.marc,.iso,.dat,.xml,.json,.csv,.tsv,.txt,.gz"


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Catalogue file"), widget=forms.FileInput(attrs={"accept": ACCEPT}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "MARC 21 or MARCXML, SLiMS's export of titles, or any table of books saved as CSV; packed with gzip if "
            "you like, up to %(size)s."
        ) % {"size": filesizeformat(settings.SOURCE_MAX_BYTES)}

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.SOURCE_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than allowed."))
        return file
