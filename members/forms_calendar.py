"""Forms of a library's calendar: the week, and days on which it is closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from members.calendars import DEFAULT_WEEK
from members.forms import PlainForm
from members.holidays import Holiday

# Two stretches a day: before and after the break.
PARTS = (1, 2)
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]


class WeekForm(PlainForm):
    """From and to, twice for each day; a day left empty is a closed one."""

    def __init__(self, *args: Any, hours: dict[int, list[tuple[time, time]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = hours or {day: list(stretches) for day, stretches in enumerate(DEFAULT_WEEK)}
        for day, name in WEEKDAYS.items():
            for part in PARTS:
                stretches = shown.get(day, [])
                known = stretches[part - 1] if len(stretches) >= part else (None, None)
                for end, label, value in (("from", _t("from"), known[0]), ("to", _t("to"), known[1])):
                    self.fields[f"{end}_{day}_{part}"] = forms.TimeField(
                        label=f"{name}, {label}" if part == 1 else f"{name}, {_t('after the break')}, {label}",
                        required=False, initial=value, input_formats=["%H:%M", "%H.%M"],
                        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                    )  # fmt: skip

    def days(self) -> list[tuple[str, list[list[BoundField]]]]:
        """Each weekday with its two stretches, from and to, for the template."""
        return [
            (str(name), [[self[f"{end}_{day}_{part}"] for end in ("from", "to")] for part in PARTS])
            for day, name in WEEKDAYS.items()
        ]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        for day in WEEKDAYS:
            for part in PARTS:
                opens, closes = values.get(f"from_{day}_{part}"), values.get(f"to_{day}_{part}")
                if (opens is None) != (closes is None):
                    missing = f"to_{day}_{part}" if closes is None else f"from_{day}_{part}"
                    if missing not in self.errors:
                        self.add_error(missing, _t("Please give both times, or neither."))
                elif opens is not None and closes is not None and closes <= opens:
                    self.add_error(
                        f"to_{day}_{part}", _t("The closing time has to be later than the opening time.")
                    )
        return values

    def week(self) -> dict[int, list[tuple[time, time]]]:
        values = self.cleaned_data
        pairs = {
            day: [(values[f"from_{day}_{part}"], values[f"to_{day}_{part}"]) for part in PARTS]
            for day in WEEKDAYS
        }
        return {day: [pair for pair in parts if pair[0] is not None] for day, parts in pairs.items()}


class ClosedDayForm(PlainForm):
    day = forms.DateField(
        label=_("First day"), input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Last day"), required=False, input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Leave empty for a single day."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("For example: stocktaking, holidays.")
    )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("day") and not values.get("until"):
            values["until"] = values["day"]
        if values.get("day") and values["until"] < values["day"]:
            self.add_error("until", _t("The last day has to be the first one or later."))
        return values


class HolidaysForm(PlainForm):
    """Which holidays of a year are taken over, and on which days: those set by decree may be corrected."""

    def __init__(
        self, *args: Any, holidays: Sequence[Holiday], taken: Collection[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [holiday for holiday in holidays if holiday.name not in taken]
        for place, holiday in enumerate(self.offered):
            self.fields[f"take_{place}"] = forms.BooleanField(
                label=holiday.name, required=False, initial=holiday.certain
            )
            for end, label, value in (
                ("day", _t("first day"), holiday.day),
                ("until", _t("last day"), holiday.until),
            ):
                self.fields[f"{end}_{place}"] = forms.DateField(
                    label=f"{holiday.name}, {label}", input_formats=DATE_FORMATS, initial=value, required=False,
                    widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                )  # fmt: skip

    def rows(self) -> list[tuple[Holiday, BoundField, BoundField, BoundField]]:
        """Each holiday with its three fields, for the template."""
        return [
            (holiday, self[f"take_{place}"], self[f"day_{place}"], self[f"until_{place}"])
            for place, holiday in enumerate(self.offered)
        ]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        for place, _holiday in enumerate(self.offered):
            if (
                values.get(f"take_{place}")
                and f"day_{place}" not in self.errors
                and not values[f"day_{place}"]
            ):
                self.add_error(f"day_{place}", _t("Please give the day."))
        return values

    def chosen(self) -> list[tuple[date, date, str]]:
        values = self.cleaned_data
        return [
            (values[f"day_{place}"], values[f"until_{place}"] or values[f"day_{place}"], holiday.name)
            for place, holiday in enumerate(self.offered)
            if values.get(f"take_{place}")
        ]
