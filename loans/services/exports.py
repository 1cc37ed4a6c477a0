"""A queue as CSV, through the same filters as its page. Who took one out is written down, since readers are in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.presenters.csv_file import csv_answer
from loans.presenters.queue_page import Queue
from network_portal.core import audit
from network_portal.core.actor import Actor

MOST = 50_000  # rows of one file
PAGE = 500


def queue_csv(*, queue: Queue, rows: QuerySet[Any], actor: Actor) -> StreamingHttpResponse:
    """The rows of one tab in their order, streamed; no cell begins a formula. Writes one audit entry."""
    audit.record("loans.queue.exported", actor=actor, data={"queue": queue.name})
    asker = _("Library") if queue.name == "network" else _("Reader")
    header = [
        _("Number"),
        _("State"),
        _("Title"),
        _("Author"),
        _("Partner"),
        asker,
        _("Shelf"),
        _("Deadline"),
        _("Mark"),
    ]
    name = f"{queue.name}-{timezone.localdate().isoformat()}"
    return csv_answer(name, header, _lines(queue, rows, actor))


def _lines(queue: Queue, rows: QuerySet[Any], actor: Actor) -> Iterator[list[object]]:
    for start in range(0, MOST, PAGE):
        page = queue.make_rows(rows[start : start + PAGE], actor, {})
        for row in page:
            deadline = timezone.localtime(row.deadline).strftime("%Y-%m-%d %H:%M") if row.deadline else ""
            marks = ", ".join(label for _tone, label in row.marks)
            yield [
                row.number,
                row.state,
                row.title,
                row.author,
                row.partner,
                row.asker,
                row.shelf,
                deadline,
                marks,
            ]
        if len(page) < PAGE:
            return
