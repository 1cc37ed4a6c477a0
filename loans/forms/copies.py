"""What people fill in around copies: the files, the declaration, the reason for deciding against a rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.copyright.declarations import Declaration


class ScanInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ScanForm(forms.Form):
    """Without JavaScript: one or more files at once. The files themselves are judged by loans.delivery."""

    scans = forms.Field(
        label=_("Scans (PDF, TIFF or JPEG)"),
        error_messages={"required": _("Please choose at least one file.")},
        widget=ScanInput(attrs={"multiple": True, "accept": ".pdf,.tif,.tiff,.jpg,.jpeg"}),
    )

    def clean_scans(self) -> list[Any]:
        """All of them; the field itself knows the last one only."""
        return self.files.getlist("scans")


class DeclarationForm(forms.Form):
    """One box for each sentence of the declaration; all must be ticked."""

    hash = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, declaration: Declaration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hash"].initial = declaration.hash
        for number, sentence in enumerate(declaration.statements):
            self.fields[f"statement_{number}"] = forms.BooleanField(
                label=sentence, error_messages={"required": _("Please tick this sentence to open the copy.")}
            )


class OverrideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why may this copy be made?"),
        help_text=_("A sentence that others will understand years from now. It stays with the request."),
        max_length=500,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
