"""What holdings records that came apart say of the titles they are joined to. Called by services/item_holdings.py."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from catalog.formats.draft import HoldingDraft
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload
from catalog.harvesting.rules import apply

_JOINED = """
SELECT h.record_id, h.raw, h.raw_format, s.fallback_encoding, s.rules::text
FROM catalog_holdingsrecord h JOIN catalog_source s ON s.id = h.source_id
WHERE h.record_id = ANY(%s) ORDER BY h.record_id, h.identifier
"""


def holdings_joined(cursor: Any, record_ids: Sequence[int]) -> dict[int, list[HoldingDraft]]:
    """By the id of the title's record, under the source's rules of today. One query; nothing to read for most."""
    found: dict[int, list[HoldingDraft]] = defaultdict(list)
    cursor.execute(_JOINED, [list(record_ids)])
    for record_id, raw, raw_format, encoding, rules in cursor.fetchall():
        payload = zlib.decompress(bytes(raw))
        draft = to_draft(parse_payload(payload, raw_format, fallback_encoding=encoding))
        apply(draft, json.loads(rules))
        found[record_id] += draft.holdings
    return found
