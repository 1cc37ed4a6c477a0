"""Rows of the page of what is late: what waits, with whom, since when, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from loans.choices import FlagKind
from loans.models import Request
from loans.selectors.stuck import due_flags
from loans.workflow.states import state_of

# In the order of the tabs.
SIDES = ("requesting", "supplying", "patron", "coordinator", "portal")


@dataclass(frozen=True)
class StuckRow:
    number: str
    url: str
    title: str
    asker: str  # the reader's library
    owner: str
    since: datetime
    deadline: datetime | None
    why: str
    tone: str


def stuck_rows(requests: Iterable[Request]) -> list[StuckRow]:
    """The reader's name is in none of them: the page is for both sides and the coordinator."""
    shown = list(requests)
    flags = due_flags([request.pk for request in shown])
    return [
        StuckRow(
            number=request.number,
            url=reverse("loans:request", args=[request.number]),
            title=request.title,
            asker=request.requesting_library.name,
            owner=owner_name(request),
            since=request.waiting_since,
            deadline=request.deadline_at,
            why=_why(request, flags.get(request.pk, "")),
            tone=state_of(request.status).tone,
        )
        for request in shown
    ]


def owner_name(request: Request) -> str:
    """With whom it is, in words."""
    if request.owner_side == "patron":
        return _("the reader of %(library)s") % {"library": request.requesting_library.name}
    if request.owner_library is None:
        return _("the portal")
    if request.owner_side == "coordinator":
        return _("the coordinator at %(library)s") % {"library": request.owner_library.name}
    return request.owner_library.name


def side_labels() -> dict[str, str]:
    return {
        "requesting": _("Borrowing library"),
        "supplying": _("Lending library"),
        "patron": _("Reader"),
        "coordinator": _("Coordinator"),
        "portal": _("Portal"),
    }


def _why(request: Request, flag: str) -> str:
    state = state_of(request.status).label
    return f"{state} – {FlagKind(flag).label}" if flag else state
