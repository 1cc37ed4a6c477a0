"""When editions are joined, what was said of them goes along. Called after each loading and each night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import connection, transaction

from catalog.acquiring.feeds import Asked
from catalog.models import Edition
from network_portal.core.portions import in_portions

PORTION = 5000
# What the edition that stays has already of the same library stays as it is.
_MOVE = (
    """
UPDATE catalog_purchaseplan t SET edition_id = e.merged_into_id, key = 'e:' || e.merged_into_id
FROM catalog_edition e WHERE e.id = t.edition_id AND e.merged_into_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM catalog_purchaseplan o WHERE o.library_id = t.library_id
    AND o.key = 'e:' || e.merged_into_id AND o.state IN ('planned', 'ordered', 'bought'))
""",
    """
UPDATE catalog_keeppromise t SET edition_id = e.merged_into_id
FROM catalog_edition e WHERE e.id = t.edition_id AND e.merged_into_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM catalog_keeppromise o WHERE o.library_id = t.library_id
    AND o.edition_id = e.merged_into_id AND o.ended_at IS NULL)
""",
    """
UPDATE catalog_offerline t SET edition_id = e.merged_into_id
FROM catalog_edition e WHERE e.id = t.edition_id AND e.merged_into_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM catalog_offerline o WHERE o.offer_id = t.offer_id
    AND o.edition_id = e.merged_into_id)
""",
)


def editions_follow() -> int:
    """Plans, promises and offers of joined editions; returns how many moved. Two that would become one: the first."""
    moved = 0
    for statement in _MOVE:
        moved += _move(statement)
    return moved


def _move(statement: str) -> int:
    """Two rows may lead to the same edition at once, which the database refuses: then one after the other."""
    with transaction.atomic(), connection.cursor() as cursor:
        table = statement.split()[1]
        cursor.execute(
            f"SELECT t.id FROM {table} t JOIN catalog_edition e ON e.id = t.edition_id "  # noqa: S608  constants
            "WHERE e.merged_into_id IS NOT NULL ORDER BY t.id FOR UPDATE OF t"
        )
        moved = 0
        for (pk,) in cursor.fetchall():
            cursor.execute(f"{statement} AND t.id = %s", [pk])
            moved += cursor.rowcount
        return moved


def asked_now(asked: Iterable[Asked]) -> Iterator[Asked]:
    """What was asked of an edition that was joined to another counts for that one."""
    for portion in in_portions(asked, PORTION):
        ids = {one.edition_id for one in portion if one.edition_id}
        joined = Edition.objects.filter(pk__in=ids, merged_into__isnull=False)
        leads = dict(joined.values_list("pk", "merged_into"))
        for one in portion:
            lead = leads.get(one.edition_id or 0)
            yield replace(one, edition_id=lead) if lead else one
