"""Lines between the two libraries of a request. Readers do not see them."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.models import Message, Request, SupplyAttempt
from loans.workflow import mails
from loans.workflow.vocabulary import Mail, Side
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

MAX_LENGTH = 4000
SAME_WITHIN = timedelta(
    minutes=1
)  # the same words again in this time are a second click, not a second message


@transaction.atomic
def message_send(*, request: Request, attempt: SupplyAttempt, body: str, actor: Actor) -> Message:
    """One library writes to the other about one attempt; the other's staff get a mail. A double click writes once.

    Raises PermissionDenied, RuleViolation: empty, too_long, not_yours (neither of the two libraries).
    """
    require(actor, Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE)
    body = body.strip()
    if not body:
        raise RuleViolation("empty", _("Please write something first."))
    if len(body) > MAX_LENGTH:
        raise RuleViolation(
            "too_long", _("A message has at most %(count)s characters.") % {"count": MAX_LENGTH}
        )
    sender, receiver, mail = _ends(request, attempt, actor)
    if (written := _just_written(attempt, sender, body)) is not None:
        return written
    message = Message.objects.create(
        request=request, attempt=attempt, from_library_id=sender, to_library_id=receiver,
        author_name=actor.user_name[:200], body=body,
    )  # fmt: skip
    to_name = attempt.supplier.name if receiver == attempt.supplier_id else request.requesting_library.name
    audit.record("loans.message.sent", actor=actor, target=request, data={"to": to_name})
    mails.queue(
        [mail],
        request,
        attempt,
        actor,
        dedupe=f"message-{message.pk}",
        body=body,
        from_name=actor.library_name,
    )
    return message


def _just_written(attempt: SupplyAttempt, sender: int, body: str) -> Message | None:
    """The message that a second click repeats; the attempt's lock lets the two clicks through one by one."""
    SupplyAttempt.objects.select_for_update().get(pk=attempt.pk)
    since = timezone.now() - SAME_WITHIN
    same = Message.objects.filter(attempt=attempt, from_library_id=sender, body=body, at__gte=since)
    return same.first()


def _ends(request: Request, attempt: SupplyAttempt, actor: Actor) -> tuple[int, int, Mail]:
    home, supplier = request.requesting_library_id, attempt.supplier_id
    if attempt.request_id == request.pk and actor.library_id == home:
        return home, supplier, Mail("loan_message", Side.SUPPLYING)
    if attempt.request_id == request.pk and actor.library_id == supplier:
        return supplier, home, Mail("loan_message", Side.REQUESTING)
    raise RuleViolation(
        "not_yours", _("Only the two libraries of a request can write to each other about it.")
    )


@transaction.atomic
def messages_mark_read(*, request: Request, actor: Actor) -> int:
    """The actor's library has seen what was written to it; returns how many were new."""
    return Message.objects.filter(request=request, to_library_id=actor.library_id, read_at=None).update(
        read_at=timezone.now()
    )
