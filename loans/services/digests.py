"""One mail per desk and tick of the clock, instead of one for each request. Called by loans.services.timers.

A tick leaves a line for each thing a desk has to know, in the transaction that did it; `digests_send` then gathers
the lines of a desk into its mail, in a transaction of its own. A worker killed in between has lost nothing: the next
tick gathers what it left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from loans.models import DeskNotice
from loans.workflow.mails import Held, staff_of
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue

# In this order in the mail; what is told of each stands in templates/emails/loan_digest_*.
SECTIONS = ("late", "asked", "expired", "ended", "other")
SECTION_OF = {
    "late": "late", "loan_asked": "asked", "loan_expired": "expired", "loan_end_of_list": "ended",
}  # fmt: skip
# A mail lists so many of a kind; the rest is counted.
SHOWN = 20


def notices_leave(held: Iterable[Held]) -> None:
    """Keep what desks are to be told, in the caller's transaction."""
    DeskNotice.objects.bulk_create(
        DeskNotice(library_id=one.library.pk, request_id=one.request.pk, template=one.template)
        for one in held
    )


def digests_send() -> int:
    """Queue the mail of each desk that has lines; returns how many mails. Two workers never gather the same line."""
    waiting = list(DeskNotice.objects.order_by("library_id").values_list("library_id", flat=True).distinct())
    desks = Library.objects.in_bulk(waiting)
    return sum(_send(desks[pk]) for pk in waiting if pk in desks)


@transaction.atomic
def _send(library: Library) -> int:
    mine = DeskNotice.objects.filter(library=library).select_for_update(of=("self",), skip_locked=True)
    rows = list(
        mine.select_related("request").only("template", "request__number", "request__title").order_by("pk")
    )
    if not rows:
        return 0
    context = {
        "sections": _sections(rows), "count": len(rows), "library": library.name,
        "page_url": settings.PORTAL_URL + reverse("loans:queue_supplying"),
        "late": sum(row.template == "late" for row in rows),
        "late_url": settings.PORTAL_URL + reverse("loans:stuck"),
    }  # fmt: skip
    queued = 0
    for recipient in staff_of(library):
        row = mail_queue(
            template="loan_digest", to=recipient, context=context, actor=Actor.system(channel="timer"),
            library_id=library.pk, dedupe_key=f"loan_digest:{rows[0].pk}:{recipient.email}",
        )  # fmt: skip
        queued += row is not None
    DeskNotice.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return queued


def _sections(rows: list[DeskNotice]) -> list[dict[str, Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[SECTION_OF.get(row.template, "other")].append(row.request)
    return [
        {"kind": kind, "rows": found[kind][:SHOWN], "more": max(0, len(found[kind]) - SHOWN)}
        for kind in SECTIONS
        if found[kind]
    ]
