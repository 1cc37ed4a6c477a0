"""The mapping screen's form: one select for each column of the table, asked again and again until it is right."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.formats.csv_guess import COLUMNS, ONCE, Mapping, names_of
from catalog.forms.source import ENCODINGS

LABELS: dict[str, Any] = {
    "title": _("Title"), "subtitle": _("Subtitle"), "author": _("Author"), "other_authors": _("Other persons"),
    "isbn": _("ISBN"), "issn": _("ISSN"), "publisher": _("Publisher"), "place": _("Place of publication"),
    "year": _("Year"), "edition": _("Edition"), "extent": _("Pages, extent"), "language": _("Language"),
    "series": _("Series"), "volume": _("Volume"), "subjects": _("Subjects"), "classification": _("Classification"),
    "call_number": _("Call number"), "barcode": _("Barcode or inventory number"), "copies": _("Number of copies"),
    "location": _("Location, shelf"), "kind": _("Kind of material"), "summary": _("Summary"), "notes": _("Note"),
    "link": _("Web address"), "identifier": _("Number of the title in your list"),
}  # fmt: skip
CHOICES = [
    ("", _("– not used –")),
    *[(name, LABELS[name]) for name in sorted(COLUMNS, key=list(LABELS).index)],
]


class ColumnsForm(forms.Form):
    header = forms.BooleanField(label=_("the first row names the columns"), required=False)
    encoding = forms.ChoiceField(
        label=_("Character set"), choices=ENCODINGS,
        help_text=_("Only matters where letters with accents look wrong below."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, mapping: Mapping, rows: list[list[str]], encoding: str = "cp1252", **kwargs: Any
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs["initial"] = {
            "header": mapping.header, "encoding": encoding,
            **{_name(place): column for place, column in mapping.columns.items()},
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.rows, self.width = rows, len(mapping.names)
        for place in range(self.width):
            label = _("What column %(n)s holds") % {"n": place + 1}
            self.fields[_name(place)] = forms.ChoiceField(choices=CHOICES, required=False, label=label)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        used = Counter(values.get(_name(place)) for place in range(self.width))
        for place in range(self.width):
            column = values.get(_name(place))
            if column in ONCE and used[column] > 1:
                self.add_error(
                    _name(place),
                    _("More than one column is said to hold this: %(column)s") % {"column": LABELS[column]},
                )
        return values

    @property
    def mapping(self) -> Mapping:
        """Of a form that was checked."""
        header = self.cleaned_data["header"]
        columns = {
            place: column for place in range(self.width) if (column := self.cleaned_data.get(_name(place)))
        }
        names = [*names_of(self.rows[0]), *[""] * self.width][: self.width] if header else [""] * self.width
        return Mapping(columns, header, names)

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[_name(place)] for place in range(self.width)]


def _name(place: int) -> str:
    return f"column_{place}"
