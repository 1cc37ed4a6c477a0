"""Long rows taken by portions, so that what each needs is looked up once for many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")
PORTION = 500


def in_portions(rows: Iterable[Row], size: int = PORTION) -> Iterator[list[Row]]:
    """Lists of up to `size` rows. A queryset is read with a cursor, a portion at a time."""
    found = rows.iterator(chunk_size=size) if isinstance(rows, QuerySet) else iter(rows)
    while portion := list(islice(found, size)):
        yield portion
