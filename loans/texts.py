"""Filling the workflow's sentences with names, dates and reasons. Pages, mails and messages use it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from loans.choices import reason_label
from loans.models import Request, SupplyAttempt
from loans.services.addressing import Ends


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def day(value: date | datetime | None, zone: str = "") -> str:
    """A date in words; a moment is told as the day it is at the library."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date() if zone else value.date()
    return date_format(value, "j F Y") if value else ""


def values(
    request: Request,
    attempt: SupplyAttempt | None = None,
    *,
    reason: str = "",
    note: str = "",
    ends: Ends | None = None,
) -> _Values:
    """What the sentences of the workflow may name, in the language in use. Empty values are told as a dash.

    `ends`: the two libraries as whoever reads it may know them (addressing.ends_seen); without, as they are.
    """
    home = request.requesting_library
    borrower, supplier = (
        (ends.borrower, ends.supplier) if ends else (home, attempt.supplier if attempt else None)
    )
    found = {
        "number": request.number,
        "title": request.title,
        "library": borrower.name,
        "supplier": supplier.name if supplier else "",
        "city": supplier.city if supplier else "",
        "due": day(request.due_on or (attempt.due_on if attempt else None)),
        "deadline": day(request.deadline_at, home.time_zone),
        "reason": reason_in_words(reason, note),
    }
    return _Values({key: value for key, value in found.items() if value})


def reason_in_words(code: str, note: str = "") -> str:
    """The reason from the list; where somebody wrote a note, the note beside it, or alone for "another reason"."""
    label = reason_label(code)
    note = note.strip().rstrip(".")
    if not note:
        return label
    return note if code in ("", "other") else f"{label} ({note})"


def fill(sentence: Any, filling: dict[str, str]) -> str:
    """One sentence of the workflow, in the language in use."""
    return str(sentence) % filling
