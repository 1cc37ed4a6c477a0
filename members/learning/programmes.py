"""Proposing and changing programmes, and taking their steps. One transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices_learning import LIVE_REGISTRATIONS, ProgrammeStatus, RegistrationStatus
from members.learning import letters, selectors
from members.learning.places import places_fill, programme_locked
from members.learning.workflow import BY_ACTION, NETWORK
from members.models import LearningRule, Library, Network, Programme, ProgrammeSession, Registration
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

# What people who registered must hear about.
TOLD = ("title", "place", "online_url", "time_zone")


@dataclass(frozen=True)
class Meeting:
    """A session as a form gives it; `pk` of one that is there already."""

    starts_at: datetime
    ends_at: datetime
    topic: str = ""
    pk: int | None = None


@transaction.atomic
def programme_propose(
    *, host: Library, actor: Actor, meetings: Sequence[Meeting], libraries: Sequence[Library] = (),
    networks: Sequence[Network] = (), **values: Any,
) -> Programme:  # fmt: skip
    """A new programme of the host; open at once where a network of the host says so, else a coordinator looks first.

    Raises RuleViolation `no_sessions` for anything but an internship without a session, `nowhere` without a place.
    """
    require(actor, Capability.LEARNING_HOST)
    row = Programme(host=host, proposed_by_id=actor.user_id, changed_at=timezone.now(), **values)
    _check(row, meetings)
    row.status = ProgrammeStatus.OPEN if selectors.opens_at_once(host) else ProgrammeStatus.PROPOSED
    row.save()
    row.libraries.set(libraries)
    row.networks.set(networks)
    _meetings_set(row, meetings)
    audit.record("members.learning.proposed", actor=actor, target=row)
    return row


@transaction.atomic
def programme_change(
    *, programme: Programme, actor: Actor, meetings: Sequence[Meeting], libraries: Sequence[Library] = (),
    networks: Sequence[Network] = (), **values: Any,
) -> Programme:  # fmt: skip
    """Change it; who registered hears of another day, place or title, and new places are filled from the list.

    Raises Conflict `programme_over` once it is done or cancelled; RuleViolation `session_attended`, `places_taken`.
    """
    row = programme_locked(programme)
    if row.status in (ProgrammeStatus.DONE, ProgrammeStatus.CANCELLED):
        raise Conflict("programme_over", _("This programme is over. Nothing was changed."))
    before = [getattr(row, name) for name in TOLD]
    for name, value in values.items():
        setattr(row, name, value)
    _check(row, meetings)
    _check_places(row)
    row.changed_at, row.sequence = timezone.now(), row.sequence + 1
    row.save()
    row.libraries.set(libraries)
    row.networks.set(networks)
    moved = _meetings_set(row, meetings)
    audit.record("members.learning.changed", actor=actor, target=row)
    if row.is_open and (moved or before != [getattr(row, name) for name in TOLD]):
        letters.changed(row, _live(row), actor)
    places_fill(row, actor)
    return row


@transaction.atomic
def step_take(*, programme: Programme, action: str, actor: Actor, reason: str = "") -> Programme:
    """Take a step of the table. Conflict `not_now`; RuleViolation `reason_missing`, `not_over`."""
    step = BY_ACTION[action]
    require(actor, Capability.NETWORK_MANAGE if step.by == NETWORK else Capability.LEARNING_HOST,
            Capability.NETWORK_MANAGE)  # fmt: skip
    row = programme_locked(programme)
    if row.status == step.target:
        return row  # pressed twice
    if row.status not in step.sources:
        raise Conflict("not_now", _("A colleague was faster: this step is no longer possible."))
    if step.needs_reason and not reason.strip():
        raise RuleViolation("reason_missing", _("Please give the reason: others read it."))
    if action == "finish":
        _check_over(row)
    row.status, row.reason = step.target, reason.strip()[:1000]
    row.changed_at, row.sequence = timezone.now(), row.sequence + 1
    row.save(update_fields=["status", "reason", "changed_at", "sequence"])
    audit.record(f"members.learning.{action}", actor=actor, target=row)
    if step.told:
        letters.cancelled(row, _live(row), actor)
    if step.by == NETWORK:
        letters.decided(row, actor)
    if action == "finish":
        letters.asked_opinion([one for one in _live(row) if one.has_place], actor)
    return row


@transaction.atomic
def rule_set(
    *, actor: Actor, network: Network | None = None, library: Library | None = None, **values: bool
) -> LearningRule:
    """What a network (by its coordinator) or a library (by its manager) settled."""
    require(actor, Capability.NETWORK_MANAGE if network else Capability.LEARNING_AGREE)
    rule, _new = LearningRule.objects.update_or_create(network=network, library=library, defaults=values)
    audit.record("members.learning.rule_set", actor=actor, target=network or library, data=dict(values))
    return rule


def _live(programme: Programme) -> list[Registration]:
    return list(selectors.registrations_all().filter(programme=programme, status__in=LIVE_REGISTRATIONS))


def _check(row: Programme, meetings: Sequence[Meeting]) -> None:
    if not meetings and not row.is_internship:
        raise RuleViolation("no_sessions", _("Name at least one day with its hours."))
    if not row.place and not row.online_url:
        raise RuleViolation("nowhere", _("Say where it is: a place, an online address, or both."))


def _check_places(row: Programme) -> None:
    taken = Registration.objects.filter(programme=row, status=RegistrationStatus.REGISTERED).count()
    if row.places is not None and row.places < taken:
        raise RuleViolation("places_taken", _("More people have a place already than you would leave."))


def _check_over(row: Programme) -> None:
    if row.sessions.filter(ends_at__gt=timezone.now()).exists():
        raise RuleViolation("not_over", _("The last session is still to come."))


def _meetings_set(row: Programme, meetings: Sequence[Meeting]) -> bool:
    """Make the sessions what the form says; True when a day or an hour changed."""
    before = {one.pk: one for one in ProgrammeSession.objects.filter(programme=row)}
    kept = {meeting.pk for meeting in meetings if meeting.pk in before}
    gone = ProgrammeSession.objects.filter(programme=row).exclude(pk__in=kept)
    if gone.filter(attendances__isnull=False).exists():
        raise RuleViolation(
            "session_attended", _("People were at a session that you took out. It has to stay.")
        )
    moved = bool(before) and gone.exists()
    gone.delete()
    for meeting in meetings:
        old = before.get(meeting.pk or 0)
        new = old or ProgrammeSession(programme=row)
        moved |= bool(before) and (new.starts_at, new.ends_at) != (meeting.starts_at, meeting.ends_at)
        new.starts_at, new.ends_at, new.topic = meeting.starts_at, meeting.ends_at, meeting.topic
        new.save()
    return moved
