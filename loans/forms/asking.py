"""What readers fill in to ask: what they want (only what is not known yet), which edition, when, how and where."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.models import Edition
from loans.choices import Genre, Level, Purpose, Service
from loans.citation import Citation, askable_fields, fields_of, longest, missing_fields
from loans.forms.fields import DATE_FORMATS, FARTHEST, DateInput
from loans.intake.labels import FIELDS
from loans.intake.numbers import doi_of, isbn_of, issn_of
from members.models import PickupPoint


class DescribeForm(forms.Form):
    """The description of one title; `known` values are not asked again unless `everything` is."""

    def __init__(self, *args: Any, known: Citation, everything: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.known, genre = known, known.genre
        needed = missing_fields(
            known.with_values(**dict.fromkeys(fields_of(genre), "")) if everything else known
        )
        for name in fields_of(genre) if everything else askable_fields(known):
            label, hint = FIELDS.get(f"{genre}.{name}", FIELDS[name])
            self.fields[name] = forms.CharField(
                label=label, help_text=hint, required=name in needed, max_length=longest(name),
                initial=getattr(known, name),
            )  # fmt: skip

    def clean_year(self) -> str:
        year = str(self.cleaned_data["year"]).strip()
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            raise forms.ValidationError(_t("Please give the year with four digits."))
        if year and int(year) > timezone.localdate().year + 1:
            raise forms.ValidationError(_t("That year is still to come."))
        return year

    def clean_isbn(self) -> str:
        return self._number(
            "isbn", isbn_of, _t("This is no ISBN: please check its digits, or leave it empty.")
        )

    def clean_issn(self) -> str:
        return self._number(
            "issn", issn_of, _t("This is no ISSN: please check its digits, or leave it empty.")
        )

    def clean_doi(self) -> str:
        return self._number("doi", doi_of, _t("This is no DOI: it begins with 10 and has a slash."))

    def _number(self, name: str, read: Any, complaint: str) -> str:
        typed = self.cleaned_data[name].strip()
        found: str = read(typed) if typed else ""
        if typed and not found:
            raise forms.ValidationError(complaint)
        return found

    def citation(self) -> Citation:
        """What was known, and what was typed in now."""
        return self.known.with_values(**self.cleaned_data)


class ReaderForm(forms.Form):
    """A reader without an account, as the desk writes them down."""

    reader_name = forms.CharField(label=_("Name"), max_length=150)
    reader_contact = forms.CharField(
        label=_("Telephone or e-mail"), max_length=150, required=False,
        help_text=_("For you alone: the portal does not write to this address."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ReaderNoteForm(forms.Form):
    """A few words of the reader's with a step."""

    note = forms.CharField(
        label=_("What happened?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both libraries read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class FoundForm(forms.Form):
    """Which of the editions found is meant, if any."""

    NONE: ClassVar[str] = "none"
    edition = forms.ChoiceField(label=_("Which one do you mean?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, editions: list[Edition], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        choices = [(str(edition.pk), _line(edition)) for edition in editions]
        self.fields["edition"].choices = [*choices, (self.NONE, _t("None of these"))]  # type: ignore[attr-defined]

    def chosen(self) -> int | None:
        value = self.cleaned_data["edition"]
        return None if value == self.NONE else int(value)


def _line(edition: Edition) -> str:
    facts = (edition.full_title, edition.author, edition.publisher, str(edition.year or ""))
    return " · ".join(filter(None, facts))


class WishForm(forms.Form):
    """When, how and where the reader needs it; what it is comes from its record or from the description."""

    pickup_point = forms.ModelChoiceField(
        label=_("Where do you want to collect it?"), queryset=PickupPoint.objects.none(), widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("How fast?"), choices=Level.choices, initial=Level.NORMAL.value, required=False,
        help_text=_("Faster than normal is looked at by your library first, and may cost something."),
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label=_("What do you need the copy for?"), choices=Purpose.choices, widget=forms.RadioSelect,
        help_text=_("Copyright law asks this."),
    )  # fmt: skip
    needed_by = forms.DateField(
        label=_("Needed by"), required=False, widget=DateInput, input_formats=DATE_FORMATS,
        help_text=_("Only if you need it for a certain day. A loan usually takes a week to arrive."),
    )  # fmt: skip
    any_edition = forms.BooleanField(label=_("Another edition will do as well."), required=False)
    note = forms.CharField(
        label=_("Note for the librarian"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your library reads it before the request goes out."),
    )  # fmt: skip
    want_anyway = forms.BooleanField(label=_("I know, and ask for the copy of another library all the same."))

    def __init__(
        self, *args: Any, own_copy: bool = False, service: str = Service.LOAN.value, genre: str = Genre.BOOK.value,
        points: list[PickupPoint] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        unasked = {
            "want_anyway": not own_copy,
            "purpose": service != Service.COPY,
            "any_edition": genre != Genre.BOOK,
            "pickup_point": service == Service.COPY or len(points or []) < 2,
        }
        for name in (name for name, not_here in unasked.items() if not_here):
            del self.fields[name]
        if "pickup_point" in self.fields and points:
            self.fields["pickup_point"].queryset = PickupPoint.objects.filter(  # type: ignore[attr-defined]
                pk__in=[point.pk for point in points]
            )
            self.fields["pickup_point"].initial = points[0].pk

    def clean_level(self) -> str:
        return str(self.cleaned_data["level"] or Level.NORMAL.value)

    def clean_needed_by(self) -> Any:
        day = self.cleaned_data["needed_by"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(
                _t("That day has passed. Please choose a later one, or leave it empty.")
            )
        if day and day > timezone.localdate() + FARTHEST:
            raise forms.ValidationError(_t("That is more than two years ahead. Please check the year."))
        return day

    def values(self) -> dict[str, Any]:
        """As a draft keeps them: plain values."""
        point = self.cleaned_data.get("pickup_point")
        return {**self.cleaned_data, "pickup_point": point.pk if point is not None else None}
