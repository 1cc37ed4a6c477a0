"""What a source's page says about the stored originals: they can be read again, and rejected ones tried again."""

from __future__ import annotations

from typing import Any

from catalog import selectors
from catalog.harvesting.rejects import tryable
from catalog.models import Source


def originals_context(source: Source) -> dict[str, Any]:
    """Empty: nothing is stored of this source yet."""
    rejected = tryable(source).count()
    if not (source.record_count or rejected):
        return {}
    return {"rejected": rejected, "live": selectors.live_run_of(source)}
