"""Which editions crawlers are told of, in pages of consecutive numbers: each page is one cheap range of the key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.db.models import Max

from catalog.models import Edition

WIDTH = 25_000  # numbers a page; the protocol allows 50,000 addresses
# One probe of the primary key a page.
_PAGES = """
SELECT n FROM generate_series(0, %s) AS n WHERE EXISTS (
    SELECT 1 FROM catalog_edition
    WHERE id > n * %s AND id <= (n + 1) * %s AND merged_into_id IS NULL AND library_count > 0
)
"""


def sitemap_pages() -> list[int]:
    """Those with something on them."""
    last = Edition.objects.aggregate(last=Max("pk"))["last"]
    if last is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PAGES, [(last - 1) // WIDTH, WIDTH, WIDTH])
        return [number for (number,) in cursor.fetchall()]


def sitemap_editions(page: int) -> Iterator[tuple[int, datetime]]:
    """Number and last change of each edition on a page, by a cursor of the server: never all in memory."""
    held = Edition.objects.filter(pk__gt=page * WIDTH, pk__lte=(page + 1) * WIDTH, merged_into=None)
    rows = held.filter(library_count__gt=0).order_by("pk").values_list("pk", "changed_at")
    return iter(rows.iterator(chunk_size=2000))
