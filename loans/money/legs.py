"""Through whose hands an amount goes where two libraries may not learn of each other."""

from __future__ import annotations

from loans.models import Request, SupplyAttempt
from loans.services.addressing import veiled
from members.models import Library

Leg = tuple["Library | None", Library]  # who owes (None: the reader), and whom


def legs_between(
    request: Request, attempt: SupplyAttempt | None, payer: Library | None, payee: Library
) -> list[Leg]:
    """Each pair that stands next to each other on the way of words, the payee's own first; one pair where none veils.

    So the account of an opaque hub is balanced by itself, and no ledger names the other end.
    """
    way = veiled(request, attempt) if attempt is not None and payer is not None else []
    places = {library.pk: place for place, library in enumerate(way)}
    if payer is None or payer.pk not in places or payee.pk not in places or payer.pk == payee.pk:
        return [(payer, payee)]
    start, end = places[payee.pk], places[payer.pk]
    step = 1 if end > start else -1
    return [(way[place + step], way[place]) for place in range(start, end, step)]
