"""New messages: how many there are, for the menu, and which, for the page of messages."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from loans.choices import MessageKind
from loans.models import Message
from loans.selectors.queues import capped
from network_portal.core.actor import Actor


def library_unread(actor: Actor) -> int:
    """How many messages nobody at the actor's library has read, counted to 99."""
    if actor.library_id is None:
        return 0
    return capped(Message.objects.filter(to_library_id=actor.library_id, read_at=None), 99)


def library_messages(actor: Actor) -> QuerySet[Message]:
    """What others wrote to the actor's library: what is new first, then the latest."""
    rows = Message.objects.filter(to_library_id=actor.library_id)
    return rows.select_related("request", "from_library").order_by("-read_at", "-id")


def unread_of_reader(user_id: int | None) -> int:
    """How many messages of their library the reader has not opened, counted to 99."""
    return capped(_to_reader().filter(request__patron_id=user_id), 99) if user_id is not None else 0


def unread_of_reader_by_request(request_ids: Iterable[int]) -> dict[int, int]:
    """The same, for each of the reader's requests that has any."""
    rows = _to_reader().filter(request_id__in=list(request_ids)).values_list("request_id")
    return dict(rows.annotate(n=Count("pk")))


def _to_reader() -> QuerySet[Message]:
    return Message.objects.filter(Q(kind=MessageKind.PATRON), to_library=None, read_at=None)
