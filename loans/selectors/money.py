"""Reading prices, charges and statements. `quotes_for` loads the terms that loans.money.quote weighs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from loans.models import Charge, Request, Statement
from loans.money import quote as pricing
from loans.money.quote import Quote
from members.models import AgreementParty, AgreementTerm, FeeRule, Library, LibraryPolicy, NetworkMember
from members.permissions import Capability
from network_portal.core.actor import Actor


def quote_of(request: Request, supplier: Library) -> Quote:
    """What the supplier asks for this request, now."""
    return quotes_for(request, [supplier.pk])[supplier.pk]


def quotes_for(request: Request, supplier_ids: Iterable[int]) -> dict[int, Quote]:
    """The prices of all these suppliers; six queries at most, however many they are."""
    ids = set(supplier_ids)
    policies = {
        row.library_id: _terms(row)
        for row in LibraryPolicy.objects.filter(library_id__in=ids, service=request.service)
    }
    fees: defaultdict[int, list[pricing.Fee]] = defaultdict(list)
    for rule in FeeRule.objects.filter(library_id__in=ids, service=request.service):
        fees[rule.library_id].append(_fee(rule))
    networks = _networks(ids | {request.requesting_library_id})
    own = networks[request.requesting_library_id]
    terms = list(_agreements(request.requesting_library_id, own))
    used = _used(request, terms)
    return {
        pk: pricing.quote(
            _facts(request, pk, own & networks[pk]),
            policies.get(pk),
            [_agreement(term, used[term.pk, pk]) for term in terms],
            fees[pk],
        )
        for pk in ids
    }


def _facts(request: Request, supplier_id: int, shared: frozenset[int]) -> pricing.Facts:
    pages = request.part.get("pages_count") if isinstance(request.part, dict) else None
    return pricing.Facts(
        service=request.service,
        requester_id=request.requesting_library_id,
        supplier_id=supplier_id,
        at=timezone.localtime(),
        level=request.level,
        format=request.edition.format if request.edition else "",
        category_id=request.patron_category_id,
        network_ids=shared,
        pages=pages if isinstance(pages, int) and pages > 0 else 0,
    )


def _terms(row: LibraryPolicy) -> pricing.Terms:
    return pricing.Terms(row.cost_basis, row.cost_amount, row.per_page_amount, row.currency)


def _fee(row: FeeRule) -> pricing.Fee:
    return pricing.Fee(
        service=row.service, level=row.level, payer=row.payer, format=row.format, category_id=row.category_id,
        first_pages=row.first_pages, amount=row.amount, per_page=row.per_page_amount, currency=row.currency,
        valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip


def _agreement(row: AgreementTerm, used: int) -> pricing.Agreement:
    return pricing.Agreement(
        pk=row.pk, name=row.name, scope=row.scope, valid_from=row.valid_from, valid_until=row.valid_until,
        network_id=row.network_id, parties=frozenset(party.library_id for party in row.parties.all()),
        services=frozenset(row.services), free=row.free, amount=row.amount, currency=row.currency,
        priority=row.priority, max_per_year=row.max_per_year, used=used,
    )  # fmt: skip


def _networks(library_ids: set[int]) -> defaultdict[int, frozenset[int]]:
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    rows = NetworkMember.objects.filter(library_id__in=library_ids, is_active=True)
    for library_id, network_id in rows.values_list("library_id", "network_id"):
        found[library_id] |= {network_id}
    return found


def _agreements(library_id: int, networks: frozenset[int]) -> QuerySet[AgreementTerm]:
    """Those that bind the library today."""
    today = timezone.localdate()
    named = AgreementParty.objects.filter(library_id=library_id).values("agreement_id")
    return (
        AgreementTerm.objects.filter(Q(pk__in=named) | Q(scope="network", network_id__in=networks))
        .filter(Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today)
        .prefetch_related("parties")
    )


def _used(request: Request, terms: list[AgreementTerm]) -> Counter[tuple[int, int]]:
    """Charges under limited agreements this year, by (agreement, supplier)."""
    limited = [term.pk for term in terms if term.max_per_year is not None]
    if not limited:
        return Counter()
    rows = Charge.objects.filter(
        agreement_id__in=limited,
        request__requesting_library_id=request.requesting_library_id,
        kind__in=("supply", "copy"),
        at__year=timezone.localdate().year,
    )
    return Counter(
        (int(term), int(payee)) for term, payee in rows.values_list("agreement_id", "payee_library_id")
    )


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
