"""Set-based writing through one cursor: COPY, ids in advance. Used by write.py and services/editions.py."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

# Held for the length of a page's transaction: two pages that meet the same new edition at once would make it twice.
CATALOGUE_LOCK = 0x6A65_6A01
COPY_BLOCK = 65_536  # characters; larger messages to the server than psycopg2's own are cheaper for both
# Held by a worker for the length of a run; the second number is the run's.
RUN_LOCK = 0x6A65


def lock_catalogue(cursor: Any) -> None:
    """One writer of pages at a time, to the end of the transaction; compiling its short queries would only cost."""
    cursor.execute("SELECT set_config('jit', 'off', true), pg_advisory_xact_lock(%s)", [CATALOGUE_LOCK])


def spare_disk(cursor: Any) -> None:
    """Let this transaction be over before the disk has it: only where a lost one is simply carried out once more.

    A server that crashes then stands at an earlier page, checkpoint and all; the run's own end is waited for as ever.
    """
    cursor.execute("SET LOCAL synchronous_commit = off")


def copy_lines(cursor: Any, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """COPY lines in PostgreSQL's text format, written by copytext."""
    buffer = io.StringIO("".join(lines))
    if buffer.getvalue():
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", buffer, COPY_BLOCK)


def new_ids(cursor: Any, table: str, count: int) -> list[int]:
    """`count` numbers of the table's id sequence."""
    if not count:
        return []
    cursor.execute(
        "WITH its AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence) "
        "SELECT nextval(its.sequence) FROM its, generate_series(1, %s)",
        [table, count],
    )
    return [row[0] for row in cursor.fetchall()]


def empty_temporary(cursor: Any, name: str, definition: str) -> None:
    """An empty temporary table of this connection, made on first use."""
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({definition}) ON COMMIT DELETE ROWS")
    cursor.execute(f"DELETE FROM {name}")  # noqa: S608  a constant of the caller


def set_edition(cursor: Any, pairs: dict[int, int]) -> None:
    """Move records, and the holdings that came with them, to other editions: {record: edition}."""
    values = [list(pairs), list(pairs.values())]
    for table, key in (("catalog_sourcerecord", "id"), ("catalog_holding", "record_id")):
        cursor.execute(
            f"UPDATE {table} AS t SET edition_id = v.edition FROM unnest(%s::bigint[], %s::bigint[]) AS "  # noqa: S608
            f"v(record, edition) WHERE t.{key} = v.record",
            values,
        )
