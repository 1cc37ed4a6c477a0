"""Messages to a library as a file: what the page of messages shows, never a reader's name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loans.choices import MessageKind
from loans.models import Message
from network_portal.core.lists import Csv, moment


def inbox_file() -> Csv:
    header = (_("When"), _("Number"), _("Title"), _("From"), _("Words"), _("Read"), _("Read by"))

    def cells(line: Message) -> tuple[object, ...]:
        by_reader = line.kind == MessageKind.PATRON
        library = line.from_library.name if line.from_library else ""
        writer = _("the reader") if by_reader else ", ".join(filter(None, (line.author_name, library)))
        return (
            moment(line.at), line.request.number, line.request.title, writer, line.body, moment(line.read_at),
            line.read_by_name,
        )  # fmt: skip

    return Csv("messages", header, cells)
