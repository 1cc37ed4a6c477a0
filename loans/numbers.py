"""Request numbers: per library and year, without gaps or twins."""

from __future__ import annotations

from django.db import connection

from members.models import Library

# One statement: the row lock it takes is held to the end of the transaction, so two requests never get one number,
# and a request that is not saved after all gives its number back.
_NEXT = """
    INSERT INTO loans_requestcounter (library_id, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (library_id, year) DO UPDATE SET last = loans_requestcounter.last + 1
    RETURNING last
"""


def next_number(library: Library, year: int) -> str:
    """UNPAD-2026-000412, of `services.addressing.numbers_by`. Call it in the transaction that saves the request."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [library.pk, year])
        (last,) = cursor.fetchone()
    return f"{library.short_code}-{year}-{last:06d}"
