"""What is late: open requests past their deadline, with whom they are, since when."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from loans.choices import LIVE_ATTEMPTS, OPEN_STATUSES
from loans.models import Request, RequestFlag, SupplyAttempt
from loans.selectors.requests import last_attempts
from members.permissions import Capability
from network_portal.core.actor import Actor


def stuck_requests(actor: Actor) -> QuerySet[Request]:
    """Everything late that the actor may see, the longest wait first: the coordinator all of it, a library what it
    asked for, has to do, or has lent."""
    late = Request.objects.filter(status__in=OPEN_STATUSES, deadline_at__lt=timezone.now())
    if not (actor.is_system or actor.can(Capability.NETWORK_REQUESTS)):
        lends = SupplyAttempt.objects.filter(supplier_id=actor.library_id, status__in=LIVE_ATTEMPTS)
        late = late.filter(
            Q(requesting_library_id=actor.library_id)
            | Q(owner_library_id=actor.library_id)
            | Q(pk__in=lends.values("request_id"))
        )
    return (
        late.select_related("requesting_library", "owner_library", "network")
        .prefetch_related(last_attempts())
        .order_by("deadline_at", "id")
    )


def stuck_by_side(late: QuerySet[Request]) -> dict[str, int]:
    """How many are late with whom, in one query."""
    rows = late.order_by().values_list("owner_side").annotate(n=Count("pk"))
    return dict(rows)


def due_flags(request_ids: list[int]) -> dict[int, str]:
    """The flag of each request that is past its day, where one is: then that is what it waits for."""
    rows = RequestFlag.objects.filter(
        request_id__in=request_ids, cleared_at=None, deadline_at__lt=timezone.now()
    ).order_by("-deadline_at")
    return dict(rows.values_list("request_id", "kind"))
