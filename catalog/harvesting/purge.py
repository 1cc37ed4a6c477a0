"""Records that were taken out long ago leave for good, in batches. Called nightly by catalog.tasks.

Until then a record that comes back finds its edition, its requests and its place again; afterwards it is a new one.
An edition whose last record leaves keeps its row and its id.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from catalog.netsettings import DELETED_DAYS

BATCH = 2000
_GO = """
DELETE FROM catalog_sourcerecord WHERE id IN (
    SELECT id FROM catalog_sourcerecord WHERE deleted_at < %s ORDER BY deleted_at LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""
# What may still name a record that is gone; its keys and holdings went when it was taken out.
_FORGET = (
    "UPDATE catalog_item SET record_id = NULL WHERE record_id = ANY(%s)",
    "UPDATE catalog_holdingsrecord SET record_id = NULL WHERE record_id = ANY(%s)",
    "DELETE FROM catalog_holding WHERE record_id = ANY(%s)",
    "DELETE FROM catalog_matchkey WHERE record_id = ANY(%s)",
)


def purge_deleted(*, limit: int = 1_000_000) -> int:
    """How many records left. Each batch is a transaction; a killed worker has lost nothing."""
    gone = 0
    while gone < limit:
        with transaction.atomic(), connection.cursor() as cursor:
            # Foreign keys are checked at the end of the transaction, when nothing names the record any more.
            cursor.execute(_GO, [timezone.now() - timedelta(days=DELETED_DAYS.now()), BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            for statement in _FORGET:
                cursor.execute(statement, [ids])
        gone += len(ids)
        if len(ids) < BATCH:
            break
    return gone
