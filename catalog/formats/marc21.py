"""MARC 21 to `BibDraft`, and the lines of the MARC view. Called for each record by the harvesting pipeline.

UNIMARC records are told by 200 without 245 and handed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from . import marc21_fields, unimarc
from .draft import BibDraft
from .holdings import holdings_of
from .records import DataField, RawRecord, Subfields

MOST_REPEATS = 5000  # fields of one tag that are looked at; a bound serial may well have thousands of items


@dataclass(frozen=True, slots=True)
class MarcLine:
    """One line of the MARC view; `text` is a control field's data, or the subfields marked as in "$a Title"."""

    tag: str
    ind1: str
    ind2: str
    subfields: Subfields
    text: str

    @property
    def ind(self) -> str:
        return self.ind1 + self.ind2

    def __iter__(self) -> Iterator[str]:
        """As (tag, indicators, text), for plain listings."""
        return iter((self.tag, self.ind, self.text))


def to_draft(raw: RawRecord) -> BibDraft:
    """The draft of one record; never raises for a record that could be read. `problem` says whether it is of use."""
    control: dict[str, str] = {}
    by_tag: dict[str, list[DataField]] = {}
    for field in raw.fields:
        if len(field) == 2:
            control.setdefault(field[0], field[1])
        elif (known := by_tag.get(field[0])) is None:
            by_tag[field[0]] = [field]
        elif len(known) < MOST_REPEATS:
            known.append(field)
    draft = BibDraft(warnings=list(raw.warnings))
    leader = raw.leader
    draft.record_type = "holdings" if leader[6] in "uvxy" else "authority" if leader[6] in "zwq" else "bib"
    draft.deleted = leader[5] == "d"
    draft.identifier = identifier_of(raw, control, by_tag)
    draft.host_identifier = control.get("004", "").strip() if draft.record_type == "holdings" else ""
    if draft.record_type == "authority":
        return draft
    draft.holdings = holdings_of(by_tag)
    if draft.record_type == "holdings":
        return draft
    if "200" in by_tag and "245" not in by_tag:
        unimarc.fill(draft, leader, control, by_tag)
        return draft
    marc21_fields.fill(draft, leader, control, by_tag)
    return draft


def problem(draft: BibDraft) -> str | None:
    """Why a readable record is of no use, as a code of errors.REASONS; None where it may be matched or attached."""
    if draft.deleted:
        return "no_identifier" if draft.identifier.startswith("h:") else None
    if draft.record_type == "authority":
        return "authority"
    if draft.record_type == "holdings":
        return None if draft.host_identifier else "holdings_unlinked"
    return None if draft.title else "no_title"


def dump_lines(raw: RawRecord) -> list[MarcLine]:
    """The record as lines for the MARC view, the leader first."""
    lines = [MarcLine("LDR", "", "", (), raw.leader)]
    for field in raw.fields:
        if len(field) == 2:
            lines.append(MarcLine(field[0], "", "", (), field[1]))
        else:
            text = " ".join([f"${code} {value}" for code, value in field[3]])
            lines.append(MarcLine(field[0], field[1], field[2], field[3], text))
    return lines


def identifier_of(raw: RawRecord, control: dict[str, str], by_tag: dict[str, list[DataField]]) -> str:
    """001; else Koha's record number from 999$c; else a hash of what the record says, without its date of change."""
    if own := control.get("001", "").strip():
        return own[:200]
    for field in by_tag.get("999", ()):
        values = dict(field[3])
        if values.get("c", "").isdigit() and values.get("d", "").isdigit():
            return f"koha:{values['c']}"
    content = repr((raw.leader[5:8], [field for field in raw.fields if field[0] not in ("003", "005")]))
    return "h:" + hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
