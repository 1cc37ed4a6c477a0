"""When a library comes to be seen or unseen by readers, what search knows of its titles is made anew."""

from __future__ import annotations

from django.db import connection

from members.standing.services import LIBRARY_SHOWN
from network_portal.core import events

_TITLES = """
INSERT INTO catalog_dirtyedition (edition_id)
SELECT DISTINCT edition_id FROM catalog_holding WHERE library_id = %s
"""


def titles_again(*, library_id: int) -> None:
    """Put every title of the library into the outbox toward search, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TITLES, [library_id])


events.subscribe(LIBRARY_SHOWN, titles_again)
