"""Which copies a library may print slips for: those it lends or borrows, one attempt per request."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import Http404

from loans.choices import AttemptStatus, PrintKind
from loans.models import Request, SupplyAttempt
from loans.selectors.bags import bags_seen_by, contents
from loans.selectors.queues import TO_FETCH
from loans.selectors.requests import at_own_desk
from loans.services.addressing import forwards
from members.permissions import Capability
from network_portal.core.actor import Actor

MOST = 200  # slips at once; a page or a PDF of more would be slow to draw and nobody's morning
ON_ITS_WAY = (AttemptStatus.SHIPPED, AttemptStatus.SENT_BACK)
NEVER_SENT = (AttemptStatus.REFUSED, AttemptStatus.EXPIRED, AttemptStatus.WITHDRAWN)


def attempts_to_print(actor: Actor, kind: PrintKind, numbers: Sequence[str]) -> list[SupplyAttempt]:
    """The attempts of the requests named. Without any: what is to be fetched from the shelf now.

    Raises Http404 for a number that is not the library's, and leaves out what was never sent.
    """
    rows = _mine(actor, kind).select_related(
        "supplier", "request__requesting_library", "request__pickup_point", "request__network"
    )
    if numbers:
        rows = rows.filter(request__number__in=list(numbers)[:MOST])
        found = list(rows.order_by("request_id", "round", "position"))
        if {row.request.number for row in found} != set(list(numbers)[:MOST]):
            raise Http404
        latest = {row.request_id: row for row in found}
        return [row for row in latest.values() if row.status not in NEVER_SENT and _handles(row, actor)]
    if kind is not PrintKind.PULL:
        return []
    return list(rows.filter(status__in=TO_FETCH).order_by("deadline_at", "id")[:MOST])


def attempts_of_bag(actor: Actor, pk: int) -> list[SupplyAttempt]:
    """What lies in a bag that the library sends, or that is on its way to it. Raises Http404 for another's."""
    bag = bags_seen_by(actor).filter(pk=pk).first()
    if bag is None:
        raise Http404
    return contents(bag)


def _handles(row: SupplyAttempt, actor: Actor) -> bool:
    """One of the two ends, or a coordinator through whose hands the parcel goes."""
    ends = (row.supplier_id, row.request.requesting_library_id)
    return actor.library_id in ends or forwards(row.request, row, actor.library_id)


def _mine(actor: Actor, kind: PrintKind) -> QuerySet[SupplyAttempt]:
    """A pull slip is the lender's alone; the others travel with the book and serve both ends and who sends it on."""
    sides = Q(supplier_id=actor.library_id) if actor.can(Capability.SUPPLY_MANAGE) else Q(pk=None)
    if kind is not PrintKind.PULL and actor.can(Capability.REQUEST_MANAGE):
        sides |= Q(request__requesting_library_id=actor.library_id)
    if kind in (PrintKind.STRAP, PrintKind.LABEL) and actor.can(Capability.NETWORK_DESK):
        passing = Request.objects.filter(at_own_desk(actor))
        sides |= Q(status__in=ON_ITS_WAY, request__in=passing.values("pk"))
    return SupplyAttempt.objects.filter(sides)
