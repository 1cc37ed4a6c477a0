"""A library's terms in sentences, as its page of terms prints them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.choices import CostBasis, ServiceKind
from members.models import LibraryPolicy


def money(amount: Decimal, currency: str) -> str:
    """Whole amounts without decimals: "IDR 5.000"."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{currency} {number_format(amount, places, force_grouping=True)}"


def policy_facts(policy: LibraryPolicy) -> list[tuple[str, str]]:
    """What a library's terms for one service come to; limits that are not set are left out."""
    if not policy.supplies:
        return [(_("Supplies"), _("no"))]
    loan = policy.service == ServiceKind.LOAN
    levels = [label for ticked, label in ((policy.rush, _("rush")), (policy.express, _("express"))) if ticked]
    rows = [
        (_("Supplies"), ", ".join([_("normal"), *levels])),
        (_("Loan period"), _days(policy.loan_days) if loan else ""),
        (_("Renewals"), _renewals(policy) if loan else ""),
        (_("Costs"), cost_words(policy)),
        (_("Requests a day"), str(policy.daily_capacity)),
        (_("Supplies at a time, at most"), str(policy.max_open or "")),
        (_("In seven days, at most"), str(policy.max_week or "")),
        (_("In thirty days, at most"), str(policy.max_month or "")),
        (_("To one library in a year, at most"), str(policy.max_per_requester_year or "")),
    ]
    return [(label, value) for label, value in rows if value]


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _renewals(policy: LibraryPolicy) -> str:
    if not policy.renewals_max:
        return _("none")
    return _("%(count)s times %(days)s") % {"count": policy.renewals_max, "days": _days(policy.renew_days)}


def cost_words(policy: LibraryPolicy) -> str:
    if policy.cost_basis == CostBasis.FREE:
        return _("free of charge")
    if policy.cost_basis == CostBasis.QUOTE:
        return _("named for each request")
    text = money(policy.cost_amount, policy.currency)
    if policy.per_page_amount:
        text = _("%(amount)s and %(page)s a page") % {
            "amount": text, "page": money(policy.per_page_amount, policy.currency),
        }  # fmt: skip
    return text


def _span(first: Any, last: Any) -> str:
    if first and last:
        return f"{date_format(first)} – {date_format(last)}"
    if first:
        return _("from %(day)s") % {"day": date_format(first)}
    return _("until %(day)s") % {"day": date_format(last)} if last else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def fee_words(row: Any) -> str:
    price = money(row.amount, row.currency)
    if row.per_page_amount:
        price = _("%(amount)s for %(pages)s pages, %(page)s for each further one") % {
            "amount": price, "pages": row.first_pages, "page": money(row.per_page_amount, row.currency),
        }  # fmt: skip
    kind = _joined(row.get_service_display(), row.get_level_display())
    return _joined(
        f"{kind}: {price}",
        str(row.category or ""),
        _("the reader pays") if row.payer == "patron" else _("the reader's library pays"),
        _span(row.valid_from, row.valid_until),
    )


def pickup_words(row: Any) -> str:
    return _joined(
        row.name,
        row.address,
        row.hours_text,
        _("proposed first") if row.is_default else "",
        "" if row.is_active else _("closed"),
    )


def do_not_route_words(row: Any) -> str:
    return _joined(
        row.other.name,
        row.get_direction_display(),
        row.get_service_display() or _("Loans and copies"),
        row.reason,
        _span(None, row.until),
    )


def agreement_words(row: Any) -> str:
    who = row.network.name if row.network else ", ".join(party.library.name for party in row.parties.all())
    price = _("free of charge") if row.free else money(row.amount, row.currency)
    return _joined(row.name, who, price, _span(row.valid_from, row.valid_until))
