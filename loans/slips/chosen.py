"""Which copies a library may print slips for: those it lends or borrows, one attempt per request."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import Http404

from loans.choices import AttemptStatus, PrintKind
from loans.models import SupplyAttempt
from loans.selectors.bags import bags_seen_by, contents
from loans.selectors.queues import TO_FETCH
from members.permissions import Capability
from network_portal.core.actor import Actor

MOST = 200  # slips at once; a page or a PDF of more would be slow to draw and nobody's morning
NEVER_SENT = (AttemptStatus.REFUSED, AttemptStatus.EXPIRED, AttemptStatus.WITHDRAWN)


def attempts_to_print(actor: Actor, kind: PrintKind, numbers: Sequence[str]) -> list[SupplyAttempt]:
    """The attempts of the requests named. Without any: what is to be fetched from the shelf now.

    Raises Http404 for a number that is not the library's, and leaves out what was never sent.
    """
    rows = _mine(actor, kind).select_related("supplier", "request__requesting_library")
    if numbers:
        rows = rows.filter(request__number__in=list(numbers)[:MOST])
        found = list(rows.order_by("request_id", "round", "position"))
        if {row.request.number for row in found} != set(list(numbers)[:MOST]):
            raise Http404
        latest = {row.request_id: row for row in found}
        return [row for row in latest.values() if row.status not in NEVER_SENT]
    if kind is not PrintKind.PULL:
        return []
    return list(rows.filter(status__in=TO_FETCH).order_by("deadline_at", "id")[:MOST])


def attempts_of_bag(actor: Actor, pk: int) -> list[SupplyAttempt]:
    """What lies in a bag that the library sends, or that is on its way to it. Raises Http404 for another's."""
    bag = bags_seen_by(actor).filter(pk=pk).first()
    if bag is None:
        raise Http404
    return contents(bag)


def _mine(actor: Actor, kind: PrintKind) -> QuerySet[SupplyAttempt]:
    """A pull slip is the lender's alone; the others travel with the book and serve both."""
    sides = Q(supplier_id=actor.library_id) if actor.can(Capability.SUPPLY_MANAGE) else Q(pk=None)
    if kind is not PrintKind.PULL and actor.can(Capability.REQUEST_MANAGE):
        sides |= Q(request__requesting_library_id=actor.library_id)
    return SupplyAttempt.objects.filter(sides)
