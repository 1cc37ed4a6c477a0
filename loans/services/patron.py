"""What readers do with their own requests beside asking: write to their library, take the steps that are theirs."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import MessageKind
from loans.models import Message, Request
from loans.selectors.patron import reader_messages
from loans.services.messages import MAX_LENGTH, SAME_WITHIN
from loans.workflow import mails
from loans.workflow.vocabulary import Mail, Side
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

FEW = 5  # messages without an answer; more is no conversation
WITHIN = timedelta(hours=1)


@transaction.atomic
def reader_write(*, request: Request, body: str, actor: Actor) -> Message:
    """The reader writes to their own library about a request; its desk gets a mail. A double click writes once.

    Raises RuleViolation empty, too_long, too_many (in an hour), not_yours.
    """
    if request.patron_id is None or actor.user_id != request.patron_id:
        raise RuleViolation("not_yours", _("Only whoever asked for it can write about a request."))
    body = _checked(body)
    Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    home = request.requesting_library_id
    mine = reader_messages(request).filter(to_library_id=home)
    if (written := mine.filter(body=body, at__gte=timezone.now() - SAME_WITHIN).last()) is not None:
        return written
    if mine.filter(at__gte=timezone.now() - WITHIN).count() >= FEW:
        raise RuleViolation(
            "too_many", _("You have written several times in this hour. Please wait for an answer.")
        )
    message = Message.objects.create(
        request=request, kind=MessageKind.PATRON, from_library_id=home, to_library_id=home, body=body,
        author_name=actor.user_name[:200],
    )  # fmt: skip
    _tell(message, Mail("loan_message", Side.REQUESTING), actor, actor.user_name, "loans:reader_messages")
    audit.record("loans.reader.wrote", actor=actor, target=request)
    return message


@transaction.atomic
def reader_answer(*, request: Request, body: str, actor: Actor) -> Message:
    """The reader's library writes to the reader, who gets a mail. A double click writes once.

    Raises PermissionDenied, RuleViolation empty, too_long, not_yours, no_reader (forgotten already).
    """
    require(actor, Capability.REQUEST_MANAGE)
    if actor.library_id != request.requesting_library_id:
        raise RuleViolation("not_yours", _("Only the reader's own library writes to the reader."))
    if request.patron_id is None:
        raise RuleViolation("no_reader", _("Who asked for this is forgotten by now."))
    body = _checked(body)
    Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    ours = reader_messages(request).filter(to_library=None)
    if (written := ours.filter(body=body, at__gte=timezone.now() - SAME_WITHIN).last()) is not None:
        return written
    message = Message.objects.create(
        request=request, kind=MessageKind.PATRON, from_library_id=request.requesting_library_id, body=body,
        author_name=actor.user_name[:200],
    )  # fmt: skip
    _tell(message, Mail("loan_message", Side.PATRON), actor, actor.library_name, "loans:my_request_message")
    audit.record("loans.reader.answered", actor=actor, target=request)
    return message


def reader_messages_mark_read(*, request: Request, actor: Actor) -> int:
    """Whoever opens the page has read what was written to their side; returns how many were new."""
    to_reader = actor.user_id == request.patron_id
    rows = reader_messages(request).filter(read_at=None)
    rows = rows.filter(to_library=None) if to_reader else rows.filter(to_library_id=actor.library_id)
    name = "" if to_reader else actor.user_name[:200]
    return rows.update(read_at=timezone.now(), read_by_name=name)


def _checked(body: str) -> str:
    body = body.strip()
    if not body:
        raise RuleViolation("empty", _("Please write something first."))
    if len(body) > MAX_LENGTH:
        raise RuleViolation(
            "too_long", _("A message has at most %(count)s characters.") % {"count": MAX_LENGTH}
        )
    return body


def _tell(message: Message, mail: Mail, actor: Actor, sender: str, page: str) -> None:
    request = message.request
    mails.queue(
        [mail], request, None, actor, dedupe=f"reader-{message.pk}", body=message.body, from_name=sender,
        page_url=settings.PORTAL_URL + reverse(page, args=[request.number]),
    )  # fmt: skip
