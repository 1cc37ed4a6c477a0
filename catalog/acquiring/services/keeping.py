"""Promises to keep: a library says that it will not weed its copy, which every weeding check then respects."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.acquiring.choices import LineState
from catalog.models import Edition, Holding, KeepPromise, OfferLine
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def keep_promise(*, edition: Edition, until: date | None, note: str, actor: Actor) -> KeepPromise:
    """One promise a library and edition; said again, its day changes. RuleViolation: not_held, past, offered."""
    require(actor, Capability.ACQUIRE)
    if until is not None and until < timezone.localdate():
        raise RuleViolation("past", _("This day is over."))
    if not Holding.objects.filter(edition=edition, library_id=actor.library_id or 0).exists():
        raise RuleViolation("not_held", _("Your library has no copy of it in the catalogue."))
    if OfferLine.objects.filter(
        edition=edition, state=LineState.OPEN, offer__library_id=actor.library_id or 0
    ).exists():
        raise RuleViolation(
            "offered", _("Your library has offered it to the network. Decide there to keep it.")
        )
    return promise_write(edition=edition, until=until, note=note, actor=actor)


@transaction.atomic
def promise_write(*, edition: Edition, until: date | None, note: str, actor: Actor) -> KeepPromise:
    """Without asking whether it may be: for keep_promise, and for offers that end with keeping."""
    live = KeepPromise.objects.select_for_update().filter(
        edition=edition, library_id=actor.library_id or 0, ended_at=None
    )
    row = live.first()
    if row is None:
        row = KeepPromise(edition=edition, library_id=actor.library_id or 0, until=until, note=note[:500])
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # the same click came a moment before
            return live.get()
    elif (row.until, row.note) == (until, note[:500]):
        return row
    else:
        row.until, row.note = until, note[:500]
        row.save(update_fields=["until", "note"])
    audit.record(
        "catalog.keep.promised",
        actor=actor,
        target=edition,
        data={"until": until.isoformat() if until else "–"},
    )
    return row


@transaction.atomic
def promise_end(*, promise: KeepPromise, actor: Actor) -> None:
    """Ending it twice is ending it once."""
    require(actor, Capability.ACQUIRE)
    ended = KeepPromise.objects.filter(pk=promise.pk, ended_at=None).update(ended_at=timezone.now())
    if ended:
        audit.record("catalog.keep.ended", actor=actor, target=promise.edition)


def promises_live() -> Q:
    """Those that hold today."""
    return Q(ended_at=None) & (Q(until=None) | Q(until__gte=timezone.localdate()))
