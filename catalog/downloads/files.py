"""Records as files: which formats there are, one record's bytes, and a stream of many. Called by views/downloads.py."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from catalog import selectors
from catalog.downloads.merged import NETWORK, Member, merged, single
from catalog.formats import dublin_core_write, mods, mods_write, write
from catalog.formats.draft import BibDraft
from catalog.formats.errors import FormatError
from catalog.formats.marc21 import to_draft
from catalog.formats.portable import TooLong, iso2709, shortened
from catalog.formats.reader import parse_payload
from catalog.formats.records import Field, RawRecord
from catalog.models import Edition, SourceRecord


@dataclass(frozen=True, slots=True)
class Ready:
    """One record, ready to be written in any format. `address`: of its page."""

    leader: str
    fields: list[Field]
    draft: BibDraft
    number: str
    sender: str
    origin: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class FileFormat:
    label: str
    content_type: str
    suffix: str
    one: Callable[[Ready], bytes]
    start: bytes = b""
    end: bytes = b""
    in_list: Callable[[Ready], bytes] | None = None  # where a list allows for less than a single record


def _iso(ready: Ready) -> bytes:
    return iso2709(ready.fields, ready.leader)


def _iso_in_list(ready: Ready) -> bytes:
    try:
        return shortened(ready.fields, ready.leader)
    except TooLong:  # without a single note: no record of a publication
        return b""


def _mods(ready: Ready) -> bytes:
    return mods_write.to_mods(ready.draft, number=ready.number, sender=ready.sender, origin=ready.origin)


# In the order of the menu. A new format is one entry here.
FORMATS: dict[str, FileFormat] = {
    "marc": FileFormat("MARC 21", "application/marc", "mrc", _iso, in_list=_iso_in_list),
    "marcxml": FileFormat(
        "MARCXML", "application/marcxml+xml; charset=utf-8", "marc.xml",
        lambda ready: write.to_marcxml(ready.fields, ready.leader), write.COLLECTION_START, write.COLLECTION_END,
    ),
    "mods": FileFormat(
        "MODS", "application/mods+xml; charset=utf-8", "mods.xml", _mods, mods_write.COLLECTION_START,
        mods_write.COLLECTION_END,
    ),
    "dc": FileFormat(
        "Dublin Core", "application/xml; charset=utf-8", "dc.xml",
        lambda ready: dublin_core_write.to_oai_dc(ready.draft, address=ready.address),
        dublin_core_write.COLLECTION_START, dublin_core_write.COLLECTION_END,
    ),
}  # fmt: skip


def whole(ready: Ready, kind: FileFormat) -> bytes:
    """A file of one record. Raises TooLong where the format has no room for it."""
    return kind.start + kind.one(ready) + kind.end


def stream(records: Iterable[Ready], kind: FileFormat) -> Iterator[bytes]:
    """A file of many, as they come. Of a record too long for the format the longest notes are left out."""
    yield kind.start
    for ready in records:
        yield (kind.in_list or kind.one)(ready)
    yield kind.end


def edition_ready(edition: Edition, records: Iterable[SourceRecord], address: str = "") -> Ready | None:
    """The merged record; None where nothing readable is left of it."""
    members = [member for record in records if (member := member_of(record)) is not None]
    if not members:
        return None
    leader, fields = merged(edition.display, members, number=edition.pk, at=edition.changed_at)
    codes = ", ".join(f"({member.library}){member.identifier}" for member in members[:10])
    draft = BibDraft.from_json(edition.display)
    return Ready(leader, fields, draft, str(edition.pk), NETWORK, f"{NETWORK}: {codes}", address)


def record_ready(record: SourceRecord, address: str = "") -> Ready | None:
    """One library's record as others may copy it; None where its stored bytes can't be read."""
    member = member_of(record)
    if member is None:
        return None
    leader, fields = single(member)
    draft = to_draft(RawRecord(0, 0, b"", "iso2709", leader, fields))
    return Ready(leader, fields, draft, member.identifier, member.library, "", address)


def original(record: SourceRecord) -> tuple[bytes, str]:
    """The bytes as the library sent them, and a suffix for their name."""
    payload = zlib.decompress(bytes(record.raw))
    if record.raw_format == "iso2709":
        return payload + b"\x1d", "mrc"
    return payload, "json" if record.raw_format in ("table", "slims_csv", "marcjson") else "xml"


def member_of(record: SourceRecord) -> Member | None:
    try:
        payload = selectors.payloads_of(record)[0]
        read = parse_payload(payload, record.raw_format, fallback_encoding=record.source.fallback_encoding)
    except (FormatError, zlib.error):
        return None
    leader, fields = read.leader, read.fields
    if not any(field[0] == "245" for field in fields):  # UNIMARC: by way of a format that both can be said in
        draft = BibDraft.from_json(record.draft)
        leader, fields, _ = mods.parse_record(mods_write.to_mods(draft, number="", sender=""), "utf-8")
    code = record.source.library.short_code
    return Member(code, record.identifier, leader, fields, record.draft, record.source.quality_rank)
