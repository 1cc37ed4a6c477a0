"""What tells the three queues apart: their rows, tabs, filters and orders. One view serves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from loans.choices import PrintKind
from loans.filters import AttemptFilter, NetworkFilter, QueueFilter, RequestFilter
from loans.models import Request, SupplyAttempt
from loans.presenters.coordinator import desk_rows
from loans.presenters.queue import QueueRow, attempt_rows, request_rows
from loans.selectors import queues
from loans.selectors.coordinator import desk_requests, desk_tabs
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Queue:
    name: str
    capability: Capability
    rows: Callable[[Actor], QuerySet[Any]]
    tabs: Callable[[Actor], dict[str, Q]]
    filters: type[QueueFilter]
    sorts: Mapping[str, tuple[Any, ...]]
    make_rows: Callable[[Iterable[Any], Actor, Mapping[int, int]], list[QueueRow]]
    moved: str  # the column that says since when a row stands where it stands
    first: str = queues.TO_DO
    # Orders for the tab of everything, which may have a million rows: only what an index already holds in order.
    sorts_of_all: tuple[str, ...] = ("newest", "deadline", "title")
    prints: tuple[PrintKind, ...] = field(default=())

    @property
    def address(self) -> str:
        return f"loans:queue_{self.name}"

    def request_of(self, row: Any) -> Request:
        return row.request if isinstance(row, SupplyAttempt) else row


QUEUES = {
    queue.name: queue
    for queue in (
        Queue(
            "requesting", Capability.REQUEST_MANAGE, queues.requesting_requests, queues.requesting_tabs,
            RequestFilter, queues.REQUEST_SORTS, request_rows, "waiting_since",
            prints=(PrintKind.STRAP, PrintKind.LABEL, PrintKind.BAG),
        ),
        Queue(
            "supplying", Capability.SUPPLY_MANAGE, queues.supplying_attempts, queues.supplying_tabs,
            AttemptFilter, queues.ATTEMPT_SORTS, attempt_rows, "request__waiting_since", prints=tuple(PrintKind),
        ),
        Queue(
            "network", Capability.NETWORK_REQUESTS, queues.network_requests, queues.network_tabs,
            NetworkFilter, queues.REQUEST_SORTS, partial(request_rows, of_network=True), "waiting_since",
            first=queues.ALL, sorts_of_all=("newest",),
        ),
        Queue(
            "desk", Capability.NETWORK_DESK, desk_requests, desk_tabs, NetworkFilter, queues.REQUEST_SORTS, desk_rows,
            "waiting_since", sorts_of_all=("newest",), prints=(PrintKind.STRAP, PrintKind.LABEL),
        ),
    )
}  # fmt: skip


def tab_links(counts: Mapping[str, int], kept: Mapping[str, str], current: str) -> list[dict[str, Any]]:
    """The tabs with their counts; "10,000+" where counting stopped."""
    labels = {
        queues.TO_DO: _("To do"), queues.WAITING: _("Waiting"), queues.OVERDUE: _("Overdue"), queues.ALL: _("All"),
    }  # fmt: skip
    return [
        {
            "label": label, "url": f"?{urlencode({**kept, 'tab': tab})}", "count": count_text(counts[tab]),
            "current": tab == current,
        }
        for tab, label in labels.items()
    ]  # fmt: skip


def count_text(count: int) -> int | str:
    return f"{number_format(queues.COUNTED, force_grouping=True)}+" if count > queues.COUNTED else count


def filters_in_words(queue: Queue, asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """The filters of an address as pairs of label and value, for people."""
    form = queue.filters(asked).form
    form.is_valid()
    return [
        (str(form.fields[name].label), _in_words(form.fields[name], value))
        for name, value in form.cleaned_data.items()
        if value
    ]


def _in_words(asked: Any, value: Any) -> str:
    if value is True:
        return _("yes")
    labels = {key: label for key, label in getattr(asked, "choices", ()) if isinstance(key, str)}
    return str(labels.get(value, value)) if isinstance(value, str) else str(value)
