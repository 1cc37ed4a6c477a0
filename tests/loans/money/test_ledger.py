"""Charges and statements in the database: made once, never higher than agreed, seen by the two libraries alone."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from loans.choices import ChargeKind, ChargeState
from loans.models import Charge, Request, Statement, SupplyAttempt
from loans.money.charges import charge_after
from loans.money.quote import Basis
from loans.selectors.money import quote_of, quotes_for
from loans.services import money as services
from loans.tasks_money import make_statements
from loans.workflow import engine
from loans.workflow.steps import ACTIONS
from loans.workflow.taking import Taking
from members.choices import Role
from members.models import (
    AgreementParty,
    AgreementTerm,
    ExchangeRate,
    FeeRule,
    LibraryPolicy,
    Membership,
    Network,
    NetworkMember,
)
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from tests.loans.coordination.scene import at_desk, person, star, take
from tests.loans.figures.facts import DAY, Facts
from tests.loans.pages import client_of as world_client
from tests.loans.world import World, params_for
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
PORTAL = Actor.system()


@pytest.fixture
def facts(settings: Any) -> Facts:
    settings.STAFF_MFA_REQUIRED = False
    return Facts()


def attempt_of(request: Request) -> SupplyAttempt:
    return request.attempts.get()


def charged(facts: Facts, amount: int = 5000, *, back: bool = False, **fields: Any) -> Charge:
    """A due charge of March: the home library owes the lender, or (back) the other way round."""
    payee, payer = (facts.home, facts.lender) if back else (facts.lender, facts.home)
    values = {
        "kind": ChargeKind.SUPPLY,
        "amount": Decimal(amount),
        "currency": "IDR",
        "actor": PORTAL,
    } | fields
    charge = services.charge_add(request=facts.supplied(), payee=payee, payer=payer, **values)
    Charge.objects.filter(pk=charge.pk).update(at=DAY)
    return charge


def manager_of(library: Any, name: str = "m") -> Client:
    return client_of(make_member(f"{name}@example.org", library, Role.MANAGER))


def test_quote_reads_agreement_fees_and_policy_of_the_supplier(facts: Facts) -> None:
    request = facts.supplied()
    assert quote_of(request, facts.lender).basis is Basis.FREE
    LibraryPolicy.objects.create(library=facts.lender, service="loan", cost_basis="fixed", cost_amount=900)
    assert quote_of(request, facts.lender).amount == 900
    FeeRule.objects.create(library=facts.lender, service="loan", amount=700)
    assert quote_of(request, facts.lender).amount == 700
    term = AgreementTerm.objects.create(
        name="Jabar", scope="pair", valid_from=date(2020, 1, 1), max_per_year=1
    )
    for library in (facts.home, facts.lender):
        AgreementParty.objects.create(agreement=term, library=library)
    assert quote_of(request, facts.lender).free_by == "Jabar"
    charged(facts, 0, agreement=term)
    Charge.objects.update(at=timezone.now())
    assert quote_of(request, facts.lender).amount == 700, "the agreement's one supply of the year is used"


def test_agreement_of_a_network_binds_its_members_only(facts: Facts) -> None:
    network = Network.objects.create(code="JBR", name="Jabar")
    AgreementTerm.objects.create(name="Jabar", scope="network", network=network, valid_from=date(2020, 1, 1))
    FeeRule.objects.create(library=facts.lender, service="loan", amount=700)
    NetworkMember.objects.create(network=network, library=facts.home)
    assert quote_of(facts.supplied(), facts.lender).amount == 700
    NetworkMember.objects.create(network=network, library=facts.lender)
    assert quote_of(facts.supplied(), facts.lender).free_by == "Jabar"


def test_prices_of_many_suppliers_cost_no_more_queries_than_one(
    facts: Facts, django_assert_max_num_queries: Any
) -> None:
    request = facts.supplied()
    suppliers = [make_library(f"L{n}").pk for n in range(20)]
    FeeRule.objects.create(library_id=suppliers[3], service="loan", amount=300)
    with django_assert_max_num_queries(6):
        found = quotes_for(request, suppliers)
    assert {pk for pk, quote in found.items() if quote.amount} == {suppliers[3]}


def test_sending_an_item_charges_it_once(facts: Facts) -> None:
    FeeRule.objects.create(library=facts.lender, service="loan", amount=700)
    attempt = attempt_of(facts.supplied())
    taking = Taking(attempt.request, attempt, ACTIONS["ship"], PORTAL, timezone.now(), {})
    charge_after(taking)
    charge_after(taking)
    charge = Charge.objects.get()
    assert (charge.amount, charge.payee_library, charge.payer_library) == (700, facts.lender, facts.home)


def test_other_steps_and_free_supplies_charge_nothing(facts: Facts) -> None:
    attempt = attempt_of(facts.supplied())
    for action in ("accept", "ship"):
        charge_after(Taking(attempt.request, attempt, ACTIONS[action], PORTAL, timezone.now(), {}))
    assert not Charge.objects.exists()


def test_reader_pays_where_the_fee_says_so(facts: Facts) -> None:
    FeeRule.objects.create(library=facts.lender, service="loan", amount=700, payer="patron")
    charge = services.supply_charge(attempt=attempt_of(facts.supplied()), actor=PORTAL)
    assert charge is not None
    assert charge.payer_library is None


def test_approved_quote_cannot_grow(facts: Facts) -> None:
    FeeRule.objects.create(library=facts.lender, service="loan", amount=9000)
    request = facts.supplied(quoted_amount=700, currency="IDR", cost_approved_at=DAY)
    charge = services.supply_charge(attempt=attempt_of(request), actor=PORTAL)
    assert charge is not None
    assert charge.amount == 700
    with pytest.raises(RuleViolation) as refused:
        services.charge_add(
            request=request, payee=facts.lender, payer=facts.home, kind=ChargeKind.SUPPLY, currency="IDR",
            amount=Decimal("700.01"), actor=PORTAL,
        )  # fmt: skip
    assert refused.value.code == "above_quote"


def test_cheaper_than_agreed_stays_cheaper(facts: Facts) -> None:
    FeeRule.objects.create(library=facts.lender, service="loan", amount=500)
    request = facts.supplied(quoted_amount=700, currency="IDR", cost_approved_at=DAY)
    charge = services.supply_charge(attempt=attempt_of(request), actor=PORTAL)
    assert charge is not None
    assert charge.amount == 500


def test_rate_of_the_day_is_kept_with_the_charge(facts: Facts) -> None:
    network = Network.objects.create(code="JBR", name="Jabar")
    for rate, day in ((15000, date(2026, 1, 1)), (16000, date(2026, 3, 1)), (99999, date(2999, 1, 1))):
        ExchangeRate.objects.create(currency="USD", per_unit=rate, valid_from=day)
    charge = services.charge_add(
        request=facts.supplied(network=network), payee=facts.lender, payer=facts.home, kind=ChargeKind.COPY,
        amount=Decimal(2), currency="USD", actor=PORTAL,
    )  # fmt: skip
    assert charge.rate == 16000


def test_statement_of_a_month_is_made_once(facts: Facts) -> None:
    charged(facts, 5000)
    charged(facts, 2000, back=True)
    charged(facts, 3, currency="USD")
    assert services.statements_make(MARCH) == 2
    assert services.statements_make(MARCH) == 0
    rupiah = Statement.objects.get(currency="IDR")
    assert {rupiah.gross_left, rupiah.gross_right} == {Decimal(5000), Decimal(2000)}
    assert abs(rupiah.net) == 3000
    assert services.receiver_id(rupiah) == facts.lender.pk
    assert rupiah.charges.count() == 2


def test_statements_are_narrowed_and_taken_along_as_a_file(facts: Facts) -> None:
    charged(facts, 5000)
    charged(facts, 3, currency="USD")
    services.statements_make(MARCH)
    client = client_of(make_member("kepala-akun@example.org", facts.lender, "manager"))
    client.cookies["django_language"] = "en"
    url = reverse("loans:money_statements")
    assert client.get(url, {"year": "2026"}).context["page"].paginator.count == 2
    assert client.get(url, {"year": "2025"}).context["page"].paginator.count == 0
    answer: Any = client.get(url, {"format": "csv", "sort": "old"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Month,Library,Currency") and len(lines) == 3
    assert all(line.startswith("2026-03,") for line in lines[1:])


def test_charge_that_comes_late_stands_in_the_next_statement(facts: Facts) -> None:
    charged(facts)
    services.statements_make(MARCH)
    late = charged(facts, 700)
    assert services.statements_make(MARCH) == 0
    assert services.statements_make(date(2026, 4, 1)) == 1
    late.refresh_from_db()
    assert late.statement is not None
    assert late.statement.month == date(2026, 4, 1)


def test_waived_readers_and_taken_back_charges_are_in_no_statement(facts: Facts) -> None:
    services.charge_waive(charge=charged(facts), actor=PORTAL)
    Charge.objects.filter(pk=charged(facts).pk).update(payer_library=None)
    back = charged(facts)
    attempt = attempt_of(back.request)
    Charge.objects.filter(pk=back.pk).update(attempt=attempt)
    SupplyAttempt.objects.filter(pk=attempt.pk).update(status="withdrawn")
    assert services.statements_make(MARCH) == 0


def test_month_that_is_not_over_has_no_statement() -> None:
    with pytest.raises(RuleViolation) as refused:
        services.statements_make(timezone.localdate())
    assert refused.value.code == "month_not_over"


def test_refund_goes_the_other_way_and_never_exceeds_the_charge(facts: Facts) -> None:
    charge = charged(facts)
    services.charge_refund(charge=charge, actor=PORTAL, amount=Decimal(4000))
    refund = Charge.objects.get(kind="refund")
    assert (refund.payee_library, refund.payer_library) == (facts.home, facts.lender)
    with pytest.raises(RuleViolation) as refused:
        services.charge_refund(charge=charge, actor=PORTAL, amount=Decimal(1001))
    assert refused.value.code == "refund_too_high"
    Charge.objects.update(at=DAY)
    services.statements_make(MARCH)
    assert abs(Statement.objects.get().net) == 1000


def test_charge_in_a_statement_is_not_waived_any_more(facts: Facts) -> None:
    charge = charged(facts)
    services.statements_make(MARCH)
    with pytest.raises(Conflict) as refused:
        services.charge_waive(charge=charge, actor=PORTAL)
    assert refused.value.code == "in_statement"


def test_payer_agrees_and_receiver_says_the_money_came(facts: Facts) -> None:
    charge = charged(facts)
    services.statements_make(MARCH)
    pk = Statement.objects.get().pk
    payer, receiver = manager_of(facts.home, "a"), manager_of(facts.lender, "b")
    assert payer.post(f"/money/statements/{pk}/settle/").status_code == 409
    assert receiver.post(f"/money/statements/{pk}/agree/").status_code == 409
    assert payer.post(f"/money/statements/{pk}/agree/").status_code == 302
    assert receiver.post(f"/money/statements/{pk}/settle/").status_code == 302
    charge.refresh_from_db()
    assert charge.state == ChargeState.SETTLED
    assert payer.post(f"/money/statements/{pk}/dispute/", {"note": "x"}).status_code == 409


def test_dispute_needs_a_reason_and_can_be_agreed_on_later(facts: Facts) -> None:
    charged(facts)
    services.statements_make(MARCH)
    row = Statement.objects.get()
    payer = manager_of(facts.home)
    page = f"/money/statements/{row.pk}/dispute/"
    assert payer.post(page, {"note": " "}).context["form"].errors
    payer.post(page, {"note": "Buku itu tidak pernah sampai"})
    row.refresh_from_db()
    assert row.state == "disputed"
    assert payer.post(f"/money/statements/{row.pk}/agree/").status_code == 302


def test_money_of_two_libraries_is_hidden_from_a_third(facts: Facts) -> None:
    charge = charged(facts)
    services.statements_make(MARCH)
    row = Statement.objects.get()
    third = manager_of(make_library("TIGA"))
    assert third.get(f"/money/statements/{row.pk}/").status_code == 404
    assert third.post(f"/money/charges/{charge.pk}/refund/").status_code == 404
    assert not third.get("/money/?since=2026-03-01&until=2026-03-31").context["lines"]
    payer = manager_of(facts.home, "p")
    assert payer.get(f"/money/statements/{row.pk}/").status_code == 200
    assert payer.post(f"/money/charges/{charge.pk}/refund/").status_code == 404, "only the payee pays back"


def test_ledger_tells_page_and_csv_alike(facts: Facts) -> None:
    charged(facts, 5000)
    charged(facts, 2000, back=True)
    client = manager_of(facts.home)
    days = {"since": "2026-03-01", "until": "2026-03-31"}
    lines = client.get("/money/", days).context["lines"]
    found = list(
        csv.reader(
            io.StringIO(client.get("/money/", days | {"format": "csv"}).getvalue().decode("utf-8-sig"))
        )
    )
    assert (
        [row[6] for row in found[1:]] == [str(line.charge.amount) for line in lines] == ["2000.00", "5000.00"]
    )
    assert [line.owed_to_us for line in lines] == [True, False]


def test_own_charge_is_waived_from_the_ledger(facts: Facts) -> None:
    charge = charged(facts)
    assert manager_of(facts.lender).post(f"/money/charges/{charge.pk}/waive/").status_code == 302
    charge.refresh_from_db()
    assert charge.state == ChargeState.WAIVED


def test_statements_are_for_the_month_before() -> None:
    assert services.last_month(date(2026, 1, 1)) == date(2025, 12, 1)
    assert services.last_month(date(2026, 3, 31)) == date(2026, 2, 1)
    assert services.last_month() < timezone.localdate() - timedelta(days=0)


def test_task_makes_last_months_statements_once(facts: Facts) -> None:
    charged(facts)
    assert make_statements() == 1
    assert make_statements() == 0


def test_through_an_opaque_hub_each_owes_its_neighbour(world: World) -> None:
    """So that no ledger, statement or file names the other end; the coordinator's account is even."""
    star(world)
    lender, hub = world.libraries["SMG"], world.libraries["MKS"]
    LibraryPolicy.objects.update_or_create(
        library=lender, service="loan", defaults={"cost_basis": "fixed", "cost_amount": Decimal(7000)}
    )
    request = take(at_desk(world), "assign", person(world, "MKS"), library_id=lender.pk)
    for action in ("accept", "ship"):
        request = engine.transition(request, action, world.supplier(request), **params_for(action, request))
    assert owed(request) == {("SMG", "MKS", 7000), ("MKS", "BDG", 7000)}
    assert request.number.startswith("MKS-"), "a number stands on every page and would tell who borrows"
    for code, other in (("BDG", lender), ("SMG", world.home)):
        Membership.objects.filter(user=world.people[code]).update(role=Role.MANAGER)
        page = world_client(world, code).get("/money/")
        lines = world_client(world, code).get("/money/?format=csv")
        told = page.content.decode() + lines.getvalue().decode()
        assert hub.name in told and "7" in told
        assert other.name not in told and f"{other.short_code}," not in told
    first = Charge.objects.get(request=request, leg_of=None)
    services.charge_waive(charge=first, actor=PORTAL)
    assert owed(request) == set()
    assert Charge.objects.filter(request=request, state=ChargeState.WAIVED).count() == 2


