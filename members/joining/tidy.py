"""Applications that do not go on: taken back by the library, reminded of once, forgotten in time. Personal data go.

Days: after REMIND_DAYS without an answer one reminder with a new link goes out, after
FORGET_DAYS the unconfirmed application is deleted, and one that was withdrawn after WITHDRAWN_DAYS; so are the
mails about it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices_joining import ApplicationStatus
from members.joining import letters
from members.models import JoinApplication
from members.netsettings import FORGET_DAYS, WITHDRAWN_DAYS
from members.selectors.joining import applications_stale
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict
from network_portal.core.models import OutgoingMail

REMIND_DAYS = 5


@transaction.atomic
def application_withdraw(*, application: JoinApplication, actor: Actor) -> JoinApplication:
    """The library takes its application back. Pressed again: nothing happens; Conflict `decided` after a decision."""
    row = JoinApplication.objects.select_for_update().get(pk=application.pk)
    if row.status == ApplicationStatus.WITHDRAWN:
        return row
    if not row.is_open:
        raise Conflict("decided", _("The application was decided meanwhile. Nothing was changed."))
    row.status, row.decided_at = ApplicationStatus.WITHDRAWN, timezone.now()
    row.save(update_fields=["status", "decided_at"])
    audit.record("members.join.withdrawn", actor=actor, target=row)
    letters.withdrawn(row, actor)
    return row


@transaction.atomic
def applications_forget(*, now: datetime, actor: Actor) -> int:
    """Delete what nobody confirmed or what was withdrawn, with its mails; returns how many."""
    rows = applications_stale(ApplicationStatus.UNCONFIRMED, now - timedelta(days=FORGET_DAYS.now()))
    gone = list(rows) + list(
        applications_stale(ApplicationStatus.WITHDRAWN, now - timedelta(days=WITHDRAWN_DAYS.now()))
    )
    for row in gone:
        OutgoingMail.objects.filter(target_type=row._meta.label_lower, target_id=str(row.pk)).delete()
        audit.record("members.join.forgotten", actor=actor, data={"state": row.status})
        row.delete()
    return len(gone)


def applications_remind(*, now: datetime, actor: Actor) -> int:
    """One reminder, with a fresh link, to whoever has not confirmed the address; returns how many were queued."""
    waiting = applications_stale(ApplicationStatus.UNCONFIRMED, now - timedelta(days=REMIND_DAYS))
    return sum(letters.confirmation_missed(row, actor) for row in waiting)
