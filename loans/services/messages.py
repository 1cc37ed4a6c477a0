"""Lines between the libraries of a request, and notes that stay in one. Readers see neither."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import MessageKind
from loans.models import Message, MessageTemplate, Request, SupplyAttempt
from loans.services.addressing import neighbours
from loans.services.message_mail import tell
from members.models import Library
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

MAX_LENGTH = 4000
# The same words again in this time are a second click, not a second message.
SAME_WITHIN = timedelta(minutes=1)
WRITERS = (Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_DESK)


@transaction.atomic
def message_send(
    *, request: Request, attempt: SupplyAttempt | None, body: str, actor: Actor, to_library_id: int | None = None,
    template: MessageTemplate | None = None,
) -> Message:  # fmt: skip
    """Write to the next library on the way of words; its staff get a mail. A double click writes once.

    In a guided network that next one is the coordinator, whoever the words are meant for.
    Raises PermissionDenied, RuleViolation: empty, too_long, not_yours (the library has no part in the request, or
    `to_library_id` does not stand next to it).
    """
    require(actor, *WRITERS)
    body = _checked(body)
    receiver = _receiver(request, attempt, actor, to_library_id)
    if (written := _just_written(request, actor, body, MessageKind.LIBRARY, receiver.pk)) is not None:
        return written
    ends = {request.requesting_library_id, attempt.supplier_id if attempt else None}
    message = Message.objects.create(
        request=request, attempt=attempt, from_library_id=actor.library_id or 0, to_library=receiver, body=body,
        author_name=actor.user_name[:200], template=template,
        via_coordinator=not {actor.library_id, receiver.pk} <= ends,
    )  # fmt: skip
    audit.record("loans.message.sent", actor=actor, target=request, data={"to": receiver.name})
    tell(message, request, attempt, receiver, actor)
    return message


@transaction.atomic
def note_write(*, request: Request, body: str, actor: Actor) -> Message:
    """A note for the own staff; it never leaves the library, and nobody is mailed. A double click writes once.

    Raises PermissionDenied, RuleViolation: empty, too_long.
    """
    require(actor, *WRITERS)
    body = _checked(body)
    if (written := _just_written(request, actor, body, MessageKind.INTERNAL, None)) is not None:
        return written
    note = Message.objects.create(
        request=request, kind=MessageKind.INTERNAL, from_library_id=actor.library_id or 0, to_library=None,
        author_name=actor.user_name[:200], body=body,
    )  # fmt: skip
    audit.record("loans.note.written", actor=actor, target=request)
    return note


def _checked(body: str) -> str:
    body = body.strip()
    if not body:
        raise RuleViolation("empty", _("Please write something first."))
    if len(body) > MAX_LENGTH:
        raise RuleViolation(
            "too_long", _("A message has at most %(count)s characters.") % {"count": MAX_LENGTH}
        )
    return body


def _receiver(request: Request, attempt: SupplyAttempt | None, actor: Actor, wanted: int | None) -> Library:
    mismatched = attempt is not None and attempt.request_id != request.pk
    for library in [] if mismatched else neighbours(request, attempt, actor.library_id):
        if wanted in (None, library.pk):
            return library
    raise RuleViolation(
        "not_yours", _("Only the two libraries of a request can write to each other about it.")
    )


def _just_written(
    request: Request, actor: Actor, body: str, kind: MessageKind, receiver: int | None
) -> Message | None:
    """The message that a second click repeats; the request's lock lets the two clicks through one by one."""
    Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    since = timezone.now() - SAME_WITHIN
    same = Message.objects.filter(
        request=request,
        from_library_id=actor.library_id or 0,
        to_library_id=receiver,
        kind=kind,
        body=body,
        at__gte=since,
    )
    return same.first()


@transaction.atomic
def messages_mark_read(*, request: Request, actor: Actor) -> int:
    """The actor's library has seen what was written to it; returns how many were new. The writer sees when and who."""
    new = Message.objects.filter(request=request, to_library_id=actor.library_id, read_at=None)
    return new.update(read_at=timezone.now(), read_by_name=actor.user_name[:200])
