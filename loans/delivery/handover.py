"""Making and ending a delivery. Below the workflow: its steps call this, so nothing here takes a step."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from loans.choices import DeliveryState
from loans.delivery.links import token_for, token_hash
from loans.delivery.upload import files_purge
from loans.models import Delivery, Request, ScanFile, SupplyAttempt
from loans.netsettings import LINK_DAYS, LINK_VIEWS
from network_portal.core.actor import Actor


def deliver(attempt: SupplyAttempt, actor: Actor) -> Delivery:
    """Make the link for a released copy; a second release lengthens its days. The views stay counted; who has used
    them up gets as many again, and declares again for each."""
    now = timezone.now()
    until = now + timedelta(days=LINK_DAYS.now())
    values = {"state": DeliveryState.AVAILABLE, "expires_at": until, "purge_at": until, "released_at": now,
              "released_by_name": actor.user_name[:200]}  # fmt: skip
    delivery, _new = Delivery.objects.update_or_create(
        attempt=attempt,
        defaults=values,
        create_defaults={
            **values, "request_id": attempt.request_id, "token_hash": token_hash(token_for(attempt.pk)),
            "max_views": LINK_VIEWS.now(),
            "cover": ScanFile.objects.filter(attempt=attempt).filter(Q(is_cover=True) | Q(is_bound=True)).first(),
        },
    )  # fmt: skip
    Delivery.objects.filter(pk=delivery.pk, views__gte=F("max_views")).update(
        max_views=F("views") + LINK_VIEWS.now()
    )
    return delivery


def copy_purge(request: Request) -> None:
    """All bytes of a request's copies go with this transaction's commit; digests, decisions and declarations stay."""
    attempts = SupplyAttempt.objects.filter(request=request)
    files_purge(list(ScanFile.objects.filter(attempt__in=attempts, purged_at=None)))
    Delivery.objects.filter(request=request, purged_at=None).update(
        purged_at=timezone.now(), state=DeliveryState.PURGED
    )
