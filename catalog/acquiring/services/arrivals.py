"""What happens by itself: plans whose book came into the catalogue are held; asking libraries hear of it, daily."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery, Sum
from django.urls import reverse
from django.utils import timezone

from catalog.acquiring.choices import OPEN_PLANS, PlanState
from catalog.acquiring.finding import editions_found
from catalog.models import ArrivedTitle, Holding, PurchasePlan, WantedTitle
from members.models import Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue

SHOWN = 20  # titles in one mail
PORTION = 2000


@dataclass(frozen=True)
class Desk:
    """A library's own address."""

    email: str
    name: str
    language: str


@transaction.atomic
def plans_settle() -> int:
    """Plans whose library has more copies than when it planned are held, and whoever asked in vain is told."""
    _name_editions()
    open_plans = PurchasePlan.objects.select_for_update(of=("self",)).filter(
        state__in=OPEN_PLANS, edition__isnull=False
    )
    own = Holding.objects.filter(library=OuterRef("library"), edition=OuterRef("edition")).order_by()
    copies = own.values("library").annotate(n=Sum("item_count")).values("n")
    rows = [row for row in open_plans.annotate(has=Subquery(copies)) if (row.has or 0) > row.had]
    for row in rows:
        row.state, row.held_at, row.previous = PlanState.HELD, timezone.now(), None
        row.save(update_fields=["state", "held_at", "previous", "changed_at"])
        audit.record(
            "catalog.purchase.held", actor=Actor.system(), target=row, data={"buyer": row.library_id}
        )
    _tell_askers(rows)
    return len(rows)


def _name_editions() -> None:
    """Plans for what no catalogue had: does the planning library have it now?"""
    bare = PurchasePlan.objects.filter(state__in=OPEN_PLANS, edition=None).order_by("library_id", "pk")
    by_library: dict[int, list[PurchasePlan]] = {}
    for row in bare:
        by_library.setdefault(row.library_id, []).append(row)
    for library, rows in by_library.items():
        for at, edition in editions_found(rows, library).items():
            rows[at].edition_id = edition
            rows[at].save(update_fields=["edition"])


def _tell_askers(rows: Sequence[PurchasePlan]) -> None:
    editions = {row.key: row.edition_id for row in rows if row.edition_id is not None}
    buyers = {(row.key, row.library_id) for row in rows}
    wanted = WantedTitle.objects.filter(key__in=editions).values_list("key", "libraries")
    notes = [
        ArrivedTitle(library_id=int(library), edition_id=editions[key], asked=asked)
        for key, libraries in wanted
        for library, asked in libraries.items()
        if (key, int(library)) not in buyers
    ]
    ArrivedTitle.objects.bulk_create(notes, batch_size=PORTION, ignore_conflicts=True)


def arrivals_tell(*, today: date | None = None) -> int:
    """One mail a library and day with what came; nothing new, no mail. Returns how many were queued."""
    day = today or timezone.localdate()
    waiting = (
        ArrivedTitle.objects.filter(told_at=None).order_by().values_list("library", flat=True).distinct()
    )
    return sum(_tell_library(library, day) for library in Library.objects.filter(pk__in=waiting))


@transaction.atomic
def _tell_library(library: Library, day: date) -> int:
    notes = ArrivedTitle.objects.select_for_update(of=("self",)).filter(library=library, told_at=None)
    ids = list(notes.values_list("pk", flat=True))
    if not ids:
        return 0
    if not library.email:
        return _told(ids, 0)
    shown = ArrivedTitle.objects.filter(pk__in=ids).select_related("edition").order_by("-asked", "pk")[:SHOWN]
    context = {
        "library": library, "count": len(ids), "more": max(0, len(ids) - SHOWN),
        "titles": [(note.edition, settings.PORTAL_URL + note.edition.get_absolute_url()) for note in shown],
        "url": settings.PORTAL_URL + reverse("acquiring:wanted"),
    }  # fmt: skip
    desk = Desk(library.email, library.name, library.language or settings.LANGUAGE_CODE)
    queued = mail_queue(
        template="acquiring_arrived", to=desk, context=context, actor=Actor.system(), library_id=library.pk,
        target=library, dedupe_key=f"acquiring-arrived-{library.pk}-{day}",
    )  # fmt: skip
    return _told(ids, 1) if queued is not None else 0  # the second part of a day waits for tomorrow's mail


def _told(ids: list[int], mails: int) -> int:
    ArrivedTitle.objects.filter(pk__in=ids).update(told_at=timezone.now())
    return mails
