"""Reading prices, charges and statements. `quotes_for` loads the terms that loans.money.quote weighs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from loans.models import Charge, Request, Statement
from loans.money import quote as pricing
from loans.money.quote import Quote
from members.models import (
    AgreementParty,
    AgreementTerm,
    ExchangeRate,
    FeeRule,
    Library,
    LibraryPolicy,
    NetworkMember,
)
from members.permissions import Capability
from network_portal.core.actor import Actor


def quote_of(request: Request, supplier: Library) -> Quote:
    """What the supplier asks for this request, now."""
    return quotes_for(request, [supplier.pk])[supplier.pk]


def quotes_for(request: Request, supplier_ids: Iterable[int]) -> dict[int, Quote]:
    """The prices of all these suppliers; six queries at most, however many they are."""
    ids = set(supplier_ids)
    prices = Prices(ids, {request.requesting_library_id}, request.service)
    return {pk: prices.of(_facts(request, pk)) for pk in ids}


class Prices:
    """The terms of many suppliers for many askers and one service, read in six queries; `of` then asks none."""

    def __init__(self, supplier_ids: Iterable[int], requester_ids: Iterable[int], service: str) -> None:
        ids, askers = set(supplier_ids), set(requester_ids)
        self._policies = {
            row.library_id: _terms(row)
            for row in LibraryPolicy.objects.filter(library_id__in=ids, service=service)
        }
        self._fees: defaultdict[int, list[pricing.Fee]] = defaultdict(list)
        for rule in FeeRule.objects.filter(library_id__in=ids, service=service):
            self._fees[rule.library_id].append(_fee(rule))
        self._networks = _networks(ids | askers)
        networks = {network for asker in askers for network in self._networks[asker]}
        self._terms = [_agreement(term) for term in _agreements(askers, networks)]
        self._used = _used(askers, self._terms)

    def of(self, facts: pricing.Facts) -> Quote:
        """What the supplier of these facts asks; the networks both are in are filled in."""
        shared = self._networks[facts.requester_id] & self._networks[facts.supplier_id]
        own = self._networks[facts.requester_id]
        terms = (
            replace(term, used=self._used[term.pk, facts.requester_id, facts.supplier_id])
            if term.max_per_year is not None
            else term
            for term in self._terms
            if facts.requester_id in term.parties or term.network_id in own
        )
        policy = self._policies.get(facts.supplier_id)
        return pricing.quote(replace(facts, network_ids=shared), policy, terms, self._fees[facts.supplier_id])

    def agreement(self, pk: int | None) -> pricing.Agreement | None:
        """The agreement that a quote names."""
        return next((term for term in self._terms if term.pk == pk), None)


def pages_of(request: Request) -> int:
    """Of a copy, as far as known."""
    pages = request.part.get("pages_count") if isinstance(request.part, dict) else None
    return pages if isinstance(pages, int) and pages > 0 else 0


def _facts(request: Request, supplier_id: int) -> pricing.Facts:
    return pricing.Facts(
        service=request.service,
        requester_id=request.requesting_library_id,
        supplier_id=supplier_id,
        at=timezone.localtime(),
        level=request.level,
        format=request.edition.format if request.edition else "",
        category_id=request.patron_category_id,
        pages=pages_of(request),
    )


def _terms(row: LibraryPolicy) -> pricing.Terms:
    return pricing.Terms(row.cost_basis, row.cost_amount, row.per_page_amount, row.currency)


def _fee(row: FeeRule) -> pricing.Fee:
    return pricing.Fee(
        service=row.service, level=row.level, payer=row.payer, format=row.format, category_id=row.category_id,
        first_pages=row.first_pages, amount=row.amount, per_page=row.per_page_amount, currency=row.currency,
        valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip


def _agreement(row: AgreementTerm) -> pricing.Agreement:
    return pricing.Agreement(
        pk=row.pk, name=row.name, scope=row.scope, valid_from=row.valid_from, valid_until=row.valid_until,
        network_id=row.network_id, parties=frozenset(party.library_id for party in row.parties.all()),
        services=frozenset(row.services), free=row.free, amount=row.amount, currency=row.currency,
        priority=row.priority, max_per_year=row.max_per_year, no_reciprocity=row.no_reciprocity,
    )  # fmt: skip


def _networks(library_ids: set[int]) -> defaultdict[int, frozenset[int]]:
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    rows = NetworkMember.objects.filter(library_id__in=library_ids, is_active=True)
    for library_id, network_id in rows.values_list("library_id", "network_id"):
        found[library_id] |= {network_id}
    return found


def _agreements(library_ids: set[int], networks: set[int]) -> QuerySet[AgreementTerm]:
    """Those that bind one of the libraries today."""
    today = timezone.localdate()
    named = AgreementParty.objects.filter(library_id__in=library_ids).values("agreement_id")
    return (
        AgreementTerm.objects.filter(Q(pk__in=named) | Q(scope="network", network_id__in=networks))
        .filter(Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today)
        .prefetch_related("parties")
    )


def _used(library_ids: set[int], terms: list[pricing.Agreement]) -> Counter[tuple[int, int, int]]:
    """Charges under limited agreements this year, by (agreement, asker, supplier)."""
    limited = [term.pk for term in terms if term.max_per_year is not None]
    if not limited:
        return Counter()
    rows = Charge.objects.filter(
        agreement_id__in=limited,
        request__requesting_library_id__in=library_ids,
        kind__in=("supply", "copy"),
        at__year=timezone.localdate().year,
    )
    found = rows.values_list("agreement_id", "request__requesting_library_id", "payee_library_id")
    return Counter((int(term), int(asker), int(payee)) for term, asker, payee in found if term)


# --- the ledger


def charges_visible_to(actor: Actor) -> QuerySet[Charge]:
    """What the actor's library is owed or owes; all of them for who runs the network. Newest first."""
    rows = Charge.objects.select_related(
        "request", "payer_library", "payee_library", "agreement", "statement"
    )
    if not _sees_all(actor):
        rows = rows.filter(Q(payee_library_id=actor.library_id) | Q(payer_library_id=actor.library_id))
    return rows.order_by("-id")


