"""What each figure means, in words. The help part of the figures page, docs/figures.md and the API tell these."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Definition:
    key: str
    title: Promise | str
    means: Promise | str


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "ends",
        _("How requests ended"),
        _(
            "A filled request counts on the day the item was sent or the copy was scanned; one that was not filled, "
            "cancelled, not approved or closed counts on the day it was closed. Found at the own library means that "
            "no other library was needed. Copies and loans are counted for the library whose reader asked."
        ),
    ),
    Definition(
        "fill_rate",
        _("Fill rate"),
        _(
            "Filled requests as a share of the filled and the not filled ones. Requests that were cancelled, not "
            "approved, closed by the coordinator or found at the own library are counted apart and left out here."
        ),
    ),
    Definition(
        "first_rate",
        _("Filled at the first library"),
        _(
            "Requests that were filled without any library having said no, or having let its time pass, before: "
            "again as a share of the filled and the not filled ones."
        ),
    ),
    Definition(
        "supply_rate",
        _("Answered with yes"),
        _(
            "Of the requests that a library was asked for and answered, or let pass, the share it agreed to supply. "
            "Questions that were taken back before an answer are left out."
        ),
    ),
    Definition(
        "months",
        _("Month by month"),
        _(
            "Asked: requests of the library's readers, by the day of asking. Supplied: items sent and copies scanned "
            "for other libraries. Received: what arrived for the own readers."
        ),
    ),
    Definition(
        "turnaround",
        _("How long each stage takes"),
        _(
            "Hours by the clock, nights and holidays included, of the stages that ended in the period. The middle "
            "value is the one that half of the cases stayed below; nine of ten stayed below the last one. Answering "
            "and sending are measured for the library that supplies, the other stages for the library that asks."
        ),
    ),
    Definition(
        "reasons",
        _("Why libraries said no"),
        _(
            "Each no of a library counts once, with its reason; so does each question that was not answered in time. "
            "One request can meet several of them."
        ),
    ),
    Definition(
        "partners",
        _("Lending and borrowing"),
        _(
            "Items sent and copies scanned, between each two libraries. The balance is what was supplied less what "
            "was received: above zero, the library gave more than it got."
        ),
    ),
    Definition(
        "wanted",
        _("Most wanted"),
        _("Titles that were asked for more than once in the period. Who asked is not kept here."),
    ),
    Definition(
        "overdue",
        _("Back late"),
        _(
            "Of the loans that were due in the period, up to today: those not on their way back when the day was "
            "over. Counted for the library that lent them."
        ),
    ),
    Definition(
        "costs",
        _("Costs"),
        _(
            "Charges of the period that are due or settled, each in its own currency. Quotes, and what was waived or "
            "declined, are left out."
        ),
    ),
)
BY_KEY = {definition.key: definition for definition in DEFINITIONS}

STAGES: dict[str, Promise | str] = {
    "begin": _("From asking to the first library asked"),
    "answer": _("Until a library answers"),
    "send": _("From the answer to sending it"),
    "travel": _("On the way"),
    "whole": _("From asking to arriving"),
}
