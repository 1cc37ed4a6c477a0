"""Forms of buying and weeding together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.acquiring.choices import PlanState, WantedKind
from catalog.acquiring.numbers import isbn_of
from catalog.acquiring.selectors.last import Narrowed
from catalog.acquiring.selectors.wanted import Asked, regions
from catalog.acquiring.services.plans import MARKS, Mark
from catalog.acquiring.uploads import MOST_BYTES
from catalog.models import PurchasePlan

ANY = ("", _("any"))


class _Plain(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=2200, required=False)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _Filter(_Plain):
    """What cannot be read of an address counts as not said."""

    def told(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}

    def narrowed(self) -> bool:
        return any(value for name, value in self.told().items() if name != "sort")


class WantedForm(_Filter):
    words = forms.CharField(label=_("Title, author or subject"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Why"), choices=[ANY, *WantedKind.choices], required=False)
    planned = forms.ChoiceField(
        label=_("Plans"), required=False,
        choices=[ANY, ("no", _("nobody plans it")), ("yes", _("somebody plans it")), ("mine", _("our readers asked"))],
    )  # fmt: skip
    region = forms.ChoiceField(label=_("Region"), required=False)
    first_year = _year(_("From year"))
    last_year = _year(_("To year"))
    sort = forms.ChoiceField(
        label=_("Order"), required=False,
        choices=[("weight", _("most wanted first")), ("last", _("asked last first")), ("title", _("by title")),
                 ("year", _("newest editions first"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["region"]
        field.choices = [ANY, *((name, name) for name in regions())]

    @property
    def asked(self) -> Asked:
        return Asked(**{name: value for name, value in self.told().items() if value})


class LastForm(_Filter):
    subject = forms.CharField(label=_("Subject begins with"), max_length=100, required=False)
    requested = forms.ChoiceField(
        label=_("Requests"),
        required=False,
        choices=[ANY, ("yes", _("asked for")), ("no", _("never asked for"))],
    )
    kept = forms.ChoiceField(
        label=_("Promise"), required=False,
        choices=[ANY, ("yes", _("promised to keep")), ("no", _("not promised"))],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), required=False)
    first_year = _year(_("From year"))
    last_year = _year(_("To year"))
    sort = forms.ChoiceField(
        label=_("Order"), required=False,
        choices=[("title", _("by title")), ("year", _("oldest first")), ("newest", _("latest in the catalogue first"))],
    )  # fmt: skip

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["language"]
        field.choices = [ANY, *languages]

    @property
    def asked(self) -> Narrowed:
        return Narrowed(**{name: value for name, value in self.told().items() if value})


class PlansForm(_Filter):
    words = forms.CharField(label=_("Title, author or ISBN"), max_length=100, required=False)
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[ANY, ("own", _("ours")), ("others", _("other libraries'"))]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("open ones")), *PlanState.choices]
    )
    overdue = forms.BooleanField(label=_("only those whose day is over"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"), required=False,
        choices=[
            ("", _("Next day first")), ("new", _("Newest first")), ("title", _("By title")),
            ("library", _("By library")),
        ],
    )  # fmt: skip


class MarkForm(_Plain):
    state = forms.ChoiceField(label=_("Your library"), choices=[(one.value, one.label) for one in MARKS])
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=1000, initial=1)
    expected_on = forms.DateField(
        label=_("Expected by"),
        required=False,
        widget=_day(),
        help_text=_("After this day you are asked about it."),
    )
    price = forms.DecimalField(
        label=_("Price of one copy, in rupiah"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("Seen by staff of all libraries, as the note is."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    @property
    def mark(self) -> Mark:
        return Mark(**self.cleaned_data)

    @staticmethod
    def of(plan: PurchasePlan) -> dict[str, Any]:
        return {name: getattr(plan, name) for name in MarkForm.base_fields}

    @staticmethod
    def fresh() -> dict[str, Any]:
        return {"expected_on": timezone.localdate() + timedelta(days=60)}


class TitleForm(_Plain):
    """A title that no catalogue has."""

    title = forms.CharField(label=_("Title"), max_length=500, required=False)
    author = forms.CharField(label=_("Author"), max_length=200, required=False)
    isbn = forms.CharField(
        label=_("ISBN"), max_length=30, required=False, help_text=_("With or without hyphens.")
    )

    def clean_isbn(self) -> str:
        text = str(self.cleaned_data["isbn"]).strip()
        if text and not isbn_of(text):
            raise forms.ValidationError(_now("This is no valid ISBN. Look at its digits again."))
        return isbn_of(text)


class CheckForm(_Plain):
    pasted = forms.CharField(
        label=_("Numbers"), required=False, max_length=2_000_000, strip=True,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("ISBNs, barcodes or record numbers of your library, one a line."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a file"), required=False,
        help_text=_("CSV, text or a spreadsheet (XLSX), up to 100,000 rows and 20 MB."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name of the list"), max_length=200, required=False,
        help_text=_("For example the shelf. Empty: the file's name, or today's date."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        file = values.get("file")
        if not self.errors and not file and not values.get("pasted"):
            raise forms.ValidationError(_now("Paste numbers, or choose a file."))
        if file and (file.size or 0) > MOST_BYTES:
            self.add_error("file", _now("The file is too big: 20 MB at most. Divide it."))
        return values

    @property
    def content(self) -> bytes:
        """The file where there is one."""
        file = self.cleaned_data["file"]
        return bytes(file.read()) if file else str(self.cleaned_data["pasted"]).encode()

    @property
    def called(self) -> str:
        file = self.cleaned_data["file"]
        day = timezone.localdate().isoformat()
        return str(self.cleaned_data["name"] or (file.name if file else day))[:200]


class OfferForm(_Plain):
    closes_on = forms.DateField(label=_("Others may answer until"), widget=_day())
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("For example how the books can be collected."),
    )


class KeepForm(_Plain):
    until = forms.DateField(
        label=_("Keep it until"), required=False, widget=_day(), help_text=_("Empty: without end.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
