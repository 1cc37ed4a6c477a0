"""What the demo's libraries want, plan to buy, would weed and promise to keep, so that no such page is empty."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from catalog.acquiring.selectors.last import Narrowed, last_copies
from catalog.acquiring.services import arrivals, checks, keeping, offers, plans, wanted
from catalog.acquiring.services.plans import Mark, Subject, subject_of_wanted
from catalog.models import Edition, PurchasePlan, UseCount, WantedTitle, WeedingCheck
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.demo.accounts import librarian_of

BUYERS = ("PARAHITA", "CANDISEWU", "JMERAH")
WEEDER, TAKERS = "PARAHITA", ("CANDISEWU", "DEPOSIT")
IN_VAIN = (("kamus bahasa enggano", 9), ("membatik untuk pemula", 7), ("sejarah kereta api priangan", 5))
TYPED = Subject(None, "Ensiklopedia Naskah Nusantara", "Yayasan Lontar")


def ensure_acquiring() -> int:
    """Once: searches in vain, plans of three libraries, a list before weeding, an offer from it, promises."""
    if PurchasePlan.objects.exists():
        return 0
    today = timezone.localdate()
    for text, times in IN_VAIN:
        UseCount.objects.get_or_create(
            day=today - timedelta(days=3), kind="asked", text=text,
            defaults={"times": times, "nothing": times, "askers": times},
        )  # fmt: skip
    wanted.wanted_remake()
    libraries = Library.objects.filter(short_code__in={*BUYERS, WEEDER, *TAKERS})
    actors = {library.short_code: librarian_of(library) for library in libraries}
    _plan(actors)
    _weed(actors)
    arrivals.arrivals_tell()
    return PurchasePlan.objects.count()


def _plan(actors: dict[str, Actor]) -> None:
    today = timezone.localdate()
    marks = (
        Mark("ordered", 2, today + timedelta(days=30), Decimal(95_000), "Dipesan lewat penerbit."),
        Mark("planned", 1, today + timedelta(days=75), None, "Menunggu anggaran triwulan depan."),
        Mark("planned", 1, today - timedelta(days=6), Decimal(120_000)),
    )
    lines = list(WantedTitle.objects.order_by("-weight", "pk")[:3])
    for code, mark, line in zip(BUYERS, marks, lines, strict=False):
        plans.plan_mark(subject=subject_of_wanted(line), mark=mark, actor=actors[code])
    plans.plan_mark(subject=TYPED, mark=Mark("cannot", note="Sudah tidak dicetak."), actor=actors[BUYERS[0]])
    overdue = Mark("planned", 1, today - timedelta(days=2))
    plans.plan_mark(subject=Subject(None, "Atlas Budaya Jawa Barat"), mark=overdue, actor=actors[BUYERS[0]])


def _weed(actors: dict[str, Actor]) -> None:
    """A list with something of everything, read at once; two of its last copies are offered, one is kept."""
    library, actor = Library.objects.get(short_code=WEEDER), actors[WEEDER]
    last = list(last_copies(library, Narrowed())[:5])
    shared = (
        Edition.objects.filter(holdings__library=library, library_count__gt=1).order_by("pk").distinct()[:5]
    )
    rows = [
        record.identifier
        for one in (*last, *shared)
        for record in one.records.filter(source__library=library)[:1]
    ]
    data = "\n".join([*rows, "978-602-03-3160-8", "TIDAK-ADA-7"]).encode()
    check = checks.check_start(name="Rak 800, lantai dua", data=data, actor=actor)
    checks.check_work(job_id=check.job_id or 0)
    check = WeedingCheck.objects.get(pk=check.pk)
    if len(last) < 4 or check.counts.get("last_network", 0) < 4:
        return
    keeping.keep_promise(edition=last[0], until=None, note="Koleksi daerah", actor=actor)
    chosen = check.rows.filter(edition__in=last[1:4]).values_list("pk", flat=True)
    others = check.rows.filter(finding__in=("others", "last_region")).values_list("pk", flat=True)[:3]
    closes = timezone.localdate() + offers.SHORTEST
    offer = offers.offer_make(
        check=check,
        rows=[*chosen, *others],
        closes_on=closes,
        note="Diambil sendiri, atau kami kirim.",
        actor=actor,
    )
    for code in TAKERS:
        for line in offer.lines.order_by("-is_last", "pk")[:1]:
            offers.line_claim(line=line, actor=actors[code])
