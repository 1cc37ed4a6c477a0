"""Oddities of OAI-PMH servers as data, the systems known to have them, and the grade they add up to.

Filled by probe.py, shown on the source page, obeyed by harvest.py. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_noop


@dataclass(frozen=True)
class Quirk:
    """`says` and `ask` are English sentences, translated where they are shown."""

    code: str
    best: str  # the best grade a server with it can have
    says: str
    ask: str = ""  # what the library can ask its vendor for
    whole_list: bool = False  # changes can't be asked for: everything is fetched each time and compared


QUIRKS = {
    quirk.code: quirk
    for quirk in (
        Quirk("no_dates", "C", gettext_noop("Records carry no date of change, so we fetch the whole list each time."),
              gettext_noop("Give each record a datestamp that changes when the record does."), True),
        Quirk("ignores_from", "C", gettext_noop("The server sends everything, whatever dates we ask for."),
              gettext_noop("Make the server respect “from” and “until”."), True),
        Quirk("from_needs_until", "B", gettext_noop("Changes can only be asked for with a start and an end."),
              gettext_noop("Make the server respect “from” alone."), False),
        Quirk("token_loses_dates", "C",
              gettext_noop("From the second page on, the server forgets which dates we asked for."),
              gettext_noop("Make the server keep “from” and “until” over all pages."), True),
        Quirk("date_is_creation", "C",
              gettext_noop("Dates say when a record was made, not when it was changed, so changes are not announced."),
              gettext_noop("Use the date of the last change as datestamp."), True),
        Quirk("unedited_undated", "C",
              gettext_noop("Records that were never edited are found by no date, so new ones are not announced."),
              gettext_noop("Give new records a date of change as well."), True),
        Quirk("days_only", "B", gettext_noop("The server promises times to the second, but only understands days."),
              gettext_noop("Accept “from” and “until” with times, or announce the granularity YYYY-MM-DD.")),
        Quirk("items_undated", "B",
              gettext_noop("A change of copies alone does not change a record's date, so copies may be out of date."),
              gettext_noop("Let a record's datestamp follow changes of its copies.")),
        Quirk("no_items", "B", gettext_noop("Records come without copies; those have to be sent in another way."),
              gettext_noop("Put the copies into the MARC records (field 852 or 952).")),
        Quirk("local_time_as_z", "B", gettext_noop("The server's times are local ones that pretend to be universal."),
              gettext_noop("Write datestamps in UTC.")),
        Quirk("prefix_with_token", "B", gettext_noop("The next page is only given if we name the format again."),
              gettext_noop("Accept a resumptionToken alone, as the standard says.")),
        Quirk("offset_token", "B",
              gettext_noop("Pages are counted by position, so records may slip while the catalogue changes."),
              gettext_noop("Order the list by record number, oldest first.")),
        Quirk("dup_ids", "B", gettext_noop("Record numbers are the same ones that other libraries use."),
              gettext_noop("Put your own domain name into the record identifiers.")),
        Quirk("no_deletes", "B", gettext_noop("The server does not say which records were deleted."),
              gettext_noop("Keep deleted records in the list, marked as deleted.")),
        Quirk("some_deletes", "B", gettext_noop("The server announces only some deletions, or forgets them."),
              gettext_noop("Keep deleted records in the list for good.")),
        Quirk("no_marc", "D", gettext_noop("Only short descriptions (Dublin Core) are offered, without copies."),
              gettext_noop("Offer MARC 21 (MARCXML) as well.")),
        Quirk("broken_xml", "C", gettext_noop("Answers are not valid XML; we repair them where we can."),
              gettext_noop("Switch off PHP messages and escape special characters.")),
        Quirk("no_token", "B", gettext_noop("The list came as one page, so paging could not be tried.")),
        Quirk("endless_list", "E", gettext_noop("The server sends the same page again and again."),
              gettext_noop("Mend the paging: each page needs a new token, the last one none.")),
        Quirk("broken_token", "E", gettext_noop("The second page of the list can't be fetched."),
              gettext_noop("Mend the paging of the list.")),
        Quirk("no_records", "E", gettext_noop("The server gives no records at all."),
              gettext_noop("Check that the catalogue is published over OAI-PMH.")),
    )
}  # fmt: skip
GRADES = {
    "A": gettext_noop("Excellent: changes and deletions arrive by themselves."),
    "B": gettext_noop("Good: changes arrive by themselves; a few things need care."),
    "C": gettext_noop("Usable: the whole catalogue is fetched each time and compared."),
    "D": gettext_noop("Limited: titles arrive, but no copies and few details."),
    "E": gettext_noop("Not usable as it is."),
}
# Read in the code of these systems; the probe finds the rest by itself.
SYSTEMS: dict[str, tuple[str, frozenset[str]]] = {
    "slims_oai": (
        "SLiMS (oai.php)",
        frozenset({"no_dates", "date_is_creation", "from_needs_until", "token_loses_dates", "offset_token",
                   "dup_ids", "no_deletes", "no_marc"}),
    ),
    "slims_oai2": (
        "SLiMS (oai2.php)", frozenset({"local_time_as_z", "date_is_creation", "some_deletes", "no_marc"}),
    ),
    "inlislite3": (
        "INLISLite v3",
        frozenset({"prefix_with_token", "offset_token", "no_deletes", "unedited_undated", "no_items"}),
    ),
    "koha": ("Koha", frozenset({"items_undated"})),
    "other": ("", frozenset()),
}  # fmt: skip
# Host parts of identifiers that are a product's default, not somebody's own.
SHARED_NAMES = frozenset(
    {
        "slims",
        "localhost",
        "example.org",
        "example.com",
        "inlislite",
        "koha",
        "koha-oai-test",
        "library",
        "127.0.0.1",
        "mylibrary",
    }
)
MARC_PREFIXES = ("marcxml", "marc21", "marc", "marc21_utf8", "marc_xml", "usmarc")
MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"


@dataclass
class Profile:
    """What a source can do. Stored with the source as JSON."""

    system: str = "other"
    repository: str = ""
    prefix: str = ""
    formats: list[str] = field(default_factory=list)
    sets: int = 0
    seconds: bool = False
    earliest: str = ""
    quirks: list[str] = field(default_factory=list)
    complete_list_size: int | None = None
    tried: list[str] = field(default_factory=list)  # what the probe could find out, by name
    error: str = ""  # code of what ended the probe
    message: str = ""  # the same as a sentence

    @property
    def grade(self) -> str:
        return "E" if self.error else max([QUIRKS[q].best for q in self.quirks], default="A")

    @property
    def system_name(self) -> str:
        return SYSTEMS[self.system][0]

    @property
    def dates_work(self) -> bool:
        """Whether changes can be asked for; else everything is fetched and compared."""
        return not any(QUIRKS[q].whole_list for q in self.quirks)

    def sentences(self) -> list[tuple[str, str]]:
        """(what is so, what to ask the vendor for), in English, worst first."""
        known = sorted((QUIRKS[q] for q in self.quirks), key=lambda q: q.best, reverse=True)
        return [(quirk.says, quirk.ask) for quirk in known]

    def add(self, *codes: str) -> None:
        self.quirks += [code for code in codes if code not in self.quirks]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "grade": self.grade}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Profile:
        profile = cls(**{name: value[name] for name in cls.__dataclass_fields__ if name in value})
        profile.quirks = [q for q in profile.quirks if q in QUIRKS]
        return profile


def system_of(
    *, url: str, description: str, identifiers: Iterable[str], token: str, dated: bool, payload: bytes,
    prefix_with_token: bool, earliest: str,
) -> str:  # fmt: skip
    """The system behind a server, by what it lets slip."""
    address, names = url.lower(), list(identifiers)
    slims = "slims" in description.lower() or any(n.startswith("oai:slims/") for n in names)
    if b"identifier_isbn" in payload or "oai2.php" in address or "p=oai2" in address:
        return "slims_oai2"
    if not dated and (slims or re.fullmatch(r"oai_dc/\d+", token) or "p=oai" in address):
        return "slims_oai"
    if "inlislite" in address + description.lower() or (prefix_with_token and earliest.startswith("2020-")):
        return "inlislite3"
    if "oai.pl" in address or "koha" in description.lower():
        return "koha"
    return "other"
