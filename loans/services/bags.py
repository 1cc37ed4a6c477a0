"""Packing a courier's bag: opened for one library, filled by scanning, closed, sent with all that lies in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.models import CourierBag, SupplyAttempt
from loans.selectors.bags import Parcel, contents, leaving_attempts, parcel_of
from loans.workflow.deadlines import due_default
from loans.workflow.engine import transition
from members.models import Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@dataclass
class Sent:
    """What became of each book when its bag went: number and, where it stayed, why."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def bag_open(*, to_library: Library, actor: Actor) -> CourierBag:
    """The open bag to a library, or a new one. Raises RuleViolation (own_library) for one's own."""
    sender = Library.objects.select_for_update(no_key=True).get(pk=actor.library_id or 0)
    if sender.pk == to_library.pk:
        raise RuleViolation("own_library", _("A bag goes to another library."))
    found = CourierBag.objects.filter(from_library=sender, to_library=to_library, closed_at=None).first()
    if found is not None:
        return found
    bag = CourierBag.objects.create(from_library=sender, to_library=to_library, code="")
    bag.code = f"{sender.short_code}-{to_library.short_code}-{bag.pk}"[:40]
    bag.save(update_fields=["code"])
    audit.record("loans.bag.opened", actor=actor, target=bag, data={"to": to_library.name})
    return bag


@transaction.atomic
def bag_add(*, bag: CourierBag, code: str, actor: Actor) -> SupplyAttempt:
    """Put the book of a request's number, or of a copy's barcode, into the bag.

    Raises RuleViolation: bag_closed, not_leaving (nothing with this number is about to leave), elsewhere (it goes to
    another library; extra: to).
    """
    _check_open(bag)
    found = leaving_attempts(actor, [code.strip()])
    parcels = [parcel for one in found if (parcel := parcel_of(one, actor))]
    here = [parcel for parcel in parcels if parcel.to.pk == bag.to_library_id]
    if not here:
        raise _not_here(parcels, code)
    attempt = here[0].attempt
    if attempt.bag_id != bag.pk:
        attempt.bag = bag
        attempt.save(update_fields=["bag"])
    return attempt


@transaction.atomic
def bag_take_out(*, bag: CourierBag, number: str) -> None:
    """Take one book out again, as long as the bag is open. Raises RuleViolation (bag_closed)."""
    _check_open(bag)
    bag.attempts.filter(request__number=number).update(bag=None)


@transaction.atomic
def bag_close(*, bag: CourierBag, actor: Actor) -> None:
    """Nothing more goes in. Raises RuleViolation: bag_closed, empty."""
    _check_open(bag)
    if not bag.attempts.exists():
        raise RuleViolation("empty", _("There is no book in this bag yet."))
    bag.closed_at = timezone.now()
    bag.save(update_fields=["closed_at"])
    audit.record("loans.bag.closed", actor=actor, target=bag, data={"books": bag.attempts.count()})


def bag_ship(*, bag: CourierBag, tracking: str, actor: Actor) -> Sent:
    """Send the bag: each book takes its own step (sent, or sent back), and one that cannot go is taken out and told.

    Raises RuleViolation: empty, already_sent. A bag is sent once, whoever presses first.
    """
    _claim(bag, tracking)
    sent = Sent()
    for attempt in contents(bag):
        parcel, number = parcel_of(attempt, actor), attempt.request.number
        if parcel is None:
            SupplyAttempt.objects.filter(pk=attempt.pk, bag=bag).update(bag=None)
            sent.refused.append((number, _("It is not waiting to be sent any more.")))
            continue
        try:
            transition(attempt.request, _step(parcel), actor, **_params(parcel, bag.tracking))
        except RuleViolation as rule:
            SupplyAttempt.objects.filter(pk=attempt.pk, bag=bag).update(bag=None)
            sent.refused.append((number, str(rule)))
        else:
            sent.done.append(number)
    audit.record(
        "loans.bag.sent", actor=actor, target=bag,
        data={"to": bag.to_library.name, "books": len(sent.done), "tracking": bag.tracking},
    )  # fmt: skip
    return sent


@transaction.atomic
def _claim(bag: CourierBag, tracking: str) -> None:
    locked = CourierBag.objects.select_for_update().get(pk=bag.pk)
    if locked.shipped_at is not None:
        raise RuleViolation("already_sent", _("This bag has been sent already."))
    if not locked.attempts.exists():
        raise RuleViolation("empty", _("There is no book in this bag yet."))
    bag.closed_at = locked.closed_at or timezone.now()
    bag.shipped_at, bag.tracking = timezone.now(), tracking.strip()[:100]
    bag.save(update_fields=["closed_at", "shipped_at", "tracking"])


def _step(parcel: Parcel) -> str:
    return "send_back" if parcel.going_back else "ship"


def _params(parcel: Parcel, tracking: str) -> dict[str, Any]:
    if parcel.going_back:
        return {"tracking": tracking}
    attempt = parcel.attempt
    return {"due_on": due_default(attempt), "tracking": tracking, "barcode": attempt.barcode}


def _check_open(bag: CourierBag) -> None:
    if CourierBag.objects.select_for_update().get(pk=bag.pk).closed_at is not None:
        raise RuleViolation("bag_closed", _("This bag is closed; open another one."))


def _not_here(parcels: list[Parcel], code: str) -> RuleViolation:
    if parcels:
        told = _("%(number)s goes to %(library)s, not into this bag.")
        names = {"number": parcels[0].attempt.request.number, "library": parcels[0].to.name}
        return RuleViolation("elsewhere", told % names, to=parcels[0].to.pk)
    return RuleViolation(
        "not_leaving",
        _("Nothing with “%(code)s” is waiting to be sent by your library.") % {"code": code[:60]},
    )
