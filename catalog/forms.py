"""Forms of the source pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from catalog.harvesting.kinds import KINDS
from catalog.models import Source
from catalog.selectors import libraries_for_sources
from network_portal.core.actor import Actor

ENCODINGS = (
    ("cp1252", _("Western European (Windows-1252)")),
    ("iso8859-2", _("Central European (Latin-2)")),
    ("cp1256", _("Arabic (Windows-1256)")),
    ("cp1251", _("Cyrillic (Windows-1251)")),
    ("gb18030", _("Chinese (GB 18030)")),
)
EVERY = (("", _("only when somebody starts it")), (1, _("once an hour")), (6, _("every 6 hours")),
         (24, _("every day")), (168, _("every week")))  # fmt: skip


class SourceForm(forms.ModelForm):
    fallback_encoding = forms.ChoiceField(
        label=_("Character set of last resort"), choices=ENCODINGS,
        help_text=_("Used only for records that are neither UTF-8 nor MARC-8."),
    )  # fmt: skip
    interval_hours = forms.TypedChoiceField(
        label=_("Fetch"), choices=EVERY, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Source
        fields = (
            "library", "name", "kind", "url", "path", "oai_set", "oai_prefix", "interval_hours", "is_snapshot",
            "fallback_encoding", "enabled",
        )  # fmt: skip
        widgets: ClassVar = {"kind": forms.RadioSelect, "url": forms.URLInput}
        labels: ClassVar = {
            "name": _("Name"),
            "kind": _("Where the records come from"),
            "library": _("Library"),
        }
        help_texts: ClassVar = {
            "name": _("As you will find it again, for example “Koha export”."),
            "url": _(
                "Only for a file at a web address or an OAI-PMH server. It starts with https:// or http://."
            ),
            "path": _("Only for a file on the server; ask whoever runs it for the folder."),
            "oai_set": _("Only for an OAI-PMH server, and only where not everything is wanted."),
            "oai_prefix": _("Only for an OAI-PMH server, for example marcxml. Empty: the best one it has."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        libraries = libraries_for_sources(actor)
        field: Any = self.fields["library"]
        field.queryset = libraries
        # A source stays with its library; who has but one library is not asked.
        if self.instance.pk or libraries.count() == 1:
            del self.fields["library"]
            self._library = self.instance.library if self.instance.pk else libraries.get()

    @property
    def library(self) -> Any:
        return self.cleaned_data.get("library") or self._library

    def clean_path(self) -> str:
        path = self.cleaned_data["path"].strip()
        roots = [Path(root).resolve() for root in settings.SOURCE_PATH_ROOTS]
        if path and not any(Path(path).resolve().is_relative_to(root) for root in roots):
            raise forms.ValidationError(
                _("Only files below %(folders)s may be read."),
                params={"folders": ", ".join(map(str, settings.SOURCE_PATH_ROOTS))},
            )
        return path

    def clean_url(self) -> str:
        url = self.cleaned_data["url"].strip()
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise forms.ValidationError(_("Enter an address that starts with https:// or http://."))
        return url

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        kind = KINDS.get(values.get("kind", ""))
        for needed in kind.needs if kind else ():
            if not values.get(needed) and needed not in self.errors:
                self.add_error(needed, _("This kind of source needs it."))
        return values


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Catalogue file"), widget=forms.FileInput(attrs={"accept": ".mrc,.marc,.iso,.dat,.xml,.gz"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "MARC 21 (ISO 2709) or MARCXML, packed with gzip if you like, up to %(size)s."
        ) % {"size": filesizeformat(settings.SOURCE_MAX_BYTES)}

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.SOURCE_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than allowed."))
        return file
