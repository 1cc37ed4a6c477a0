"""What a library printed lately, and what it has not printed yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from loans.choices import PrintKind
from loans.models import PrintJob, Request, SupplyAttempt
from network_portal.core.actor import Actor

LATELY = 50
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True)
class Printed:
    """One press of the print button: what, when, by whom, and the address that shows the same slips again."""

    label: str
    kind: str
    at: datetime
    by: str
    numbers: tuple[str, ...]

    @property
    def query(self) -> str:
        return urlencode([("number", number) for number in self.numbers])


def prints_lately(actor: Actor) -> list[Printed]:
    """The newest first. Requests that are gone are left out."""
    jobs = list(PrintJob.objects.filter(library_id=actor.library_id or 0)[:LATELY])
    ids = {one for job in jobs for one in job.ids}
    numbers = dict(Request.objects.filter(pk__in=ids).values_list("pk", "number"))
    return [
        Printed(
            label=str(PrintKind(job.kind).label), kind=job.kind, at=job.made_at, by=job.actor_name,
            numbers=tuple(numbers[one] for one in job.ids if one in numbers),
        )
        for job in jobs
    ]  # fmt: skip


def not_yet_printed(actor: Actor, kind: PrintKind, attempts: Iterable[SupplyAttempt]) -> list[SupplyAttempt]:
    """Without those printed since the library was asked; one that is asked anew is new paper."""
    jobs = PrintJob.objects.filter(
        library_id=actor.library_id or 0, kind=kind.value, made_at__gte=timezone.now() - REMEMBERED
    )
    printed: dict[int, datetime] = {}
    for ids, at in jobs.order_by("made_at").values_list("ids", "made_at"):
        printed.update(dict.fromkeys(ids, at))
    return [
        one
        for one in attempts
        if one.request_id not in printed or (one.asked_at and one.asked_at > printed[one.request_id])
    ]
