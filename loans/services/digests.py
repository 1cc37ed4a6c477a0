"""One mail per desk and tick of the clock, instead of one for each request. Called by loans.services.timers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from loans.models import Request
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


def digests_queue(held: Iterable[Held], *, tick: datetime) -> int:
    """Queue the digest of each desk concerned; returns how many mails. The same tick never writes twice."""
    by_library: dict[int, list[Held]] = defaultdict(list)
    for one in held:
        by_library[one.library.pk].append(one)
    return sum(_queue(rows[0].library, rows, tick) for rows in by_library.values())


def _queue(library: Library, rows: list[Held], tick: datetime) -> int:
    context = {
        "sections": _sections(rows), "count": len(rows), "library": library.name,
        "page_url": settings.PORTAL_URL + reverse("loans:queue_supplying"),
    }  # fmt: skip
    queued = 0
    for recipient in staff_of(library):
        key = f"loan_digest:{library.pk}:{tick.isoformat()}:{rows[0].request.pk}:{recipient.email}"
        row = mail_queue(
            template="loan_digest", to=recipient, context=context, actor=Actor.system(channel="timer"),
            library_id=library.pk, dedupe_key=key,
        )  # fmt: skip
        queued += row is not None
    return queued


def _sections(rows: list[Held]) -> list[dict[str, Any]]:
    found: dict[str, list[Request]] = defaultdict(list)
    for row in rows:
        found[SECTION_OF.get(row.template, "other")].append(row.request)
    return [
        {"kind": kind, "rows": found[kind][:SHOWN], "more": max(0, len(found[kind]) - SHOWN)}
        for kind in SECTIONS
        if found[kind]
    ]
