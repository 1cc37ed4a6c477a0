"""The form of a source: one class for each kind, made from kinds.py, with that kind's fields alone."""

from __future__ import annotations

from functools import cache
from types import new_class
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.choices import SourceKind
from catalog.forms import addresses
from catalog.forms.kinds import FORM_KINDS, FormKind
from catalog.harvesting.kinds import KINDS
from catalog.models import Source
from catalog.selectors import libraries_for_sources
from network_portal.core.actor import Actor

ENCODINGS = (
    ("cp1252", _("Western European (Windows-1252)")),
    ("iso8859-2", _("Central European (Latin-2)")),
    ("cp1256", _("Arabic (Windows-1256)")),
    ("cp1251", _("Cyrillic (Windows-1251)")),
    ("cp866", _("Cyrillic (DOS, code page 866)")),
    ("gb18030", _("Chinese (GB 18030)")),
)
EVERY = (("", _("only when somebody starts it")), (1, _("once an hour")), (6, _("every 6 hours")),
         (24, _("every day")), (168, _("every week")))  # fmt: skip


class SourceForm(forms.ModelForm):
    kind: ClassVar[str]
    table: ClassVar[FormKind]

    fallback_encoding = forms.ChoiceField(
        label=_("Character set of last resort"), choices=ENCODINGS, initial="cp1252",
        help_text=_("Used only for records that are neither UTF-8 nor MARC-8."),
    )  # fmt: skip
    interval_hours = forms.TypedChoiceField(
        label=_("Fetch"), choices=EVERY, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Source
        fields = (
            "library", "name", "url", "path", "oai_set", "oai_prefix", "interval_hours", "is_snapshot", "delete_after",
            "max_bad_percent", "fallback_encoding", "enabled",
        )  # fmt: skip
        labels: ClassVar = {"name": _("Name"), "library": _("Library")}
        help_texts: ClassVar = {"name": _("As you will find it again, for example “Koha export”.")}

    def __init__(self, *args: Any, actor: Actor, example: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        instance = kwargs.get("instance")
        if self.table.options:
            stored = self.table.options.from_json(instance.options if instance else {})
            kwargs["initial"] = {**vars(stored), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self._keep_library(actor)
        if not self.instance.pk:
            self.initial.setdefault("delete_after", KINDS[self.kind].delete_after)
            self.fields.pop("enabled")
        self._keep_fields()
        for name in ("url", "path"):
            if example and name in self.fields:
                said, looks = (
                    self.fields[name].help_text,
                    _("It looks like this: %(example)s") % {"example": example},
                )
                self.fields[name].help_text = f"{looks}. {said}" if said else looks

    def _keep_library(self, actor: Actor) -> None:
        """A source stays with its library; who has but one library is not asked."""
        libraries = libraries_for_sources(actor)
        field: Any = self.fields["library"]
        field.queryset = libraries
        if self.instance.pk or libraries.count() == 1:
            del self.fields["library"]
            self._library = self.instance.library if self.instance.pk else libraries.get()

    def _keep_fields(self) -> None:
        names = ["library", "name", *self.table.fields, "enabled", *self.table.more]
        self.fields = {name: self.fields[name] for name in names if name in self.fields}
        for name, field in self.fields.items():
            field.label = self.table.labels.get(name, field.label)
            field.help_text = self.table.help_texts.get(name, field.help_text)
            if name in KINDS[self.kind].needs:
                field.required = True

    @property
    def library(self) -> Any:
        return self.cleaned_data.get("library") or self._library

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.table.more]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in self.table.more]

    @property
    def more_is_wrong(self) -> bool:
        return any(field.errors for field in self.more_fields)

    def clean_path(self) -> str:
        return addresses.server_path(self.cleaned_data["path"], folder=self.kind == SourceKind.FOLDER)

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if self.kind == SourceKind.Z3950:
            return addresses.z3950_address(url)
        if self.kind == SourceKind.OAI_PMH:
            address, self.pasted = addresses.oai_address(url)
            return address
        if self.kind == SourceKind.SRU:
            return addresses.sru_address(url)[0]
        return addresses.web_address(url).geturl()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        pasted: dict[str, str] = getattr(self, "pasted", {})
        for name, argument in (("oai_set", "set"), ("oai_prefix", "metadataprefix")):
            if name in values and not values[name]:
                values[name] = pasted.get(argument, "")
        if self.table.options and not self.errors:
            told = {name: values[name] for name in self._option_names() if values.get(name) is not None}
            values["options"] = self.table.options.from_json(self.table.options(**told).as_json()).as_json()
        return {**values, **self.table.fixed, "kind": self.kind}

    def _option_names(self) -> list[str]:
        return [name for name in self.table.option_fields() if name in self.fields]

    @property
    def hint(self) -> Any:
        """What to try when nothing comes from this address."""
        if self.kind == SourceKind.OAI_PMH and addresses.is_front_page(self.cleaned_data.get("url", "")):
            return _(
                "This is the front page of a website. If it is no OAI-PMH server: SLiMS has it at "
                "…/index.php?p=oai, Koha at …/cgi-bin/koha/oai.pl; else ask whoever runs it."
            )
        return ""


@cache
def form_class(kind: str) -> type[SourceForm]:
    """The form of one kind. Raises KeyError for what is no kind."""
    table = FORM_KINDS[kind]
    names = {"kind": kind, "table": table, **table.option_fields()}
    return cast(
        type[SourceForm], new_class(f"{kind.title()}Form", (SourceForm,), {}, lambda to: to.update(names))
    )
