"""Reading plans to buy: of the whole network for its staff, to be changed by the own library alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from catalog.acquiring.choices import OPEN_PLANS, PlanState
from catalog.choices import SHOWN_LIBRARIES
from catalog.models import Edition, Holding, PurchasePlan
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry

ORDERS = {"new": ("-pk",), "title": ("title", "-pk"), "library": ("library__name", "title", "-pk")}
NEARBY_ENOUGH = 3  # libraries of the same province: one more copy is worth a second thought


@dataclass(frozen=True)
class Second:
    """Why buying it may be twice: others who plan it, and libraries nearby that hold it."""

    plans: list[PurchasePlan]
    nearby: int
    holders: int
    own: int

    @property
    def is_enough_nearby(self) -> bool:
        return self.nearby >= NEARBY_ENOUGH


def plans_shown(
    actor: Actor,
    *,
    words: str | None = "",
    state: str | None = "",
    whose: str | None = "",
    overdue: bool = False,
    sort: str | None = "",
) -> QuerySet[PurchasePlan]:
    """What is open, unless a state is named; withdrawn ones only by name."""
    rows = PurchasePlan.objects.select_related("library")
    rows = rows.filter(state=state) if state in PlanState.values else rows.filter(state__in=OPEN_PLANS)
    for word in (words or "").split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(author__icontains=word) | Q(isbn=word.replace("-", ""))
        )
    if whose == "own":
        rows = rows.filter(library_id=actor.library_id or 0)
    elif whose == "others":
        rows = rows.exclude(library_id=actor.library_id or 0)
    if overdue:
        rows = rows.filter(state__in=OPEN_PLANS, expected_on__lt=timezone.localdate())
    return rows.order_by(*ORDERS.get(sort or "", (F("expected_on").asc(nulls_last=True), "-pk")))


def plans_all() -> QuerySet[PurchasePlan]:
    return PurchasePlan.objects.select_related("library", "edition")


def plans_own(actor: Actor) -> QuerySet[PurchasePlan]:
    """Those that the actor's library may change."""
    return plans_all().filter(library_id=actor.library_id or 0)


def overdue_count(actor: Actor) -> int:
    """Open plans of the own library whose day is over."""
    today = timezone.localdate()
    return PurchasePlan.objects.filter(
        library_id=actor.library_id or 0, state__in=OPEN_PLANS, expected_on__lt=today
    ).count()


def second_thoughts(*, key: str, edition: Edition | None, actor: Actor) -> Second:
    """What somebody should know before buying."""
    others = PurchasePlan.objects.filter(key=key, state__in=OPEN_PLANS).exclude(
        library_id=actor.library_id or 0
    )
    plans = list(others.select_related("library").order_by(F("expected_on").asc(nulls_last=True), "pk"))
    if edition is None:
        return Second(plans, 0, 0, 0)
    province = (
        Library.objects.filter(pk=actor.library_id or 0).values_list("province", flat=True).first() or ""
    )
    held = Holding.objects.filter(edition=edition, library__status__in=SHOWN_LIBRARIES).order_by()
    near = Q(library__province=province) & ~Q(library=actor.library_id) if province else Q(pk=None)
    counts = held.aggregate(
        holders=Count("library", distinct=True), nearby=Count("library", distinct=True, filter=near),
        own=Sum("item_count", filter=Q(library=actor.library_id or 0)),
    )  # fmt: skip
    return Second(plans, counts["nearby"], counts["holders"], counts["own"] or 0)


def own_plan(key: str, actor: Actor) -> PurchasePlan | None:
    """What the own library says of a title already."""
    said = PurchasePlan.objects.filter(
        key=key, library_id=actor.library_id or 0, state__in=(*OPEN_PLANS, PlanState.CANNOT)
    )
    return said.order_by("state", "-pk").first()


def history_of(plan: PurchasePlan) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(target_type="catalog.purchaseplan", target_id=str(plan.pk))
    return rows.order_by("-pk")[:50]


def edition_of(pk: int) -> Edition | None:
    edition = Edition.objects.filter(pk=pk).select_related("merged_into").first()
    while edition is not None and edition.merged_into is not None:
        edition = edition.merged_into
    return edition
