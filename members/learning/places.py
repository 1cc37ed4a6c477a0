"""Who gets a place: registering, agreement of both libraries, the waiting list that moves up by itself.

Everything that gives or frees a place first locks the programme's row, so that one place is given once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices import Role
from members.choices_learning import RegistrationStatus as S
from members.learning import letters, selectors
from members.models import Internship, Programme, Registration
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


def why_not(programme: Programme, actor: Actor) -> tuple[str, Any] | None:
    """The code and sentence of what keeps a person from registering; None when nothing does."""
    if not programme.is_open:
        return "not_open", _("Registration is not open.")
    if actor.user_id is None or actor.library_id is None:
        return "no_library", _("Log in as a member of a library to register.")
    last = selectors.last_day(programme)
    if last is not None and last < timezone.localdate():
        return "too_late", _("The last day to register has passed.")
    if programme.roles and actor.role not in programme.roles:
        return "not_for_role", _("This programme is for: %(roles)s.") % {"roles": programme.role_labels}
    chosen = set(programme.libraries.values_list("pk", flat=True))
    if chosen and actor.library_id not in chosen:
        return "not_for_library", _("This programme is for the people of certain libraries.")
    if programme.networks.exists() and not selectors.is_of_network(actor.library_id, programme):
        return "not_for_network", _("This programme is for the libraries of certain networks.")
    return None


@transaction.atomic
def registration_ask(
    *, programme: Programme, actor: Actor, words: str = "", starts_on: date | None = None,
    ends_on: date | None = None, goals: str = "",
) -> Registration:  # fmt: skip
    """Take a place or stand in line. Where the sending library or an internship's host must agree, that comes first.

    Raises RuleViolation with the codes of `why_not`, `registered_already`, `stay_missing` (internships).
    """
    row = programme_locked(programme)
    refusal = why_not(row, actor)
    if refusal:
        raise RuleViolation(*refusal)
    if row.is_internship and not (starts_on and ends_on and goals.strip() and starts_on <= ends_on):
        raise RuleViolation(
            "stay_missing", _("Say from when to when you would come, and what you want to learn.")
        )
    own_house = row.host_id == actor.library_id
    needs_sender = not own_house and (
        row.ask_sender or row.is_internship or selectors.library_asks(actor.library_id)
    )
    try:
        with transaction.atomic():
            mine = Registration.objects.create(
                programme=row, user_id=actor.user_id, library_id=actor.library_id or 0, role=actor.role or Role.PATRON,
                status=S.ASKED, queued_at=timezone.now(), words=words.strip(), needs_sender=needs_sender,
                needs_host=row.is_internship,
            )  # fmt: skip
    except IntegrityError as error:
        raise RuleViolation("registered_already", _("You are registered already.")) from error
    if row.is_internship and starts_on and ends_on:
        Internship.objects.create(
            registration=mine, starts_on=starts_on, ends_on=ends_on, goals=goals.strip()
        )
    audit.record("members.learning.registered", actor=actor, target=row, data={"registration_id": mine.pk})
    if needs_sender:
        letters.sender_asked(mine, selectors.managers_of(mine.library), actor)
    _place_if_agreed(row, mine, actor)
    return mine


@transaction.atomic
def registration_agree(*, registration: Registration, side: str, actor: Actor) -> Registration:
    """The sending library (`sender`) or the host says yes; with the last yes comes the place, or the waiting list."""
    row, mine = _both_locked(registration)
    if not mine.is_asked:
        raise Conflict("decided", _("This was decided already. Nothing was changed."))
    if getattr(mine, f"{side}_agreed_at") is None:
        setattr(mine, f"{side}_agreed_at", timezone.now())
        setattr(mine, f"{side}_agreed_by", actor.user_name[:150])
        mine.save(update_fields=[f"{side}_agreed_at", f"{side}_agreed_by"])
        audit.record("members.learning.agreed", actor=actor, target=row, data={"registration_id": mine.pk})
    _place_if_agreed(row, mine, actor)
    return mine


@transaction.atomic
def registration_refuse(*, registration: Registration, actor: Actor, reason: str) -> Registration:
    """A library says no, or the host takes a place back; the person reads why. RuleViolation `reason_missing`."""
    if not reason.strip():
        raise RuleViolation("reason_missing", _("Please give the reason: others read it."))
    row, mine = _both_locked(registration)
    if not mine.is_live:
        raise Conflict("decided", _("This was decided already. Nothing was changed."))
    mine.status, mine.reason = S.REFUSED, reason.strip()[:500]
    mine.save(update_fields=["status", "reason"])
    audit.record("members.learning.registration_refused", actor=actor, target=row,
                 data={"registration_id": mine.pk})  # fmt: skip
    letters.refused(mine, actor)
    places_fill(row, actor)
    return mine


@transaction.atomic
def registration_withdraw(*, registration: Registration, actor: Actor) -> Registration:
    """Give the place back; who waits longest gets it. Conflict `attended` once one was there."""
    row, mine = _both_locked(registration)
    if not mine.is_live:
        return mine  # pressed twice
    if mine.attendances.exists():
        raise Conflict("attended", _("You took part already, so you cannot withdraw any more."))
    mine.status = S.WITHDRAWN
    mine.save(update_fields=["status"])
    audit.record("members.learning.withdrawn", actor=actor, target=row, data={"registration_id": mine.pk})
    places_fill(row, actor)
    return mine


def places_fill(programme: Programme, actor: Actor) -> int:
    """Give free places to who waits longest, with a letter each; returns how many. The caller holds the lock."""
    if not programme.is_open or _has_begun(programme):
        return 0
    waiting = selectors.registrations_all().filter(programme=programme, status=S.WAITING)
    free = _free(programme)
    moving = list(waiting.order_by("queued_at", "pk")[:free] if free is not None else waiting)
    for one in moving:
        one.status = S.REGISTERED
        one.save(update_fields=["status"])
        audit.record("members.learning.moved_up", actor=Actor.system(), target=programme,
                     data={"registration_id": one.pk})  # fmt: skip
        letters.placed(one, actor, moved_up=True)
    return len(moving)


def _place_if_agreed(programme: Programme, mine: Registration, actor: Actor) -> None:
    if mine.waits_for_sender or mine.waits_for_host:
        return
    free = _free(programme)
    has_place = free is None or free > 0
    mine.status = S.REGISTERED if has_place else S.WAITING
    mine.queued_at = timezone.now()
    mine.save(update_fields=["status", "queued_at"])
    (letters.placed if has_place else letters.queued)(mine, actor)


def _free(programme: Programme) -> int | None:
    """Places left; None without a limit."""
    if programme.places is None:
        return None
    taken = Registration.objects.filter(programme=programme, status=S.REGISTERED).count()
    return max(0, programme.places - taken)


def _has_begun(programme: Programme) -> bool:
    first = programme.sessions.order_by("starts_at").first()
    return first is not None and first.starts_at <= timezone.now()


def programme_locked(programme: Programme) -> Programme:
    """The row as it is now; whoever comes next waits until this transaction ends."""
    return Programme.objects.select_for_update(of=("self",)).select_related("host").get(pk=programme.pk)


def _both_locked(registration: Registration) -> tuple[Programme, Registration]:
    """Always the programme first, so that nobody waits for each other."""
    row = programme_locked(registration.programme)
    mine = Registration.objects.select_for_update().get(pk=registration.pk)
    mine.programme = row
    return row, mine
