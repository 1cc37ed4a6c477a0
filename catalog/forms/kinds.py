"""What the form of each kind of source asks for, as data. `source.form_class` makes the forms from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.choices import SourceKind
from catalog.harvesting.folder import MAX_QUIET, FolderOptions
from catalog.harvesting.oai.options import MAX_COMPARE_DAYS, MODES, WINDOWS, OaiOptions
from catalog.harvesting.sru.options import MOST_RECORDS, VERSIONS, SruOptions
from catalog.harvesting.z3950.options import ELEMENT_SETS, SYNTAXES, Z3950Options

Fields = dict[str, forms.Field]
ENDS = ("is_snapshot", "delete_after", "max_bad_percent")


@dataclass(frozen=True)
class FormKind:
    """`fields` are asked at once, `more` stand under “More settings”; both of the source or of its options."""

    fields: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    options: Any = None  # a class with from_json and as_json: what Source.options holds
    option_fields: Callable[[], Fields] = dict
    fixed: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    help_texts: dict[str, Any] = field(default_factory=dict)


def _said(choices: dict[str, str]) -> list[tuple[str, Any]]:
    """Labels that were marked for translation elsewhere."""
    return [(value, _now(label)) for value, label in choices.items()]


def _oai_fields() -> Fields:
    return {
        "mode": forms.ChoiceField(label=_("How the list is fetched"), choices=lambda: _said(MODES)),
        "window": forms.ChoiceField(
            label=_("Portions"), choices=lambda: _said(WINDOWS),
            help_text=_("Only where the list is fetched in portions of time."),
        ),
        "begin": forms.DateField(
            label=_("Nothing older than"), required=False, widget=forms.DateInput(attrs={"type": "date"})
        ),
        "compare_days": forms.IntegerField(
            label=_("Compare the record numbers every … days"), min_value=0, max_value=MAX_COMPARE_DAYS,
            required=False, help_text=_("Finds what the server deleted without saying so. 0: never."),
        ),
    }  # fmt: skip


def _sru_fields() -> Fields:
    return {
        "query": forms.CharField(
            label=_("Which records (CQL)"), required=False, max_length=500,
            help_text=_("Only where not everything on the server is yours. Empty: all."),
        ),
        "schema": forms.CharField(
            label=_("Format"), required=False, max_length=100,
            help_text=_("For example marcxml. Empty: the best one it has."),
        ),
        "version": forms.ChoiceField(
            label=_("Version of SRU"), required=False,
            choices=[("", _("as the server says")), *[(version, version) for version in VERSIONS]],
        ),
        "page_size": forms.IntegerField(
            label=_("Records at a time"), required=False, min_value=0, max_value=MOST_RECORDS,
            help_text=_("0: as the server says."),
        ),
        "sort_key": forms.CharField(label=_("Sorted by"), required=False, max_length=100),
        "shared": _shared(),
    }  # fmt: skip


def _z3950_fields() -> Fields:
    return {
        "syntax": forms.ChoiceField(label=_("Format"), choices=[(name, name) for name in SYNTAXES]),
        "charset": forms.CharField(
            label=_("Character set"), required=False, max_length=30,
            help_text=_("For example marc-8 or utf-8. Empty: each record says it by itself."),
        ),
        "element_set": forms.ChoiceField(
            label=_("Element set"), choices=[(name, name) for name in ELEMENT_SETS]
        ),
        "isbn": _attribute(_("Use attribute for ISBN")),
        "title": _attribute(_("Use attribute for titles")),
        "author": _attribute(_("Use attribute for authors")),
        "shared": _shared(),
    }  # fmt: skip


def _attribute(label: Any) -> forms.Field:
    return forms.IntegerField(label=label, min_value=1, max_value=99_999)


def _shared() -> forms.Field:
    return forms.BooleanField(
        label=_("other libraries of the network may look up records there, too"), required=False
    )


def _folder_fields() -> Fields:
    return {
        "together": forms.BooleanField(
            label=_("the files that wait are one catalogue in pieces"), required=False,
            help_text=_("Then they are read as one, when the last of them is complete."),
        ),
        "quiet_minutes": forms.IntegerField(
            label=_("A file is complete when nothing has touched it for … minutes"), min_value=0,
            max_value=MAX_QUIET,
        ),
        "marker": forms.BooleanField(
            label=_("a file is complete only when a file of its name with “.done” behind lies beside it"),
            required=False,
        ),
    }  # fmt: skip


_SNAPSHOT_FILE = {"is_snapshot": _("each file is the whole catalogue")}
_SNAPSHOT_LIST = {"is_snapshot": _("take out what a complete list no longer has")}
_NOT_OFTEN = {
    "delete_after": _("In how many complete lists in a row a record must be missing before it is taken out.")
}

FORM_KINDS: dict[str, FormKind] = {
    SourceKind.UPLOAD: FormKind(
        ("is_snapshot",), ("delete_after", "max_bad_percent", "fallback_encoding"), labels=_SNAPSHOT_FILE
    ),
    SourceKind.PATH: FormKind(
        ("path", "interval_hours", "is_snapshot"), ("delete_after", "max_bad_percent", "fallback_encoding"),
        labels={"path": _("File on the server"), **_SNAPSHOT_FILE},
        help_texts={"path": _("Ask whoever runs the server for the folder.")},
    ),
    SourceKind.URL: FormKind(
        ("url", "interval_hours", "is_snapshot"), ("delete_after", "max_bad_percent", "fallback_encoding"),
        labels={"url": _("Web address of the file"), **_SNAPSHOT_FILE},
    ),
    SourceKind.FOLDER: FormKind(
        ("path", "is_snapshot", "together"),
        ("quiet_minutes", "marker", "delete_after", "max_bad_percent", "fallback_encoding"),
        FolderOptions, _folder_fields, {"interval_hours": 1},
        {"path": _("Folder on the server"), **_SNAPSHOT_FILE},
        {"path": _("Files are read a few minutes after they have arrived, and moved to its folder “done”.")},
    ),
    SourceKind.OAI_PMH: FormKind(
        ("url", "interval_hours"), ("oai_set", "oai_prefix", "mode", "window", "begin", "compare_days", *ENDS),
        OaiOptions, _oai_fields, {}, {"url": _("Address of the OAI-PMH server"), **_SNAPSHOT_LIST},
        {"oai_set": _("Only where not everything is wanted."),
         "oai_prefix": _("For example marcxml. Empty: the best one it has."), **_NOT_OFTEN},
    ),
    SourceKind.SRU: FormKind(
        ("url", "interval_hours"), ("query", "schema", "version", "page_size", "sort_key", "shared", *ENDS),
        SruOptions, _sru_fields, {}, {"url": _("Address of the SRU server"), **_SNAPSHOT_LIST}, _NOT_OFTEN,
    ),
    SourceKind.Z3950: FormKind(
        ("url", "shared"), ("syntax", "charset", "element_set", "isbn", "title", "author"),
        Z3950Options, _z3950_fields, {}, {"url": _("Z39.50 server")},
        {"url": _("As host:port/database, for example z3950.example.org:210/biblios.")},
    ),
    SourceKind.PUSH: FormKind((), ENDS, labels=_SNAPSHOT_LIST, help_texts=_NOT_OFTEN),
}  # fmt: skip
