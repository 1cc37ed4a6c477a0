"""The mails about one request: those written for it alone, and those of a desk that tell of it among others."""

from __future__ import annotations

from django.db.models import QuerySet

from loans.models import DeskNotice, Request
from network_portal.core.actor import Actor
from network_portal.core.models import OutgoingMail
from network_portal.core.selectors import mails_about


def request_mails(request: Request, actor: Actor) -> QuerySet[OutgoingMail]:
    """Newest first; each library sees what went to itself and to its own readers."""
    told = DeskNotice.objects.filter(request=request, mail_id__gt=0).values_list("mail_id", flat=True)
    return mails_about(request, actor, also=told)
