"""Holdings made of copies. Called by services/items.py, within its transaction."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalog.formats.draft import BibDraft, HoldingDraft
from catalog.harvesting.database import copy_lines
from catalog.harvesting.pages import HOLDING_COLUMNS, MAX_HOLDINGS, holding_line
from catalog.harvesting.rules import Rule, apply
from catalog.services.editions import mark_dirty
from catalog.services.joined_holdings import holdings_joined

# The best that can be said of a group: one copy on the shelf is worth more than three that are lent.
COUNTED = ("available", "on_loan")  # only of these can be said how many are on the shelf
RANK = ("available", "on_loan", "unknown", "reference", "unavailable")
_RECORDS = """
SELECT r.id, coalesce(e.merged_into_id, r.edition_id), s.library_id, s.rules::text, (r.draft->'holdings')::text,
       r.changed_at
FROM catalog_sourcerecord r JOIN catalog_source s ON s.id = r.source_id JOIN catalog_edition e ON e.id = r.edition_id
WHERE r.id = ANY(%s) AND r.deleted_at IS NULL
"""
_ITEMS = """
SELECT record_id, item_id, local_id, location, call_number, status, as_of FROM catalog_item
WHERE record_id = ANY(%s) ORDER BY record_id, id
"""
_FRESHEN = """
UPDATE catalog_holding h SET as_of = n.as_of FROM (
  SELECT h.id, max(i.as_of) AS as_of
  FROM catalog_item i JOIN catalog_holding h ON h.record_id = i.record_id AND jsonb_exists(h.barcodes, i.item_id)
  WHERE i.source_id = %s AND i.item_id = ANY(%s) GROUP BY h.id
) n WHERE h.id = n.id AND h.as_of < n.as_of
"""


@dataclass
class Copy:
    item_id: str
    numbered: bool  # found by its record's number; else by its barcode in the record
    location: str
    call_number: str
    status: str
    as_of: datetime


@dataclass
class _Group:
    copies: list[Copy] = field(default_factory=list)

    def holding(self, location: str, call_number: str) -> HoldingDraft:
        states = {copy.status for copy in self.copies}
        status = min(states, key=RANK.index)
        here = sum(copy.status == "available" for copy in self.copies)
        return HoldingDraft(
            location, call_number, item_count=len(self.copies), available_count=here if status in COUNTED else None,
            status=status, barcodes=[copy.item_id for copy in self.copies],
        )  # fmt: skip


def holdings_remake(cursor: Any, record_ids: Iterable[int]) -> None:
    """Write the holdings of these records anew: of their copies, or, where none is left, as the record itself says,
    together with the holdings records that are joined to it.

    `as_of` of a group is its newest telling. The editions are marked for search.
    """
    ids = sorted(record_ids)
    if not ids:
        return
    copies: dict[int, list[Copy]] = defaultdict(list)
    cursor.execute(_ITEMS, [ids])
    for record_id, item_id, local_id, *rest in cursor.fetchall():
        copies[record_id].append(Copy(item_id, bool(local_id), *rest))
    cursor.execute(_RECORDS, [ids])
    rows = cursor.fetchall()
    joined = holdings_joined(cursor, ids)
    lines = []
    for record_id, edition_id, library_id, rules, said, changed_at in rows:
        drafts = [HoldingDraft(**part) for part in json.loads(said)] if said else []
        drafts += [one for one in joined[record_id] if one not in drafts]  # once behind its title, once apart
        for holding, as_of in made_of(copies[record_id], drafts, json.loads(rules), changed_at)[
            :MAX_HOLDINGS
        ]:
            head = f"{edition_id}\t{library_id}\t{record_id}\t{as_of.isoformat()}\t"
            lines.append(head + holding_line(holding))
    cursor.execute("DELETE FROM catalog_holding WHERE record_id = ANY(%s)", [[row[0] for row in rows]])
    copy_lines(
        cursor, "catalog_holding", ("edition_id", "library_id", "record_id", "as_of", *HOLDING_COLUMNS), lines
    )
    mark_dirty(cursor, sorted({row[1] for row in rows}))


def holdings_freshen(cursor: Any, source_id: int, item_ids: Sequence[str]) -> None:
    """Copies were told of again without a change: what is known of their holdings is as new as that."""
    if item_ids:
        cursor.execute(_FRESHEN, [source_id, list(item_ids)])


def made_of(
    copies: Sequence[Copy], said: list[HoldingDraft], rules: Sequence[Rule], changed_at: datetime
) -> list[tuple[HoldingDraft, datetime]]:
    """One holding for each place and call number. What the record says of volumes or links stays beside the copies.

    A copy without a place or call number has the record's own.
    """
    if not copies:
        return [(holding, changed_at) for holding in said or [HoldingDraft()]]
    place = next((h.location for h in said if h.location), "")
    call = next((h.call_number for h in said if h.call_number), "")
    groups: dict[tuple[str, str], _Group] = defaultdict(_Group)
    for copy in copies:
        location = _named(copy.location, rules) if copy.location else place
        if location is None:  # a rule leaves copies in this place out
            continue
        groups[location, copy.call_number or call].copies.append(copy)
    made = [(g.holding(*key), max(copy.as_of for copy in g.copies)) for key, g in groups.items()]
    return made + [(holding, changed_at) for holding in _left(copies, said)]


def _named(location: str, rules: Sequence[Rule]) -> str | None:
    """The place as the source's own rules call it; None where they leave it out."""
    draft = BibDraft(holdings=[HoldingDraft(location)])
    apply(draft, rules)
    return draft.holdings[0].location if draft.holdings else None


def _left(copies: Sequence[Copy], said: list[HoldingDraft]) -> list[HoldingDraft]:
    """Of what the record says: volumes, links, and barcodes nobody told of yet, where copies are known by barcode."""
    known = {copy.item_id for copy in copies}
    numbered = all(copy.numbered for copy in copies)
    left = []
    for holding in said:
        rest = [] if numbered else [code for code in holding.barcodes if code not in known]
        if rest or holding.textual or holding.coverage or holding.url:
            if holding.barcodes:
                holding.barcodes, holding.item_count = rest, max(1, len(rest))
            left.append(holding)
    return left
