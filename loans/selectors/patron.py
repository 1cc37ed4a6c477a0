"""What a reader and their own library wrote to each other about a request."""

from __future__ import annotations

from django.db.models import QuerySet

from loans.choices import MessageKind
from loans.models import Message, Request


def reader_messages(request: Request) -> QuerySet[Message]:
    """Oldest first. To the library: `to_library` is set; to the reader: it is empty."""
    return Message.objects.filter(request=request, kind=MessageKind.PATRON).order_by("id")


def reader_unread(request: Request) -> int:
    """How many messages the reader has not opened yet."""
    return reader_messages(request).filter(to_library=None, read_at=None).count()
