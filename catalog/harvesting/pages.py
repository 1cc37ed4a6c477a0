"""A catalogue file as pages of records, prepared for COPY. Runs in the parsing helper: no Django, no database.

One page goes through two steps. `read_pages` gives each record's identifier and hash; the writer says which of them
it does not hold yet; `prepare` then does the costly part (draft, features, lines for COPY) for those alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, BinaryIO, NamedTuple

from isal import isal_zlib

from catalog.formats import marc21
from catalog.formats.draft import BibDraft, HoldingDraft
from catalog.formats.errors import BadRecord
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord, Rejected
from catalog.harvesting import copytext as c
from catalog.harvesting.rules import Rule, apply
from catalog.matching.keys import match_keys
from catalog.matching.merge import display_of
from catalog.matching.normalise import features
from catalog.matching.works import work_key

PAGE_RECORDS = 1000
FIRST_PAGE = (
    200  # records; the ones after it grow, so that writing begins while most of a small file is still read
)
PAGE_BYTES = 8 * 1024**2
MAX_HOLDINGS = 500  # of one record; more is a fault of the export
# Parts a record joined from several (a bib and its holdings records) keeps apart in its stored bytes.
JOINT = b"\x1d"

# Columns of the lines that `prepare` writes, in their order.
RECORD_COLUMNS = ("record_type", "identifier", "raw", "raw_format", "content_hash", "draft", "features")
EDITION_COLUMNS = (
    "title",
    "subtitle",
    "author",
    "publisher",
    "year",
    "language",
    "format",
    "work_key",
    "display",
)
HOLDING_COLUMNS = (
    "location", "call_number", "item_count", "available_count", "status", "textual", "coverage", "note", "barcodes",
    "url",
)  # fmt: skip


class Head(NamedTuple):
    """What the writer needs in order to say whether it knows a record. `size`: how many of the file's records it is."""

    identifier: str  # "" where the record has none of its own and a draft must make one up
    digest: bytes
    size: int = 1


@dataclass(slots=True)
class Reject:
    position: int
    offset: int
    identifier: str
    reason_code: str
    reason: str
    snippet: bytes
    raw: bytes = b""  # the whole of it, to be tried again
    raw_format: str = ""


class Prepared(NamedTuple):
    """One record ready to be written. The lines lack what only the writer knows: ids, source, times.

    A tuple, since thousands a second go from process to process.
    """

    identifier: str
    digest: bytes
    deleted: bool
    size: int
    features: dict[str, Any] = {}
    keys: Sequence[int] = ()
    record_line: str = ""
    edition_line: str = ""
    holding_lines: Sequence[str] = ()
    warnings: Sequence[str] = ()  # codes of what was repaired


@dataclass(slots=True)
class Page:
    heads: list[Head]
    rejects: list[Reject]
    read: int  # records of the file, rejected ones included
    position: int  # of the last record
    resume: tuple[str, int, int]  # format, offset and position of a record from which reading can go on
    bytes_done: int
    warnings: list[str] = field(default_factory=list)  # of the page itself, not of its records


@dataclass(slots=True)
class Group:
    """A bib record with the holdings records that follow it."""

    bib: RawRecord
    holdings: list[RawRecord] = field(default_factory=list)

    @property
    def payload(self) -> bytes:
        return JOINT.join([self.bib.payload, *(h.payload for h in self.holdings)])


