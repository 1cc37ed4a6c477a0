"""The hours of a network: three numbers for each state, empty where the portal's own count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t

from loans.choices import Level
from loans.presenters.waiting_times import LEVELS, WaitingTime

MOST_HOURS = 400  # of work: ten weeks


class WaitingTimesForm(forms.Form):
    """One field for each state and level, named state__level."""

    def __init__(self, *args: Any, times: list[WaitingTime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times = times
        for time in times:
            for level in LEVELS:
                self.fields[f"{time.code}__{level}"] = forms.IntegerField(
                    label=Level(level).label, required=False, min_value=1, max_value=MOST_HOURS,
                    initial=time.own.get(level), widget=forms.NumberInput(attrs={"placeholder": time.defaults[level]}),
                )  # fmt: skip

    def rows(self) -> list[tuple[WaitingTime, list[forms.BoundField]]]:
        return [(time, [self[f"{time.code}__{level}"] for level in LEVELS]) for time in self.times]

    def clean(self) -> dict[str, Any]:
        """Whoever is in a hurry never waits longer than who is not."""
        for time in self.times:
            hours = [self._hours(time, level) for level in LEVELS]
            for slow, fast, level in zip(hours, hours[1:], LEVELS[1:], strict=False):
                if slow is not None and fast is not None and fast > slow:
                    self.add_error(
                        f"{time.code}__{level}",
                        _t("%(state)s: the faster level cannot have more hours than the slower one.")
                        % {"state": time.label},
                    )
        return self.cleaned_data

    def _hours(self, time: WaitingTime, level: str) -> int | None:
        name = f"{time.code}__{level}"
        if name in self.errors:
            return None
        typed: int | None = self.cleaned_data.get(name)
        return time.defaults[level] if typed is None else typed

    def timers(self) -> dict[str, dict[str, int]]:
        """As the network keeps them: {state: {level: hours}}, without what was left empty."""
        found: dict[str, dict[str, int]] = {}
        for name, hours in self.cleaned_data.items():
            if hours is not None:
                state, level = name.rsplit("__", 1)
                found.setdefault(state, {})[level] = hours
        return found
