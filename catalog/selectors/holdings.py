"""Reading holdings records that came apart from their titles."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence

from catalog.models import HoldingsRecord, SourceRecord

Payload = tuple[bytes, str]  # as received, and its format


def holdings_payloads_of(records: Sequence[SourceRecord]) -> dict[int, list[Payload]]:
    """By the id of the title's record: what was joined to it from elsewhere. One query."""
    titles = {(record.source_id, record.identifier): record.pk for record in records}
    sources, hosts = {source for source, _host in titles}, {host for _source, host in titles}
    found: dict[int, list[Payload]] = defaultdict(list)
    for one in HoldingsRecord.objects.filter(source__in=sources, host__in=hosts).order_by("identifier"):
        if title := titles.get((one.source_id, one.host)):
            found[title].append((zlib.decompress(bytes(one.raw)), one.raw_format))
    return found
