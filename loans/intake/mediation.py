"""May a request go out without a librarian's look? By the library's rules; anything unusual falls back to staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from loans.choices import MediationEffect, RequestOrigin
from loans.intake.findings import Finding
from loans.models import MediationRule, Request

# A librarian who asks for a reader wrote these down; nobody has to look at them a second time.
KNOWN_TO_STAFF = ("fast", "soon", "note")


@dataclass(frozen=True)
class Mediation:
    """`why` tells the librarian why the request waits; empty where it goes out by itself."""

    auto: bool
    why: tuple[Finding, ...] = ()


def mediation_decide(request: Request, findings: Iterable[Finding] = ()) -> Mediation:
    """The first active rule that fits decides, by position; without one, the reader's category; else staff look.

    A rule never lets anything through that a check found unusual, nor what costs more than the rule or the category
    allows. What a librarian asked for a reader goes out unless it is unusual. At most one query.
    """
    by_staff = request.source == RequestOrigin.STAFF
    unusual = tuple(
        finding
        for finding in findings
        if finding.needs_staff and not (by_staff and finding.code in KNOWN_TO_STAFF)
    )
    if unusual:
        return Mediation(False, unusual)
    if _costs_more(request, _limit_of(request)):
        return Mediation(False, (Finding("cost"),))
    if by_staff:
        return Mediation(True)
    rules = MediationRule.objects.filter(library_id=request.requesting_library_id, is_active=True)
    rule = next((rule for rule in rules if fits(rule, request)), None)
    if rule is not None:
        auto = rule.effect == MediationEffect.AUTO
        return Mediation(auto, () if auto else (Finding("by_rule"),))
    if request.patron_category is not None and request.patron_category.unmediated:
        return Mediation(True)
    return Mediation(False, (Finding("no_rule"),))


def fits(rule: MediationRule, request: Request) -> bool:
    """Empty conditions fit everything; an amount fits what is quoted up to it (nothing quoted costs nothing)."""
    return (
        rule.category_id in (None, request.patron_category_id)
        and rule.service in ("", request.service)
        and rule.format in ("", format_of(request))
        and rule.level in ("", request.level)
        and not _costs_more(request, rule.max_amount)
    )


def format_of(request: Request) -> str:
    return request.edition.format if request.edition is not None else str(request.citation.get("format", ""))


def _limit_of(request: Request) -> Decimal | None:
    # A price the reader has said yes to is no longer held against their own limit.
    limits = [request.cost_limit_amount if request.cost_approved_at is None else None]
    if request.patron_category is not None:
        limits.append(request.patron_category.cost_limit_amount)
    return min((limit for limit in limits if limit is not None), default=None)


def _costs_more(request: Request, limit: Decimal | None) -> bool:
    return limit is not None and (request.quoted_amount or Decimal(0)) > limit
