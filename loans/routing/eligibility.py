"""Who may be asked at all. One rule after the other; the first that says no is told. Pure; called by compiler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from loans.routing.model import NORMAL, RUSH, Facts, Left, Supplier

# A library that stays closed longer than this (clock hours) is passed over; a weekend is no reason.
CLOSED_LIMIT_HOURS: Mapping[str, float] = {NORMAL: 120.0, RUSH: 84.0}
SHELF_ONLY = ("reference", "unavailable")
Args = Mapping[str, str | int]
Rule = Callable[[Supplier, Facts], Args | None]


def _not_active(supplier: Supplier, facts: Facts) -> Args | None:
    return None if supplier.active else {}


def _outside(supplier: Supplier, facts: Facts) -> Args | None:
    return {} if supplier.outside else None


def _own(supplier: Supplier, facts: Facts) -> Args | None:
    return {} if supplier.library_id == facts.requester else None


def _tried(supplier: Supplier, facts: Facts) -> Args | None:
    return {} if supplier.tried else None


def _service(supplier: Supplier, facts: Facts) -> Args | None:
    return None if supplier.supplies else {}


def _level(supplier: Supplier, facts: Facts) -> Args | None:
    return None if facts.level in supplier.levels else {}


def _format(supplier: Supplier, facts: Facts) -> Args | None:
    return {} if supplier.formats and facts.format not in supplier.formats else None


def _on_the_spot(supplier: Supplier, facts: Facts) -> Args | None:
    """A reference copy is not lent, but can be copied from."""
    barred = SHELF_ONLY if facts.service == "loan" else SHELF_ONLY[1:]
    return {} if supplier.availability in barred else None


def _do_not_route(supplier: Supplier, facts: Facts) -> Args | None:
    return {} if supplier.do_not_route else None


def _cap(supplier: Supplier, facts: Facts) -> Args | None:
    full = supplier.max_open is not None and supplier.open_supplies >= supplier.max_open
    return {"count": supplier.open_supplies} if full else None


def _week(supplier: Supplier, facts: Facts) -> Args | None:
    full = supplier.max_week is not None and supplier.supplied_week >= supplier.max_week
    return {"count": supplier.supplied_week} if full else None


def _month(supplier: Supplier, facts: Facts) -> Args | None:
    full = supplier.max_month is not None and supplier.supplied_month >= supplier.max_month
    return {"count": supplier.supplied_month} if full else None


def _yearly(supplier: Supplier, facts: Facts) -> Args | None:
    full = supplier.max_per_requester is not None and supplier.served_this_year >= supplier.max_per_requester
    return {"count": supplier.served_this_year} if full else None


def _paused(supplier: Supplier, facts: Facts) -> Args | None:
    """The library gave so much more than it got that it pauses; an agreement without reciprocity lifts the pause."""
    if supplier.pause_deficit is None or supplier.no_reciprocity:
        return None
    return {"count": round(supplier.net_surplus)} if supplier.net_surplus > supplier.pause_deficit else None


def _cost(supplier: Supplier, facts: Facts) -> Args | None:
    if facts.cost_limit is None or supplier.cost is None or supplier.cost <= facts.cost_limit:
        return None
    return {"amount": str(supplier.cost), "currency": supplier.currency}


RULES: tuple[tuple[str, Rule], ...] = (
    ("own", _own), ("outside", _outside), ("not_active", _not_active), ("tried", _tried), ("service", _service),
    ("on_the_spot", _on_the_spot), ("format", _format), ("level", _level), ("do_not_route", _do_not_route),
    ("cap", _cap), ("week", _week), ("month", _month), ("yearly", _yearly), ("paused", _paused), ("cost", _cost),
)  # fmt: skip


def why_not(supplier: Supplier, facts: Facts) -> Left | None:
    """The first rule that keeps this library from being asked; None when it may be."""
    for code, rule in RULES:
        if (args := rule(supplier, facts)) is not None:
            return Left(supplier.library_id, supplier.name, code, args)
    return None


def screen(suppliers: Iterable[Supplier], facts: Facts) -> tuple[list[Supplier], list[Left]]:
    """Who may be asked, and who not with the reason.

    Libraries closed for long are passed over only while somebody else is left: when all are closed (a long holiday),
    the request waits with the first of them rather than end.
    """
    able: list[Supplier] = []
    left: list[Left] = []
    closed: list[Supplier] = []
    limit = CLOSED_LIMIT_HOURS.get(facts.level, CLOSED_LIMIT_HOURS[RUSH])
    for supplier in suppliers:
        reason = why_not(supplier, facts)
        if reason is not None:
            left.append(reason)
        elif supplier.closed_hours > limit:
            closed.append(supplier)
        else:
            able.append(supplier)
    if not able:
        return closed, left
    left += [Left(s.library_id, s.name, "closed", {"days": round(s.closed_hours / 24)}) for s in closed]
    return able, left
