"""Forms of the pages on staff and readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from members.choices import Role
from members.choices_people import ColumnKind
from members.forms import PlainForm
from members.importing.table import MOST_BYTES
from members.models import PatronImport
from members.services.imports import WORDS


class RoleForm(PlainForm):
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Iterable[Role], role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(one.value, one.label) for one in roles]  # type: ignore[attr-defined]
        self.fields["role"].initial = role


class ImportForm(PlainForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV from your library system or a spreadsheet; up to 100,000 rows, 40 MB."),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(WORDS["too_big"], code="too_big")
        return file


class ColumnsForm(PlainForm):
    """One choice for each column of the file."""

    invite = forms.BooleanField(
        label=_("Invite new readers by mail"), required=False,
        help_text=_("They get a link to choose a password, some each minute."),
    )  # fmt: skip

    def __init__(self, *args: Any, source: PatronImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(source.columns)
        for at, kind in enumerate(source.columns):
            name = source.header[at] if at < len(source.header) and source.header[at] else ""
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=name or _("Column %(number)s") % {"number": at + 1}, required=False, initial=kind,
                choices=[("", _("Leave out")), *ColumnKind.choices],
            )  # fmt: skip

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data[f"column_{at}"] for at in range(self.count)]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{at}"] for at in range(self.count)]
