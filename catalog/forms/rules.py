"""One form for each kind of normalisation rule, with the fields that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.choices import Format, ItemStatus
from catalog.harvesting.rules import DROPPABLE, KINDS, MAX_TEXT, Rule, problem

LABELS: dict[str, Any] = {
    "map_location": _("Give places their names"),
    "set_status": _("Say whether copies can be borrowed"),
    "strip_call_number": _("Take letters off call numbers"),
    "set_format": _("Set the kind of material"),
    "set_language": _("Set the language where none is named"),
    "drop_field": _("Drop a field"),
    "leave_out": _("Leave records or copies out"),
}
WHERE: dict[str, Any] = {
    "location": _("the place of the copy is"), "call_number": _("the call number begins with"),
    "note": _("the note contains"), "status": _("the status of the copy is"), "format": _("the kind of material is"),
    "language": _("the language (three letters) is"), "title": _("the title contains"),
    "subject": _("a subject is"), "classification": _("the classification begins with"),
    "publisher": _("the publisher is"),
}  # fmt: skip
# Conditions whose values have names: people type these, rules hold the codes.
NAMED: dict[str, list[tuple[str, Any]]] = {"format": Format.choices, "status": ItemStatus.choices}
FIELDS: dict[str, Any] = {
    "subjects": _("Subjects"), "classification": _("Classification"), "series": _("Series"), "summary": _("Summary"),
    "contents": _("Contents"), "notes": _("Notes"), "variant_titles": _("Other titles"), "links": _("Links"),
    "edition_statement": _("Edition statement"), "extent": _("Pages, extent"), "language": _("Language"),
    "languages": _("Languages"),
}  # fmt: skip
LANGUAGES = (("ind", _("Indonesian")), ("eng", _("English")), ("ara", _("Arabic")), ("jav", _("Javanese")),
             ("sun", _("Sundanese")), ("dut", _("Dutch")), ("may", _("Malay")))  # fmt: skip


@dataclass(frozen=True)
class Place:
    code: str
    records: int
    name: str = ""


class RuleForm(forms.Form):
    """Fields by the table of harvesting/rules.py; `rule` is the answer."""

    def __init__(self, *args: Any, do: str, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.do, kind = do, KINDS[do]
        for name in kind.fields:
            field = _FIELD_OF[name](do, kind.where)
            field.required = name not in kind.optional
            self.fields[name] = field

    @property
    def rule(self) -> Rule:
        told = {name: value for name, value in self.cleaned_data.items() if value}
        if not told.get("from"):
            told.pop("where", None)
        return {"do": self.do, **told}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        where = values.get("where") or ("format" if "where" in self.fields else "")
        if where in NAMED and values.get("from"):
            self._name_value(values, NAMED[where])
        if not self.errors and problem(self.rule):
            raise forms.ValidationError(_("This is not a complete rule."))
        return values

    def _name_value(self, values: dict[str, Any], named: list[tuple[str, Any]]) -> None:
        typed = values["from"].strip().casefold()
        codes = [code for code, label in named if typed in (code, str(label).casefold())]
        if codes:
            values["from"] = codes[0]
        else:
            known = ", ".join(str(label) for _code, label in named)
            self.add_error("from", _("Write one of these: %(names)s") % {"names": known})


class PlacesForm(forms.Form):
    """The codes that stored copies stand under; the librarian types the names, empty ones stay as they are."""

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.places = places
        for number, place in enumerate(places):
            self.fields[f"code_{number}"] = forms.CharField(
                widget=forms.HiddenInput, initial=place.code, required=False, strip=False
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Name of the place %(code)s") % {"code": place.code}, initial=place.name, required=False,
                max_length=MAX_TEXT,
            )  # fmt: skip
        self.fields["code_new"] = forms.CharField(
            label=_("Another code"), required=False, max_length=MAX_TEXT
        )
        self.fields["name_new"] = forms.CharField(label=_("Its name"), required=False, max_length=MAX_TEXT)

    @property
    def rows(self) -> list[tuple[Place, forms.BoundField, forms.BoundField]]:
        return [(place, self[f"code_{n}"], self[f"name_{n}"]) for n, place in enumerate(self.places)]

    @property
    def rule(self) -> Rule:
        values = self.cleaned_data
        numbers = [*map(str, range(len(self.places))), "new"]
        pairs = [(values.get(f"code_{n}", ""), values.get(f"name_{n}", "")) for n in numbers]
        return {"do": "map_location", "map": {code: name for code, name in pairs if code and name}}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and problem(self.rule):
            raise forms.ValidationError(_("Give at least one place a name."))
        return values


def _where(do: str, where: Sequence[str]) -> forms.Field:
    empty = [("", _("all records"))] if "where" in KINDS[do].optional else []
    return forms.ChoiceField(
        label=_("Where (condition)"), choices=[*empty, *[(name, WHERE[name]) for name in where]]
    )


def _from(do: str, where: Sequence[str]) -> forms.Field:
    label = _("Letters at the beginning") if do == "strip_call_number" else _("What is looked for")
    return forms.CharField(label=label, max_length=MAX_TEXT, strip=do != "strip_call_number")


def _to(do: str, where: Sequence[str]) -> forms.Field:
    choices = {"set_format": Format.choices, "set_status": ItemStatus.choices, "set_language": LANGUAGES}[do]
    return forms.ChoiceField(label=_("Becomes"), choices=choices)


def _dropped(do: str, where: Sequence[str]) -> forms.Field:
    return forms.ChoiceField(label=_("Field"), choices=[(name, FIELDS[name]) for name in DROPPABLE])


_FIELD_OF = {"where": _where, "from": _from, "to": _to, "field": _dropped}
