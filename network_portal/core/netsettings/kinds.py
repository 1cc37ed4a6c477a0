"""The kinds of decisions: a whole number, a switch, a few words, a row of days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from network_portal.core.netsettings.known import Area, declare
from network_portal.core.netsettings.reading import kept, last_known

T = TypeVar("T")


@dataclass(frozen=True)
class Decision(Generic[T]):
    """`code` names it in the database and in the address; `usual` is the value, or the name of the Django setting that
    has it. `told` makes of a value the sentence that people read; `hint` says what hangs on it."""

    code: str
    area: Area
    label: Any
    usual: T | str
    told: Callable[[T], str]
    hint: Any = ""

    def __post_init__(self) -> None:
        declare(self)

    def default(self) -> T:
        return self.read(getattr(settings, str(self.usual))) if self._is_named() else self.read(self.usual)

    def now(self) -> T:
        """What counts. A kept value that no longer fits (a limit was drawn closer) counts as none."""
        return self._of(kept())

    def last_known(self) -> T:
        """The same, without a question to the database."""
        return self._of(last_known())

    def _of(self, values: Mapping[str, Any]) -> T:
        value = values.get(self.code)
        return self.default() if value is None or not self.fits(value) else self.read(value)

    def sentence(self, value: T | None = None) -> str:
        return self.told(self.now() if value is None else value)

    def fits(self, value: Any) -> bool:
        raise NotImplementedError

    def read(self, value: Any) -> T:
        """The value of what JSON keeps."""
        raise NotImplementedError

    def write(self, value: T) -> Any:
        """What JSON keeps of it."""
        return value

    def text(self, value: T) -> str:
        """The value alone, for the audit trail and for "usually …"."""
        return str(value)

    def field(self) -> forms.Field:
        """Cleans to the value itself."""
        raise NotImplementedError

    def initial(self, value: T) -> Any:
        """What stands in the field."""
        return value

    def _is_named(self) -> bool:
        return isinstance(self.usual, str)


@dataclass(frozen=True)
class Whole(Decision[int]):
    least: int = 1
    most: int = 1000
    unit: int = 1  # a Django setting in bytes or seconds is shown in so many of them

    def default(self) -> int:
        return super().default() // self.unit if self._is_named() else super().default()

    def fits(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most

    def read(self, value: Any) -> int:
        return int(value)

    def field(self) -> forms.Field:
        return forms.IntegerField(
            label=self.label, min_value=self.least, max_value=self.most,
            help_text=_("A whole number from %(least)s to %(most)s.") % {"least": self.least, "most": self.most},
        )  # fmt: skip


@dataclass(frozen=True)
class Switch(Decision[bool]):
    def fits(self, value: Any) -> bool:
        return isinstance(value, bool)

    def read(self, value: Any) -> bool:
        return bool(value)

    def text(self, value: bool) -> str:
        return _("yes") if value else _("no")

    def field(self) -> forms.Field:
        return forms.TypedChoiceField(
            label=self.label, choices=[("1", self.told(True)), ("0", self.told(False))],
            coerce=lambda typed: typed == "1", widget=forms.RadioSelect,
        )  # fmt: skip

    def initial(self, value: bool) -> str:
        return "1" if value else "0"


@dataclass(frozen=True)
class Words(Decision[str]):
    longest: int = 60

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and 0 < len(value) <= self.longest

    def read(self, value: Any) -> str:
        return str(value)

    def _is_named(self) -> bool:
        return self.usual.isupper()

    def field(self) -> forms.Field:
        return forms.CharField(label=self.label, max_length=self.longest)


@dataclass(frozen=True)
class Days(Decision[tuple[int, ...]]):
    """Several numbers of days, the most first."""

    most: int = 365

    def fits(self, value: Any) -> bool:
        return (
            isinstance(value, (list, tuple))
            and 0 < len(value) <= 6
            and all(isinstance(one, int) and 0 < one <= self.most for one in value)
        )

    def read(self, value: Any) -> tuple[int, ...]:
        return tuple(sorted(set(value), reverse=True))

    def write(self, value: tuple[int, ...]) -> list[int]:
        return list(value)

    def text(self, value: tuple[int, ...]) -> str:
        return ", ".join(map(str, value))

    def field(self) -> forms.Field:
        return _DaysField(self)

    def initial(self, value: tuple[int, ...]) -> str:
        return self.text(value)


class _DaysField(forms.CharField):
    def __init__(self, decision: Days) -> None:
        self.decision = decision
        super().__init__(
            label=decision.label, max_length=40,
            help_text=_("Up to six numbers of days with commas, each from 1 to %(most)s.") % {"most": decision.most},
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value)).replace(";", ",").replace(" ", ",")
        parts = [part for part in typed.split(",") if part]
        numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 5]
        if len(numbers) != len(parts) or not self.decision.fits(numbers):
            raise forms.ValidationError(self.help_text)
        return self.decision.read(numbers)
