"""What a reader pays is named before it is sent and never grows; lost books are claimed; both libraries see it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.matching.keys import match_keys
from catalog.models import MatchKey
from loans.choices import ChargeKind, ChargeState
from loans.citation import Citation
from loans.models import Charge, Request, Statement
from loans.services import request_submit
from loans.services.fixing import request_fix
from loans.services.money import statements_make
from loans.services.rates import rate_set
from loans.services.statement_mails import statement_tell
from loans.tasks_money import make_statements
from loans.workflow import engine
from members.choices import Role
from members.models import AgreementParty, AgreementTerm, ExchangeRate, FeeRule, LibraryPolicy
from network_portal.core.models import OutgoingMail
from tests.loans.pages import client_of, text_of
from tests.loans.world import World, make_person

pytestmark = pytest.mark.django_db
PRICE = Decimal(7500)


def _reader_pays(world: World, code: str = "JKT", amount: Decimal = PRICE) -> FeeRule:
    return FeeRule.objects.create(
        library=world.libraries[code],
        service="loan",
        payer="patron",
        amount=amount,
        valid_from=date(2020, 1, 1),
    )


def _sent(world: World, agreed: Decimal | None) -> Request:
    return request_submit(
        edition=world.edition, patron=world.patron, requesting_library=world.home, actor=world.reader,
        agreed_amount=agreed,
    )  # fmt: skip


def test_check_page_names_the_dearest_price_and_takes_the_yes(world: World) -> None:
    _reader_pays(world)
    _reader_pays(world, "SMG", Decimal(9000))
    client = client_of(world, "patron")
    begun = client.post(reverse("loans:request_new") + f"?edition={world.edition.pk}", {"level": "normal"})
    check = client.get(begun["Location"])
    assert "It costs at most IDR 9,000" in text_of(check)
    values = {"draft": check.context["key"], "price": check.context["price"]["amount"], "agree": "1"}
    client.post(reverse("loans:request_check"), values)
    made = Request.objects.get()
    assert (made.quoted_amount, made.status) == (9000, "submitted")
    assert made.cost_approved_at is not None


def test_without_a_yes_the_reader_is_asked_before_anything_else(world: World) -> None:
    _reader_pays(world)
    made = _sent(world, None)
    assert (made.status, made.quoted_amount, made.owner_side) == ("cost_approval", PRICE, "patron")
    assert OutgoingMail.objects.filter(template="loan_quote", to_email=world.patron.email).exists()
    page = text_of(client_of(world, "BDG").get(reverse("loans:request", args=[made.number])))
    assert "The reader was asked whether they agree to IDR 7,500." in page
    assert "Why this waits for you" not in page
    made = world.take(made, "approve_cost")
    assert made.cost_approved_at is not None


def test_librarian_writes_down_the_yes_of_the_reader(world: World) -> None:
    _reader_pays(world)
    client = client_of(world, "BDG")
    who = {"reader_name": "Mbah Sastro", "reader_contact": ""}
    chosen = client.post(reverse("loans:request_for_reader") + f"?edition={world.edition.pk}", who)
    check = client.get(client.post(chosen["Location"], {"level": "normal"})["Location"])
    assert "The reader agrees to pay up to IDR 7,500." in text_of(check)
    client.post(
        reverse("loans:request_check"), {"draft": check.context["key"], "price": "7500.00", "agree": "1"}
    )
    made = Request.objects.get()
    assert (made.reader, made.status, made.quoted_amount) == ("Mbah Sastro", "asked", PRICE)


def test_yes_to_less_than_it_costs_now_is_no_yes(world: World) -> None:
    _reader_pays(world)
    assert _sent(world, PRICE - 1).status == "cost_approval"


def test_where_libraries_pay_or_agreements_make_it_free_the_reader_is_asked_nothing(world: World) -> None:
    for code in ("JKT", "SMG", "MKS"):
        rule = _reader_pays(world, code)
        if code == "JKT":
            FeeRule.objects.filter(pk=rule.pk).update(payer="library")
    term = AgreementTerm.objects.create(
        name="Saling bantu", scope="group", valid_from=date(2020, 1, 1), free=True
    )
    for code in ("BDG", "SMG", "MKS"):
        AgreementParty.objects.create(agreement=term, library=world.libraries[code])
    made = _sent(world, None)
    assert (made.status, made.quoted_amount) == ("submitted", None)


def test_price_agreed_to_does_not_grow_though_the_list_does(world: World) -> None:
    rule = _reader_pays(world)
    request = world.take(_sent(world, PRICE), "approve", "accept")
    FeeRule.objects.filter(pk=rule.pk).update(amount=PRICE * 3)
    request = world.take(request, "ship")
    charge = Charge.objects.get(request=request)
    assert (charge.amount, charge.payer_library, charge.state) == (PRICE, None, "due")


def test_another_price_is_another_question(world: World) -> None:
    _reader_pays(world)
    request = _sent(world, PRICE)
    request = engine.transition(request, "ask_cost", world.desk, amount=PRICE * 2, note="Postage")
    assert (request.status, request.cost_approved_at) == ("cost_approval", None)


def test_lost_book_is_claimed_settled_and_stands_in_the_statement(world: World) -> None:
    request = world.take(world.request_in("lent"), "report_lost", "claim_cost")
    claim = Charge.objects.get(kind=ChargeKind.REPLACEMENT)
    assert (claim.state, claim.payer_library, claim.amount) == ("quoted", world.home, 90_000)
    assert claim.payee_library == world.libraries["JKT"]
    request = engine.transition(request, "settle_cost", world.supplier(request), reason="due")
    claim.refresh_from_db()
    assert (claim.state, claim.decided_at is not None) == ("due", True)
    engine.transition(request, "write_off", world.supplier(request))
    Charge.objects.update(at="2026-03-10T05:00:00Z")
    assert statements_make(date(2026, 3, 1)) == 1
    assert abs(Statement.objects.get().net) == 90_000


def test_claim_that_is_let_go_is_owed_by_nobody(world: World) -> None:
    request = world.take(world.request_in("lent"), "report_lost", "claim_cost")
    world.take(request, "settle_cost")
    assert Charge.objects.get().state == ChargeState.WAIVED


def test_both_libraries_see_the_charge_on_the_request_and_a_third_sees_nothing(world: World) -> None:
    LibraryPolicy.objects.create(
        library=world.libraries["JKT"], service="loan", cost_basis="fixed", cost_amount=5000, currency="IDR"
    )
    request = world.take(world.submit(), "approve")
    page = reverse("loans:request", args=[request.number])
    for who in ("BDG", "JKT"):
        assert "Perpustakaan Jakarta asks IDR 5,000." in text_of(client_of(world, who).get(page)), who
    request = world.take(request, "accept", "ship")
    told = "Perpustakaan Kota Bandung pays Perpustakaan Jakarta"
    for who in ("BDG", "JKT"):
        assert told in text_of(client_of(world, who).get(page)), who
    assert client_of(world, "SMG").get(page).status_code == 404
    reader = client_of(world, "patron").get(reverse("loans:my_request", args=[request.number]))
    assert "5,000" not in text_of(reader)  # what libraries pay each other is not the reader's


def test_library_asked_in_vain_learns_nothing_of_the_price(world: World) -> None:
    LibraryPolicy.objects.create(
        library=world.libraries["SMG"], service="loan", cost_basis="fixed", cost_amount=5000, currency="IDR"
    )
    request = world.take(world.submit(), "approve", "decline")
    page = reverse("loans:request", args=[request.number])
    assert "IDR 5,000" in text_of(client_of(world, "SMG").get(page))
    assert "IDR 5,000" not in text_of(client_of(world, "JKT").get(page))


def test_reader_sees_what_is_to_be_paid(world: World) -> None:
    _reader_pays(world)
    request = world.take(_sent(world, PRICE), "approve", "accept", "ship")
    page = text_of(client_of(world, "patron").get(reverse("loans:my_request", args=[request.number])))
    assert "The reader pays Perpustakaan Jakarta" in page
    assert "IDR 7,500" in page


def test_free_by_agreement_is_said_on_the_page(world: World) -> None:
    term = AgreementTerm.objects.create(
        name="Saling bantu", scope="group", valid_from=date(2020, 1, 1), free=True
    )
    for code in ("BDG", "JKT"):
        AgreementParty.objects.create(agreement=term, library=world.libraries[code])
    request = world.take(world.submit(), "approve")
    page = client_of(world, "BDG").get(reverse("loans:request", args=[request.number]))
    assert "Free by agreement: Saling bantu" in text_of(page)


def test_both_libraries_are_written_to_once_each_in_its_own_view(world: World) -> None:
    request = world.take(world.submit(), "approve", "accept", "ship")
    values = {
        "kind": "supply",
        "amount": 5000,
        "currency": "IDR",
        "state": "due",
        "payer_library": world.home,
    }
    Charge.objects.create(request=request, payee_library=world.libraries["JKT"], **values)
    Charge.objects.update(at="2026-03-10T05:00:00Z")
    statements_make(date(2026, 3, 1))
    statement = Statement.objects.get()
    assert (statement_tell(statement), statement_tell(statement)) == (2, 0)
    make_statements()
    mails = {mail.to_email: mail for mail in OutgoingMail.objects.filter(template="money_statement")}
    assert set(mails) == {"desk@bdg.example", "desk@jkt.example"}
    told = {address: re.sub(r"\s+", " ", mail.body_text) for address, mail in mails.items()}
    assert "Anda membayar IDR 5.000 kepada Perpustakaan Jakarta" in told["desk@bdg.example"]
    assert "Perpustakaan Kota Bandung membayar Anda IDR 5.000" in told["desk@jkt.example"]
    assert reverse("loans:money_statement", args=[statement.pk]) in mails["desk@bdg.example"].body_text


def test_coordinator_sets_exchange_rates_and_nobody_else(world: World) -> None:
    world.people["manager"] = make_person("manager@example.org", world.home, Role.MANAGER)
    page = reverse("loans:money_rates")
    assert client_of(world, "manager").get(page).status_code == 403
    client = client_of(world, "coordinator")
    assert page in client.get(reverse("loans:money_statements")).content.decode()
    assert list(client.post(page, {"currency": "US", "per_unit": "0"}).context["form"].errors) == [
        "currency", "per_unit", "valid_from",
    ]  # fmt: skip
    client.post(page, {"currency": "usd", "per_unit": "16250", "valid_from": "2026-01-01"})
    assert ExchangeRate.objects.get().currency == "USD"
    rate_set(
        currency="USD", per_unit=Decimal(16300), valid_from=date(2026, 1, 1), actor=world.actor("coordinator")
    )
    assert ExchangeRate.objects.get().per_unit == 16300
    assert "16300" in text_of(client.get(page))


def test_a_wish_that_gets_its_record_later_gets_its_price_then(world: World) -> None:
    """What was typed by hand names no library that could lend, so nobody could say what it costs."""
    _reader_pays(world)
    wish = Citation.of({"genre": "book", "title": "Pelangi"})
    made = request_submit(
        edition=None, citation=wish, patron=world.patron, requesting_library=world.home, actor=world.reader
    )  # fmt: skip
    assert made.quoted_amount is None
    record = world.edition.holdings.get(library=world.libraries["JKT"]).record
    assert record is not None
    keys = match_keys({"isbn": ["9789793062792"]})
    MatchKey.objects.bulk_create(MatchKey(record=record, key=key) for key in keys)
    asked = made if made.status == "needs_patron" else world.take(made, "ask_patron")
    told = Citation.of({"genre": "book", "title": "Laskar Pelangi", "isbn": "9789793062792"})
    fixed = request_fix(request=asked, citation=told, actor=world.reader)
    assert (fixed.edition, fixed.quoted_amount) == (world.edition, PRICE)
    assert fixed.status == "cost_approval"
