"""One mail per desk and tick of the clock, instead of one for each request. Called by loans.services.timers.

A tick leaves a line for each thing a desk has to know, in the transaction that did it; `digests_send` then gathers
the lines of a desk into its mail, in a transaction of its own. A worker killed in between has lost nothing: the next
tick gathers what it left. The lines stay, with the mail that told them: a request's mail log finds it by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from loans.models import DeskNotice, Request
from loans.workflow.mails import Held, staff_of
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue

# In this order in the mail; what is told of each stands in templates/emails/loan_digest_*.
SECTIONS = ("late", "asked", "expired", "outbid", "ended", "other")
SECTION_OF = {
    "late": "late", "loan_asked": "asked", "loan_expired": "expired", "loan_outbid": "outbid",
    "loan_end_of_list": "ended",
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
    waiting = list(
        DeskNotice.objects.filter(mail_id=None)
        .order_by("library_id")
        .values_list("library_id", flat=True)
        .distinct()
    )
    desks = Library.objects.in_bulk(waiting)
    return sum(_send(desks[pk]) for pk in waiting if pk in desks)


@transaction.atomic
def _send(library: Library) -> int:
    mine = DeskNotice.objects.filter(library=library, mail_id=None).select_for_update(skip_locked=True)
    rows = list(mine.order_by("pk").values_list("pk", "template", "request_id"))
    if not rows:
        return 0
    context = {
        "sections": _sections(rows), "count": len(rows), "library": library.name,
        "page_url": settings.PORTAL_URL + reverse("loans:queue_supplying"),
        "late": sum(template == "late" for _pk, template, _request in rows),
        "late_url": settings.PORTAL_URL + reverse("loans:stuck"),
    }  # fmt: skip
    queued, first = 0, 0
    for recipient in staff_of(library):
        row = mail_queue(
            template="loan_digest", to=recipient, context=context, actor=Actor.system(channel="timer"),
            library_id=library.pk, dedupe_key=f"loan_digest:{rows[0][0]}:{recipient.email}",
        )  # fmt: skip
        queued += row is not None
        first = first or (row.pk if row is not None else 0)
    # 0: nobody reads mail for this library.
    DeskNotice.objects.filter(pk__in=[pk for pk, _template, _request in rows]).update(mail_id=first)
    return queued


def _sections(rows: list[tuple[int, str, int]]) -> list[dict[str, Any]]:
    """What the mail lists of each kind. Only of what it lists are number and title read."""
    found: dict[str, list[int]] = defaultdict(list)
    for _pk, template, request_id in rows:
        found[SECTION_OF.get(template, "other")].append(request_id)
    listed = {pk for told in found.values() for pk in told[:SHOWN]}
    requests = {
        row["pk"]: row for row in Request.objects.filter(pk__in=listed).values("pk", "number", "title")
    }
    return [
        {
            "kind": kind,
            "rows": [requests[pk] for pk in found[kind][:SHOWN]],
            "more": max(0, len(found[kind]) - SHOWN),
        }
        for kind in SECTIONS
        if found[kind]
    ]
