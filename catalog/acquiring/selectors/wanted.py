"""Reading the wanted list: filtered, sorted, with who plans to buy; some queries a page, none a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from catalog.acquiring.choices import OPEN_PLANS, PlanState, WantedKind
from catalog.acquiring.numbers import words_of
from catalog.models import PurchasePlan, WantedTitle
from members.models import Library
from network_portal.core.actor import Actor

SORTS = {
    "weight": ("-weight", "id"), "last": ("-last_asked", "-weight", "id"), "title": ("title", "id"),
    "year": (F("year").desc(nulls_last=True), "-weight", "id"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What of the list is shown; empty is everything."""

    words: str = ""
    kind: str = ""
    region: str = ""
    first_year: int | None = None
    last_year: int | None = None
    planned: str = ""  # yes, no, mine (asked for by the own readers)
    sort: str = "weight"


@dataclass(frozen=True)
class WantedLine:
    """One title as the page shows it."""

    row: WantedTitle
    libraries: list[tuple[str, int]]  # name, how often its readers asked
    plans: list[PurchasePlan]


def wanted_titles(asked: Asked, actor: Actor) -> QuerySet[WantedTitle]:
    rows = WantedTitle.objects.all()
    for word in words_of(asked.words).split():
        rows = rows.filter(words__contains=word)
    if asked.kind in WantedKind.values:
        rows = rows.filter(**{f"{asked.kind}__gt": 0})
    if asked.region:
        rows = rows.filter(regions__contains=[asked.region])
    if asked.first_year is not None:
        rows = rows.filter(year__gte=asked.first_year)
    if asked.last_year is not None:
        rows = rows.filter(year__lte=asked.last_year)
    if asked.planned in ("yes", "no"):
        open_plan = Q(Exists(PurchasePlan.objects.filter(key=OuterRef("key"), state__in=OPEN_PLANS)))
        rows = rows.filter(open_plan if asked.planned == "yes" else ~open_plan)
    elif asked.planned == "mine":
        rows = rows.filter(libraries__has_key=str(actor.library_id or 0))
    return rows.order_by(*SORTS.get(asked.sort, SORTS["weight"]))


def with_plans(rows: Iterable[WantedTitle]) -> list[WantedLine]:
    """Two queries, however many rows."""
    found = list(rows)
    plans = plans_by_key({row.key for row in found})
    names = library_names({int(pk) for row in found for pk in row.libraries})
    return [
        WantedLine(
            row,
            sorted(
                ((names[int(pk)], n) for pk, n in row.libraries.items() if int(pk) in names),
                key=lambda one: (-one[1], one[0]),
            ),
            plans.get(row.key, []),
        )
        for row in found
    ]


def plans_by_key(keys: set[str]) -> dict[str, list[PurchasePlan]]:
    """What libraries say of these titles, whoever will have it first in front."""
    said = (*OPEN_PLANS, PlanState.CANNOT)
    rows = PurchasePlan.objects.filter(key__in=keys, state__in=said).select_related("library")
    found: dict[str, list[PurchasePlan]] = defaultdict(list)
    for row in rows.order_by(F("expected_on").asc(nulls_last=True), "pk"):
        found[row.key].append(row)
    return found


def library_names(pks: set[int]) -> dict[int, str]:
    return dict(Library.objects.filter(pk__in=pks).values_list("pk", "name"))


def regions() -> list[str]:
    """Provinces (of libraries without one: cities) of the members."""
    rows = Library.objects.values_list("province", "city")
    return sorted({province or city for province, city in rows if province or city})


def wanted_of(pk: int) -> WantedTitle | None:
    return WantedTitle.objects.select_related("edition").filter(pk=pk).first()


def wanted_for(edition_id: int) -> WantedTitle | None:
    return WantedTitle.objects.filter(edition=edition_id).first()


def newest_day() -> object:
    """The last day of which the list knows."""
    return WantedTitle.objects.aggregate(day=Max("last_asked"))["day"]