def read_pages(
    stream: BinaryIO, *, fallback: str, resume: tuple[str, int, int] | None = None, done: int = 0,
    page_records: int = PAGE_RECORDS,
) -> Iterator[tuple[Page, list[Group]]]:  # fmt: skip
    """Pages after position `done`. Raises NotMarc before the first one where the file is something else."""
    groups: list[Group] = []
    rejects: list[Reject] = []
    read = size = 0
    limit = min(FIRST_PAGE, page_records)
    mark = resume or ("", 0, 0)
    end = position = 0
    for position, record in _positioned(stream, fallback, resume):
        if position <= done:
            continue
        if isinstance(record, Rejected):
            rejects.append(_rejected(record, position))
            read, size, end = read + 1, size + len(record.payload), record.offset
            continue
        kind = _kind(record)
        if kind == "holdings" and groups and _belongs(record, groups[-1].bib):
            groups[-1].holdings.append(record)
        else:
            # A page ends before a new bib record, so that a bib and its holdings never part.
            if read >= limit or size >= PAGE_BYTES:
                yield Page([_head(g) for g in groups], rejects, read, position - 1, mark, end), groups
                groups, rejects, read, size = [], [], 0, 0
                limit = min(limit * 3 // 2, page_records)
            if kind == "bib":
                groups.append(Group(record))
                mark = (record.format, record.offset, position)
            else:
                rejects.append(_refuse(record, position, "holdings_unlinked" if kind == "holdings" else kind))
        read, size, end = read + 1, size + len(record.payload), record.offset + len(record.payload)
    if read:
        yield Page([_head(g) for g in groups], rejects, read, position, mark, end), groups


def _positioned(
    stream: BinaryIO, fallback: str, resume: tuple[str, int, int] | None
) -> Iterator[tuple[int, RawRecord | Rejected]]:
    """Records with their place in the file. Binary MARC is entered at the resuming point, XML read from its start."""
    base = offset = 0
    if resume and resume[0] == "iso2709":
        offset, base = resume[1], resume[2] - 1
        stream.seek(offset)
    for record in read_records(stream, fallback_encoding=fallback, lazily=True):
        record.offset += offset
        record.position += base
        yield record.position, record


def _kind(record: RawRecord) -> str:
    code = record.leader[6:7]
    return "holdings" if code and code in "uvxy" else "authority" if code and code in "zqw" else "bib"


def _control(record: RawRecord, tag: str) -> str:
    return next((f[1].strip() for f in record.fields if f[0] == tag and len(f) == 2), "")


def _belongs(holdings: RawRecord, bib: RawRecord) -> bool:
    """By 004; some systems give the holdings that follow a title its own 001."""
    own = _control(bib, "001")
    return bool(own) and own in (_control(holdings, "004"), _control(holdings, "001"))


def _head(group: Group) -> Head:
    digest = blake2b(group.payload, digest_size=16).digest()
    return Head(_control(group.bib, "001")[:200], digest, 1 + len(group.holdings))


def _rejected(record: Rejected, position: int) -> Reject:
    return Reject(
        position, record.offset, "", record.reason_code, record.reason, record.snippet, record.payload,
        record.format,
    )  # fmt: skip


def _refuse(record: RawRecord, position: int, code: str, name: str = "") -> Reject:
    """`name`: what the source calls the record, where that is not its 001."""
    refused = Rejected.because(code, position, record.offset, record.payload)
    return Reject(
        position, record.offset, (name or _control(record, "001"))[:200], code, refused.reason, refused.snippet,
        record.payload, record.format,
    )  # fmt: skip


def prepare(
    group: Group, head: Head, name: str = "", *, rules: Sequence[Rule] = (), fallback: str = "cp1252"
) -> Prepared | Reject:
    """Draft, features and COPY lines of one record, or why it is of no use. `name`: its identifier from outside it."""
    if group.bib.unread:
        try:
            group.bib = _read(group.bib, fallback)
        except BadRecord as refusal:
            return _refuse(group.bib, group.bib.position, refusal.code, name)
    draft = marc21.to_draft(group.bib)
    for record in group.holdings:
        draft.holdings += marc21.to_draft(record).holdings
    if code := marc21.problem(draft):
        return _refuse(group.bib, group.bib.position, code, name)
    identifier = name or draft.identifier[:200]
    if draft.deleted:
        return Prepared(identifier, head.digest, True, head.size)
    if rules and apply(draft, rules):
        return Prepared(identifier, head.digest, True, head.size, warnings=["left_out"])
    return _prepared(draft, identifier, group, head)


def _read(unread: RawRecord, fallback: str) -> RawRecord:
    record = parse_payload(unread.payload, unread.format, fallback_encoding=fallback)
    record.position, record.offset = unread.position, unread.offset
    return record


def _prepared(draft: BibDraft, identifier: str, group: Group, head: Head) -> Prepared:
    holdings = (draft.holdings or [HoldingDraft()])[:MAX_HOLDINGS]
    compared = features(draft)
    stored = draft.as_json()
    display = display_of(stored)
    raw = isal_zlib.compress(group.payload, 1)
    record = c.line(
        "bib", c.text(identifier), c.binary(raw), group.bib.format, c.binary(head.digest),
        c.text(c.as_json(stored)), c.text(c.as_json(compared)),
    )  # fmt: skip
    return Prepared(
        identifier, head.digest, False, head.size, compared, match_keys(compared), record,
        edition_line(display), [holding_line(h) for h in holdings], draft.warnings,
    )  # fmt: skip


def edition_line(display: dict[str, Any]) -> str:
    """The columns of an edition from its display record; services/editions.py writes merged ones with it as well."""
    names = display.get("contributors") or []
    author = names[0]["name"] if isinstance(names, list) and names else ""
    year = display.get("year")
    return c.line(
        c.clipped(str(display.get("title", "")), 1000), c.clipped(str(display.get("subtitle", "")), 1000),
        c.clipped(author, 300), c.clipped(str(display.get("publisher", "")), 300),
        str(year) if isinstance(year, int) and -3000 < year < 3000 else "\\N",
        c.clipped(str(display.get("language", "")), 3), str(display.get("format") or "book"),
        c.nullable(work_key(display)), c.text(c.as_json(display)),
    )  # fmt: skip


def holding_line(holding: HoldingDraft) -> str:
    """The columns of a holding; services/items.py writes those made of items with it as well."""
    return c.line(
        c.clipped(holding.location, 200), c.clipped(holding.call_number, 200),
        str(max(0, min(holding.item_count, 100_000))), c.nullable(holding.available_count), holding.status,
        c.clipped(holding.textual, 5000), c.text(c.as_json(holding.coverage)), c.clipped(holding.note, 500),
        c.text(c.as_json(holding.barcodes[:200])),
        c.clipped(holding.url, 1000),
    )  # fmt: skip
