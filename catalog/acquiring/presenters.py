"""Tabs, files and pages of buying and weeding together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.acquiring.selectors.last import languages_of
from catalog.acquiring.selectors.plans import overdue_count
from catalog.acquiring.selectors.wanted import with_plans
from catalog.acquiring.selectors.weeding import decisions_waiting
from catalog.models import Edition, OfferLine, PurchasePlan, WantedTitle, WeedingRow
from catalog.search.languages import language_name
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.portions import in_portions

PORTION = 500


class CountedPaginator(Paginator):
    """A paginator that is told how many there are."""

    def __init__(self, rows: Any, per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self._total = total

    @property
    def count(self) -> int:
        return self._total


def tabs(actor: Actor, here: str) -> list[dict[str, object]]:
    doors = [
        ("wanted", _("Wanted"), None), ("plans", _("Plans to buy"), overdue_count(actor) or None),
        ("last", _("Last copies"), None),
        ("checks", _("Weeding checks"), None),
        ("offers", _("Offers"), decisions_waiting(actor) or None), ("kept", _("Promises to keep"), None),
    ]  # fmt: skip
    return [
        {"label": label, "url": reverse(f"acquiring:{name}"), "count": count, "current": name == here}
        for name, label, count in doors
        if name != "checks" or actor.can(Capability.ACQUIRE)
    ]


def language_choices(library: Library) -> list[tuple[str, str]]:
    named = [(code, language_name(code)) for code in languages_of(library)]
    return sorted(named, key=lambda one: one[1])


def address_of(edition_id: int | None) -> str:
    return settings.PORTAL_URL + reverse("catalog:edition", args=[edition_id]) if edition_id else ""


def wanted_rows(rows: QuerySet[WantedTitle]) -> Iterator[tuple[object, ...]]:
    for portion in in_portions(rows):
        for line in with_plans(portion):
            row = line.row
            asked = "; ".join(f"{name} ({n})" for name, n in line.libraries)
            plans = "; ".join(f"{plan.library.name}: {plan.get_state_display()}" for plan in line.plans)
            yield (
                row.title, row.author, row.isbn, row.year, row.searches, row.unfilled, row.wishes, row.waiting, asked,
                row.holders, row.last_asked.isoformat(), plans, address_of(row.edition_id),
            )  # fmt: skip


def plan_rows(rows: QuerySet[PurchasePlan]) -> Iterator[tuple[object, ...]]:
    for plan in rows.iterator(PORTION):
        yield (
            plan.library.name, plan.title, plan.author, plan.isbn, plan.get_state_display(), plan.copies,
            plan.expected_on.isoformat() if plan.expected_on else "", plan.price, plan.note,
        )  # fmt: skip


def last_rows(rows: QuerySet[Edition]) -> Iterator[tuple[object, ...]]:
    for one in rows.iterator(PORTION):
        title = f"{one.title}: {one.subtitle}" if one.subtitle else one.title
        yield title, one.author, one.publisher, one.year, one.language, address_of(one.pk)


def row_headings() -> list[str]:
    return [
        _("Row"), _("Value"), _("Finding"), _("Why"), _("Title"), _("Author"), _("Year"), _("Other libraries"),
        _("Of them in the region"), _("Requests in vain"), _("Others keep it"), _("Others plan to buy it"),
        _("Address"),
    ]  # fmt: skip


def check_rows(rows: QuerySet[WeedingRow]) -> Iterator[tuple[object, ...]]:
    for row in rows.iterator(PORTION):
        edition = row.edition
        yield (
            row.position, row.value, row.get_finding_display(), row.get_problem_display(),
            edition.title if edition else "", edition.author if edition else "", edition.year if edition else "",
            row.others, row.nearby, row.wanted, row.promised, row.planned, address_of(row.edition_id),
        )  # fmt: skip


def line_headings() -> list[str]:
    return [
        _("Title"), _("Author"), _("Year"), _("Last copy in the network"), _("Asked for by"), _("Decision"),
        _("Given to"), _("Address"),
    ]  # fmt: skip


def line_rows(lines: Iterable[OfferLine]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        claims = "; ".join(claim.library.name for claim in line.claims.all())
        yield (
            line.edition.title, line.edition.author, line.edition.year, _("yes") if line.is_last else _("no"), claims,
            line.get_state_display(), line.given_to.name if line.given_to else "", address_of(line.edition_id),
        )  # fmt: skip
