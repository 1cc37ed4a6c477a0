"""What an OAI-PMH 2.0 answer holds, as plain dataclasses, and why one can't be used. No Django models."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_noop

from network_portal.core.errors import PortalError

MESSAGES = {
    "html_page": gettext_noop(
        "The address answers with a web page for people (perhaps a login page), not with catalogue data."
    ),
    "not_oai": gettext_noop("The answer is not OAI-PMH. Check the address."),
    "doctype": gettext_noop("The answer holds a document type declaration, which we refuse for safety."),
    "unreadable": gettext_noop("The answer can't be read, not even in parts."),
    "truncated": gettext_noop("The answers break off before their end, each time we ask."),
    "http_status": gettext_noop("The server answers with an error."),
    "redirect": gettext_noop("The server sends us on to another address. Enter that address if it is right."),
    "busy": gettext_noop("The server asks us to come back later."),
    "badVerb": gettext_noop("The server does not know the question we ask."),
    "badArgument": gettext_noop("The server refuses the question we ask."),
    "badResumptionToken": gettext_noop("The server has forgotten where we were."),
    "cannotDisseminateFormat": gettext_noop("The server can't give its records in this format."),
    "idDoesNotExist": gettext_noop("The server does not know this record."),
    "noMetadataFormats": gettext_noop("The server has no format for this record."),
    "noSetHierarchy": gettext_noop("The server has no sets."),
    "server_error": gettext_noop("The server reports an error."),
    "repeated_token": gettext_noop("The server sends us in circles: the same place in the list came twice."),
    "repeated_page": gettext_noop("The server sends us in circles: the same page came twice."),
    "cursor_runaway": gettext_noop("The list is much longer than the server said."),
    "too_many_pages": gettext_noop("The list has more pages than we accept."),
    "too_long": gettext_noop("The harvest took longer than we accept."),
    "token_expires": gettext_noop("The server forgets where we were, again and again."),
    "broken_xml": gettext_noop("The record is broken XML and could not be repaired."),
    "no_identifier": gettext_noop("The record has no identifier."),
    "no_metadata": gettext_noop("The record has no content."),
    "incomplete": gettext_noop("Part of the list could not be fetched."),
}
# What the server itself says by OAI-PMH 2.0, section 3.6.
PROTOCOL_CODES = frozenset(
    {
        "badVerb", "badArgument", "badResumptionToken", "cannotDisseminateFormat", "idDoesNotExist",
        "noMetadataFormats", "noSetHierarchy",
    }
)  # fmt: skip


class OaiError(PortalError):
    """`code` for programs, `message` an English sentence translated where it is shown, `detail` the server's words."""

    def __init__(self, code: str, detail: str = "", *, message: str = "", retry_after: float = 0) -> None:
        super().__init__(code)
        self.code = code
        self.message = message or MESSAGES.get(code, MESSAGES["server_error"])
        self.detail = detail[:500]
        self.retry_after = retry_after  # seconds, where the server named them

    def __str__(self) -> str:
        return f"{self.message} {self.detail}".strip()


@dataclass(slots=True)
class OaiRecord:
    """`payload`: the element inside <metadata>, a document of its own; empty in headers and deletions."""

    identifier: str
    datestamp: str  # as sent; dates.parse_stamp reads it
    deleted: bool = False
    sets: list[str] = field(default_factory=list)
    payload: bytes = b""
    format: str = ""  # of the payload, as in formats.reader.FORMATS
    about: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class OaiReject:
    """One record of a page that could not be read; the others were."""

    identifier: str
    reason_code: str  # broken_xml, no_identifier, no_metadata
    raw: bytes  # the whole of it, to be tried again


@dataclass(slots=True)
class OaiPage:
    """One answer to ListRecords, ListIdentifiers or GetRecord. `token` is empty at the end of the list."""

    records: list[OaiRecord] = field(default_factory=list)
    token: str = ""
    cursor: int | None = None
    complete_list_size: int | None = None
    response_date: datetime | None = None
    warnings: list[str] = field(default_factory=list)  # each repair by its name
    rejects: list[OaiReject] = field(default_factory=list)
    truncated: bool = False  # the body broke off: without a token this is not the end of the list
    quarantined: bool = False  # nothing but perhaps the token could be read
    body: bytes = b""  # as sent, kept where something was repaired or lost

    @property
    def holes(self) -> bool:
        """Whether something is missing of which not even the identifier is known."""
        return self.quarantined or self.truncated or any(not reject.identifier for reject in self.rejects)


@dataclass(slots=True)
class Identity:
    repository_name: str = ""
    base_url: str = ""
    protocol_version: str = ""
    earliest: str = ""
    deleted_record: str = ""
    granularity: str = ""
    description: str = ""  # toolkit, sample identifier and the like, as text
    response_date: datetime | None = None
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class MetadataFormat:
    prefix: str
    schema: str = ""
    namespace: str = ""


@dataclass(slots=True)
class OaiSet:
    spec: str
    name: str = ""
