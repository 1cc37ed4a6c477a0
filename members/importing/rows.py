"""One row of text to values, or to the problem for which it is not taken over. Pure: asks nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from members.choices_people import ColumnKind, Problem

LIMITS = {"email": 254, "name": 150, "phone": 40, "card_number": 40, "category": 120}
QUOTED = re.compile(r'^="(.*)"$')  # how spreadsheets are told to leave a number alone: ="00123"
FORMULA = re.compile(r"^[=@]|^[+-](?!\+?[\d\s().-]+$)")  # +62 812 … and -5 are no formulas
DATES = (
    (re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?$"), (1, 2, 3)),
    (re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T].*)?$"), (3, 2, 1)),
    (re.compile(r"^(\d{4})(\d{2})(\d{2})$"), (1, 2, 3)),
)


@dataclass(frozen=True)
class PersonRow:
    """What a row says; an empty value says nothing."""

    position: int
    email: str = ""
    name: str = ""
    phone: str = ""
    card_number: str = ""
    category: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class BadRow:
    position: int
    problem: str
    line: tuple[str, ...] = ()


class _Wrong(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_row(position: int, cells: Sequence[str], columns: Sequence[str]) -> PersonRow | BadRow:
    """Values by the meaning of the columns. An address is compared in small letters."""
    try:
        values = _values(cells, columns)
        return PersonRow(
            position=position, email=_email(values.get("email", "")), name=_name(values),
            phone=_short(values, "phone"), card_number=_short(values, "card_number"),
            category=_short(values, "category"), expires_on=_date(values.get("expires_on", "")),
        )  # fmt: skip
    except _Wrong as wrong:
        return BadRow(position, str(wrong.problem), tuple(cells))


def _values(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    values = {}
    for kind, cell in zip(columns, cells, strict=False):
        if kind:
            quoted = QUOTED.match(cell)
            text = quoted.group(1).strip() if quoted else cell.strip()
            if FORMULA.match(text):
                raise _Wrong(Problem.FORMULA)
            values[kind] = text
    return values


def _email(text: str) -> str:
    if not text:
        return ""
    if len(text) > LIMITS["email"]:
        raise _Wrong(Problem.TOO_LONG)
    try:
        validate_email(text)
    except ValidationError as error:
        raise _Wrong(Problem.EMAIL_WRONG) from error
    return text.lower()


def _name(values: Mapping[str, str]) -> str:
    parts = [values.get(ColumnKind.FIRST_NAME, ""), values.get(ColumnKind.LAST_NAME, "")]
    name = values.get("name", "") or " ".join(part for part in parts if part)
    if len(name) > LIMITS["name"]:
        raise _Wrong(Problem.TOO_LONG)
    return name


def _short(values: Mapping[str, str], kind: str) -> str:
    text = values.get(kind, "")
    if len(text) > LIMITS[kind]:
        raise _Wrong(Problem.TOO_LONG)
    return text


def _date(text: str) -> date | None:
    """Year first, or day first as Indonesia writes it; 0000-00-00, as MySQL writes "none", says nothing."""
    if not text or text.startswith("0000"):
        return None
    for pattern, (year, month, day) in DATES:
        if found := pattern.match(text):
            try:
                return date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError as error:
                raise _Wrong(Problem.DATE_WRONG) from error
    raise _Wrong(Problem.DATE_WRONG)