def test_what_is_paid_back_through_an_opaque_hub_reaches_who_paid(world: World) -> None:
    star(world)
    lender = world.libraries["SMG"]
    LibraryPolicy.objects.update_or_create(
        library=lender, service="loan", defaults={"cost_basis": "fixed", "cost_amount": Decimal(7000)}
    )
    request = take(at_desk(world), "assign", person(world, "MKS"), library_id=lender.pk)
    for action in ("accept", "ship"):
        request = engine.transition(request, action, world.supplier(request), **params_for(action, request))
    Charge.objects.filter(request=request).update(at=timezone.now() - timedelta(days=40))
    month = services.last_month()
    while not Statement.objects.exists():
        services.statements_make(month)
        month = services.last_month(month)
    assert Statement.objects.count() == 2, "borrower and hub, hub and lender"
    first = Charge.objects.get(request=request, leg_of=None, kind=ChargeKind.SUPPLY)
    services.charge_refund(charge=first, actor=PORTAL, amount=Decimal(3000))
    assert owed(request, kind=ChargeKind.REFUND) == {("MKS", "SMG", 3000), ("BDG", "MKS", 3000)}
    with pytest.raises(RuleViolation):
        services.charge_refund(charge=first, actor=PORTAL, amount=Decimal(5000))


def owed(request: Request, **only: Any) -> set[tuple[str, str, int]]:
    """(whom, who owes it, how much) of all that is open."""
    rows = Charge.objects.filter(request=request, **only).exclude(state=ChargeState.WAIVED)
    return {
        (row.payee_library.short_code, row.payer_library.short_code, int(row.amount))
        for row in rows
        if row.payer_library
    }
