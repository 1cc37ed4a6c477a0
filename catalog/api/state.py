"""What an agent may want to know before it sends: how things stand, and the limits."""

from __future__ import annotations

from typing import Any

from catalog.api.bodies import MAX_BYTES
from catalog.api.items import MAX_ITEMS
from catalog.api.records import FORMATS, MAX_RECORDS
from catalog.choices import SourceKind
from catalog.harvesting.push import SILENT
from catalog.models import Source
from catalog.selectors.push import item_counts, last_push, last_session
from catalog.services.push import source_may_receive
from network_portal.core.errors import RuleViolation


def is_open(source: Source) -> bool:
    try:
        source_may_receive(source)
    except RuleViolation:
        return False
    return True


def state_of(source: Source) -> dict[str, Any]:
    """Plain values. `takes`: what this source wants of an agent."""
    run, session = last_push(source), last_session(source)
    return {
        "id": source.pk,
        "name": source.name,
        "library": source.library.name,
        "takes": ["records", "items"] if source.kind == SourceKind.PUSH else ["items"],
        "open": is_open(source),
        "records": source.records.filter(deleted_at=None).count(),
        "items": item_counts(source),
        "last_run": run
        and {
            "id": run.pk, "status": run.status, "finished_at": run.finished_at, "deletes_held": run.deletes_held,
        },
        "last_session": session
        and {
            "name": session.name, "part": session.part, "seq": session.seq, "whole": session.whole,
            "ended": session.ended_at is not None, "heard_at": session.heard_at,
        },
        "limits": {
            "bytes": MAX_BYTES, "records": MAX_RECORDS, "items": MAX_ITEMS,
            "silent_seconds": int(SILENT.total_seconds()), "formats": FORMATS,
        },
    }  # fmt: skip
