"""Who was there: marked by the host for a session, as a whole list."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices_learning import RegistrationStatus
from members.learning import selectors
from members.models import Attendance, Programme, ProgrammeSession, Registration
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


@transaction.atomic
def attendance_mark(*, session: ProgrammeSession, present: Collection[int], actor: Actor) -> int:
    """Exactly these registrations were there (ids of people without a place are ignored); returns how many.

    Raises RuleViolation `not_begun` before the session's day; Conflict `programme_cancelled`.
    """
    programme = Programme.objects.select_for_update().get(pk=session.programme_id)
    if programme.is_cancelled:
        raise Conflict("programme_cancelled", _("This programme was cancelled. Nothing was changed."))
    if session.starts_at > timezone.now():
        raise RuleViolation("not_begun", _("This session has not begun: nobody can have been there."))
    placed = Registration.objects.filter(programme=programme, status=RegistrationStatus.REGISTERED)
    now = set(placed.filter(pk__in=present).values_list("pk", flat=True))
    before = selectors.present_ids(session)
    Attendance.objects.filter(session=session, registration__in=before - now).delete()
    Attendance.objects.bulk_create(Attendance(session=session, registration_id=pk) for pk in now - before)
    if now != before:
        audit.record("members.learning.attendance", actor=actor, target=programme,
                     data={"session_id": session.pk, "present": len(now)})  # fmt: skip
    return len(now)
