"""Editions by number, in the order asked for: what the index found, as far as readers may still be sent there."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.models import Edition

_NEEDED = (
    "title",
    "subtitle",
    "author",
    "year",
    "language",
    "format",
    "work_key",
    "display",
    "library_count",
)


def editions_in_order(ids: Sequence[int]) -> list[Edition]:
    """Held by somebody and not merged away. One query."""
    rows = Edition.objects.filter(pk__in=ids, merged_into=None, library_count__gt=0).only(*_NEEDED)
    found = {edition.pk: edition for edition in rows}
    return [found[pk] for pk in ids if pk in found]