def charges_between(actor: Actor, first: date | None, last: date | None) -> QuerySet[Charge]:
    rows = charges_visible_to(actor)
    if first:
        rows = rows.filter(at__date__gte=first)
    return rows.filter(at__date__lte=last) if last else rows


def charges_of_request(request: Request, actor: Actor) -> list[Charge]:
    """Of one request, oldest first: those the actor's library owes or is owed, its readers' included."""
    rows = Charge.objects.filter(request=request).select_related(
        "payer_library", "payee_library", "agreement"
    )
    if _sees_all(actor):
        return list(rows)
    mine = Q(payee_library_id=actor.library_id) | Q(payer_library_id=actor.library_id)
    if actor.library_id == request.requesting_library_id:
        mine |= Q(payer_library=None)
    return list(rows.filter(mine))


def charges_of_reader(request: Request) -> list[Charge]:
    """What the reader pays for a request."""
    rows = Charge.objects.filter(request=request, payer_library=None)
    return list(rows.select_related("payer_library", "payee_library", "agreement"))


def exchange_rates() -> QuerySet[ExchangeRate]:
    """By currency, the newest first."""
    return ExchangeRate.objects.order_by("currency", "-valid_from")


def statements_visible_to(actor: Actor) -> QuerySet[Statement]:
    rows = Statement.objects.select_related("left", "right")
    if not _sees_all(actor):
        rows = rows.filter(Q(left_id=actor.library_id) | Q(right_id=actor.library_id))
    return rows


def statements_with_lines(actor: Actor) -> QuerySet[Statement]:
    """The same, each with the charges it is made of."""
    lines = Charge.objects.select_related("request", "payer_library", "payee_library").order_by("id")
    return statements_visible_to(actor).prefetch_related(Prefetch("charges", queryset=lines))


def _sees_all(actor: Actor) -> bool:
    return actor.is_system or actor.can(Capability.NETWORK_MANAGE)
