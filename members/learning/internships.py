"""A stay at another library: its mentor, the intern's weekly notes, the assessment at the end."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Internship, InternshipNote, Registration
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


def weeks_of(stay: Internship) -> list[date]:
    """The Mondays of the stay's weeks that have begun."""
    monday = stay.starts_on - timedelta(days=stay.starts_on.weekday())
    last = min(stay.ends_on, timezone.localdate())
    weeks = []
    while monday <= last:
        weeks.append(monday)
        monday += timedelta(days=7)
    return weeks


@transaction.atomic
def mentor_set(*, registration: Registration, mentor: str, actor: Actor) -> Internship:
    """The host names who looks after the intern."""
    stay = _agreed(registration)
    stay.mentor = mentor.strip()[:150]
    stay.save(update_fields=["mentor"])
    audit.record("members.learning.mentor", actor=actor, target=registration.programme)
    return stay


@transaction.atomic
def note_write(*, registration: Registration, week: date, text: str, actor: Actor) -> InternshipNote:
    """The intern's note of a week, which can be written again until the assessment. RuleViolation `not_a_week`."""
    stay = _agreed(registration)
    if week not in weeks_of(stay):
        raise RuleViolation("not_a_week", _("Choose a week of your internship that has begun."))
    note, _new = InternshipNote.objects.update_or_create(
        internship=stay, week=week, defaults={"text": text.strip(), "written_at": timezone.now()}
    )
    audit.record("members.learning.note", actor=actor, target=registration.programme,
                 data={"week": week.isoformat()})  # fmt: skip
    return note


@transaction.atomic
def internship_assess(
    *, registration: Registration, text: str, reached: bool, hours: int, actor: Actor
) -> Internship:
    """The host's last word, once the stay is over. RuleViolation `stay_not_over`; Conflict `assessed`."""
    stay = _agreed(registration)
    if stay.ends_on > timezone.localdate():
        raise RuleViolation("stay_not_over", _("The internship is not over yet."))
    stay.assessment, stay.reached, stay.hours = text.strip(), reached, hours
    stay.assessed_at, stay.assessed_by = timezone.now(), actor.user_name[:150]
    stay.save()
    audit.record("members.learning.assessed", actor=actor, target=registration.programme,
                 data={"registration_id": registration.pk})  # fmt: skip
    return stay


def _agreed(registration: Registration) -> Internship:
    """The stay, locked, of a person whom both libraries agreed to and who is not assessed yet."""
    stay = Internship.objects.select_for_update().select_related(None).get(registration_id=registration.pk)
    if not registration.has_place:
        raise Conflict("not_agreed", _("Both libraries have to agree first."))
    if stay.assessed_at is not None:
        raise Conflict("assessed", _("The internship was assessed already; nothing is changed after that."))
    return stay
