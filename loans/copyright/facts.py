"""What a decision is made of, and what it says. Plain values: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class RequestFacts:
    """What is asked for. None and "" mean "not known"; a rule that needs it then says so."""

    asked_on: date
    genre: str = ""  # book, article, chapter, thesis, other
    kind: str = ""  # of the carrier: book, journal, newspaper, score, software, database
    purpose: str = ""
    copies: int = 1
    title: str = ""
    author: str = ""
    container: str = ""  # the journal or book it stands in
    issue: str = ""
    year: int | None = None  # of the issue or the edition
    pages: int | None = None  # asked for
    pages_of_work: int | None = None
    chapters: int | None = None
    whole: bool = False  # the whole work is asked for

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "asked_on": self.asked_on.isoformat()}


@dataclass(frozen=True)
class Licence:
    """What a collecting society or rights holder offers for this work."""

    holder: str
    terms: str = ""
    url: str = ""
    fee: str = ""  # for one copy, as a decimal; "" where only the terms tell
    currency: str = ""


@dataclass(frozen=True)
class Counters:
    """What was supplied before, this request left out. loans.copyright.counters counts them."""

    same_reader: int = 0  # the same part, to the same reader, within the rule's days
    related_readers: int = 0  # other readers with the same part within the rule's days
    title_year: int = 0  # copies of recent issues of the title for the library in the calendar year
    title_term: int = 0  # copies of this work for the library ever
    same_issue: int = 0  # other articles of the same issue, to the same reader
    licences: tuple[Licence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"licences": [asdict(licence) for licence in self.licences]}


@dataclass(frozen=True)
class Reason:
    rule: str  # code of the rule
    kind: str
    outcome: str
    source: str
    args: Mapping[str, Any] = field(default_factory=dict)
    unknown: bool = False  # a fact is missing, so the rule could not be applied
    own_default: bool = False
    to_confirm: bool = False

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "args": dict(self.args)}


@dataclass(frozen=True)
class Decision:
    outcome: str  # allow, warn, pay, block
    reasons: tuple[Reason, ...]
    code: str  # the portal's own code, "ID-UUHC47a"
    wire_code: str  # the open code of ISO 18626 (copyrightCompliance)
    fee: str  # what is to be paid, in the licence's own words; "" where nothing is known or due
    jurisdiction: str
    version: int
