"""What routing does at steps of the workflow: give and take are counted, the ring's token is kept. See loans.rooms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from loans.choices import AskMode, AttemptStatus
from loans.models import RingToken
from loans.routing.stats import note_supplied
from loans.routing.token import StaleEpoch, Token
from loans.services.digests import notices_leave
from loans.workflow.mails import Held
from loans.workflow.vocabulary import Side
from network_portal.core.errors import Conflict

if TYPE_CHECKING:
    from loans.workflow.taking import Taking

# A loan counts when it is on its way, a copy when it has been handed in; the nightly rebuild mends what was undone.
COUNTED = ("ship", "upload_done")
TAKEN = ("claim", "award")
OUTBID = "loan_outbid"
LEASE = timedelta(hours=24)  # where the holder has no deadline of its own


def count_supplied(taking: Taking) -> None:
    """After a step: one more unit from the supplying to the requesting library."""
    attempt, request = taking.attempt, taking.request
    if taking.step.action in COUNTED and attempt is not None:
        note_supplied(attempt.supplier_id, request.requesting_library_id, request.service, request.network)


def keep_token(taking: Taking) -> None:
    """After a step in a ring: the token is with whoever is asked now, with the request's epoch; else it is gone."""
    request, attempt = taking.request, taking.attempt
    if attempt is None or attempt.mode != AskMode.RING:
        return  # nobody holds a token
    if taking.step.action == "ask_supplier":
        if request.network_id is None:
            return
        RingToken.objects.update_or_create(
            request=request,
            defaults={
                "network_id": request.network_id,
                "position": attempt.position,
                "epoch": request.epoch,
                "holder_id": attempt.supplier_id,
                "lease_until": attempt.deadline_at or taking.now + LEASE,
            },
        )
    elif request.status != "asked":
        RingToken.objects.filter(request=request).delete()


def tell_outbid(taking: Taking) -> None:
    """After a broadcast request was taken: everyone else to whom it was shown is told, in the next mail of its desk."""
    if taking.step.action not in TAKEN:
        return
    others = taking.request.attempts.filter(status=AttemptStatus.OUTBID, closed_at=taking.now)
    told = (attempt.supplier for attempt in others.select_related("supplier"))
    notices_leave(Held(OUTBID, library, taking.request) for library in told)


def hold_token(taking: Taking) -> None:
    """Before a step: in a ring only who holds the token answers, and only with the epoch it was handed over with.

    An answer may carry its epoch (`epoch` among the parameters). Raises Conflict `old_epoch`.
    """
    attempt = taking.attempt
    if attempt is None or attempt.mode != AskMode.RING or taking.request.status != "asked":
        return
    if taking.step.side is not Side.SUPPLYING or taking.actor.is_system:
        return
    row = RingToken.objects.filter(request=taking.request).first()
    # A token that got lost is made anew from the attempt (services.rings); until then the attempt itself counts.
    held = Token(
        row.holder_id if row else attempt.supplier_id,
        0,
        row.epoch if row else taking.request.epoch,
        taking.now,
        0,
    )
    try:
        held.accepts(attempt.supplier_id, int(taking.params.get("epoch") or attempt.epoch))
    except StaleEpoch as stale:
        raise Conflict(
            "old_epoch", _("The request has gone on round the ring in the meantime. Nothing was changed.")
        ) from stale


AFTER = (count_supplied, keep_token, tell_outbid)
