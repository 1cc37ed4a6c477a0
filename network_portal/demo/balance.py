"""Two years of finished loans and copies, so that balance, plots and yearly reports have something to tell.

Written straight into the tables, as of days long past (nothing newer than seven months): what routing learns of the
libraries, and what stands in the queues, are the stories' alone. Readers are forgotten already.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import timezone as fixed
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.models import Holding
from loans.balance.counting import months_count
from loans.balance.prices import price_assume
from loans.balance.report import report_make
from loans.choices import Service
from loans.models import Request, SupplyAttempt
from members.models import Library, LibraryPolicy, Network
from network_portal.core.actor import Actor

EACH_MONTH = 24
QUIET = timedelta(days=210)  # what happened since is told by the stories
FIRST_NUMBER = 900_001


@transaction.atomic
def ensure_balance() -> int:
    """Exchanges of last year and the beginning of this one; how many. Safe to repeat."""
    if Request.objects.filter(number__contains="-900001").exists():
        return 0
    chance, today = Random(7), timezone.localdate()  # noqa: S311 - the same demo each time
    held = _held(chance)
    libraries = list(Library.objects.order_by("pk"))
    # Some give much, some little: a balance that is even everywhere teaches nothing.
    weights = {library.pk: 1 + 2 * (place % 4) for place, library in enumerate(libraries)}
    givers = [library for library in libraries if held.get(library.pk)]
    made = 0
    day = date(today.year - 1, 1, 1)
    while day <= today - QUIET:
        for _time in range(EACH_MONTH if day.year == today.year else EACH_MONTH - 6):
            (supplier,) = chance.choices(givers, [weights[one.pk] for one in givers])
            requester = chance.choice([one for one in libraries if one.pk != supplier.pk])
            edition = chance.choice(held[supplier.pk])
            at = datetime(day.year, day.month, chance.randint(1, 26), 2, tzinfo=fixed.utc)
            _exchange(chance, requester, supplier, edition, at, FIRST_NUMBER + made)
            made += 1
        day = (day + timedelta(days=32)).replace(day=1)
    _said(today)
    months_count()
    for library in libraries:
        report_make(library=library, year=today.year - 1)
    return made


def _held(chance: Random) -> dict[int, list[Any]]:
    """Some of the titles of each library."""
    found: dict[int, list[Any]] = {}
    for holding in Holding.objects.select_related("edition").defer("edition__display").order_by("pk"):
        found.setdefault(holding.library_id, []).append(holding.edition)
    return {library: chance.sample(rows, min(40, len(rows))) for library, rows in found.items()}


def _exchange(
    chance: Random, requester: Library, supplier: Library, edition: Any, at: datetime, number: int
) -> None:
    """One that was filled, or now and then one that was not."""
    copy, filled = chance.random() < 0.3, chance.random() < 0.85
    sent = at + timedelta(hours=chance.randint(6, 60))
    there = sent + timedelta(hours=2 if copy else chance.randint(20, 120))
    request = Request.objects.create(
        number=f"{requester.short_code}-{at.year}-{number}", title=edition.title, edition=edition,
        requesting_library=requester, service=Service.COPY if copy else Service.LOAN,
        status="completed" if filled else "unfilled", outcome="filled" if filled else "unfilled",
        owner_side="none", closed_at=there + timedelta(days=14), anonymised_at=there + timedelta(days=60),
    )  # fmt: skip
    Request.objects.filter(pk=request.pk).update(created_at=at)
    values: dict[str, Any] = {"request": request, "supplier": supplier, "position": 1, "asked_at": at}
    if not filled:
        values |= {
            "status": "refused",
            "reason_unfilled": "not_on_shelf",
            "answered_at": sent,
            "closed_at": sent,
        }
    elif copy:
        values |= {"status": "completed", "answered_at": sent, "uploaded_at": there, "closed_at": there}
    else:
        values |= {
            "status": "completed", "answered_at": sent - timedelta(hours=3), "shipped_at": sent, "received_at": there,
            "returned_at": there + timedelta(days=12), "closed_at": there + timedelta(days=14),
        }  # fmt: skip
    SupplyAttempt.objects.create(**values)


def _said(today: date) -> None:
    """The networks say what a book costs them, and one library sets itself a pace."""
    for network in Network.objects.filter(is_active=True):
        price_assume(
            kind="book", amount=Decimal(135_000), valid_from=date(today.year, 1, 1), network=network,
            reason="Rata-rata faktur anggota tahun lalu", actor=Actor.system(channel="command"),
        )  # fmt: skip
    library = Library.objects.filter(short_code="PINISI").first()
    if library is not None:
        LibraryPolicy.objects.update_or_create(
            library=library, service="loan", defaults={"max_week": 15, "max_month": 40, "pause_deficit": 25}
        )
