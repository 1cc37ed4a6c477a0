"""Mails to readers whom an import brought: some each minute, so that a school's 5,000 do not stop everybody's mail."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from members.choices_people import RowOutcome
from members.invitations import invitation_path
from members.models import PatronImport
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue

PORTION = 60  # a minute


@transaction.atomic
def invite_some(source: PatronImport) -> int:
    """Queue the next mails; 0 when everybody has one. Who came by themselves meanwhile gets none."""
    row = PatronImport.objects.select_for_update(of=("self",)).select_related("library").get(pk=source.pk)
    if not row.invite:
        return 0
    waiting = row.rows.filter(outcome=RowOutcome.CREATED, invited_at=None).select_related(
        "user", "membership"
    )
    rows = list(waiting.order_by("position")[:PORTION])
    for one in rows:
        if one.user is not None and one.membership is not None and one.user.is_invited:
            mail_queue(
                template="members_reader_invited", to=one.user, actor=Actor.system(), library_id=row.library_id,
                target=one.membership, sensitive=True, dedupe_key=f"import:{row.pk}:{one.pk}",
                context={
                    "library": row.library, "membership": one.membership,
                    "url": settings.PORTAL_URL + invitation_path(one.user),
                },
            )  # fmt: skip
        one.invited_at = timezone.now()
    row.rows.bulk_update(rows, ["invited_at"])
    if not rows:
        row.invite = False
        row.save(update_fields=["invite"])
    return len(rows)
