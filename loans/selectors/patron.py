"""What a reader and their own library wrote to each other about a request."""

from __future__ import annotations

from django.db.models import QuerySet

from loans.choices import MessageKind
from loans.models import Message, Request, RequestEvent


def reader_messages(request: Request) -> QuerySet[Message]:
    """Oldest first. To the library: `to_library` is set; to the reader: it is empty."""
    return Message.objects.filter(request=request, kind=MessageKind.PATRON).order_by("id")


def reader_unread(request: Request) -> int:
    """How many messages the reader has not opened yet."""
    return reader_messages(request).filter(to_library=None, read_at=None).count()


def fix_asked(request: Request) -> str:
    """What the library asked the reader last, in its own words."""
    event = RequestEvent.objects.filter(request=request, action="ask_patron").order_by("-version").first()
    return str(event.data.get("note", "")) if event is not None else ""
