"""What an SRU answer holds, as plain dataclasses, and why one can't be used. No Django models.

1.1 and 1.2 of the protocol are the Library of Congress', 2.0 is OASIS searchRetrieve 1.0, part 3.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from catalog.harvesting.oai.types import MESSAGES as OAI_MESSAGES
from catalog.harvesting.sru.diagnostics import DIAGNOSTICS
from network_portal.core.errors import PortalError

_COMMON = (
    "html_page", "doctype", "unreadable", "truncated", "http_status", "redirect", "busy", "server_error",
    "repeated_page", "too_many_pages", "too_long", "broken_xml", "no_metadata",
)  # fmt: skip
MESSAGES = {name: OAI_MESSAGES[name] for name in _COMMON} | {
    "not_sru": gettext_noop("The answer is not SRU. Check the address."),
    "no_query": gettext_noop(
        "The server knows no way to ask for all its records. Enter a query that finds those you want."
    ),
    "empty_page": gettext_noop("The server says that it found records, but sends none of them."),
    "runaway": gettext_noop("The list is much longer than the server said."),
    "capped": gettext_noop(
        "The server gives only the first records of a long list, and the list can't be divided. What it gave is"
        " stored. Ask whoever runs it to raise the limit, or enter a query that finds fewer records."
    ),
    "surrogate": gettext_noop("The server could not give this record."),
} | dict(DIAGNOSTICS.values())  # fmt: skip


class SruError(PortalError):
    """`code` for programs, `message` an English sentence translated where it is shown, `detail` the server's words."""

    def __init__(self, code: str, detail: str = "", *, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message or MESSAGES.get(code, MESSAGES["server_error"])
        self.detail = detail[:500]

    def __str__(self) -> str:
        return f"{self.message} {self.detail}".strip()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One of the server's own; `code` as named in diagnostics.py."""

    code: str
    detail: str = ""


@dataclass(slots=True)
class SruRecord:
    """`payload`: the element inside <recordData>, a document of its own. `identifier`: "" where it has none."""

    payload: bytes
    identifier: str = ""
    position: int | None = None
    schema: str = ""


@dataclass(slots=True)
class SruReject:
    """One record of a page that could not be read, or that the server could not give; the others were."""

    reason_code: str  # broken_xml, no_metadata, surrogate
    raw: bytes
    identifier: str = ""
    detail: str = ""


@dataclass(slots=True)
class SruPage:
    """One answer to searchRetrieve."""

    records: list[SruRecord] = field(default_factory=list)
    rejects: list[SruReject] = field(default_factory=list)
    count: int | None = None  # numberOfRecords of the whole result
    precision: str = ""  # 2.0: resultCountPrecision, its last word: exact, minimum, estimate …
    following: int | None = None  # nextRecordPosition
    diagnostics: list[Diagnostic] = field(default_factory=list)  # beside records: warnings
    warnings: list[str] = field(default_factory=list)  # each repair by its name

    @property
    def size(self) -> int:
        return len(self.records) + len(self.rejects)


@dataclass(slots=True)
class Index:
    name: str  # with its set: dc.title
    title: str = ""
    scan: bool | None = None  # None: the server does not say
    relations: list[str] = field(default_factory=list)  # empty: the server does not say


@dataclass(slots=True)
class Schema:
    name: str
    identifier: str = ""


@dataclass(slots=True)
class Explain:
    """What a server says of itself (ZeeRex)."""

    version: str = ""
    title: str = ""
    database: str = ""
    schemas: list[Schema] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    maximum_records: int | None = None  # most that one page holds
    default_records: int | None = None
    count: int | None = None  # of everything, where it says so

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Explain:
        known = {name: value[name] for name in cls.__slots__ if name in value}
        known["schemas"] = [Schema(**one) for one in value.get("schemas", [])]
        known["indexes"] = [Index(**one) for one in value.get("indexes", [])]
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a scanned index."""

    value: str
    count: int
