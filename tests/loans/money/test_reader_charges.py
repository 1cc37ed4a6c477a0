"""What a library asks of its own reader: a licence's fee, handling; and a condition dearer than what was agreed to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from loans.choices import ChargeKind, ChargeState
from loans.copyright.decisions import decision_store
from loans.intake.prices import price_for_reader
from loans.models import Charge, LicenceOffer, Request
from loans.money.charges import uncharge
from loans.workflow import engine
from network_portal.core.errors import RuleViolation
from tests.loans.copies.scene import copy_request, send_pdf
from tests.loans.pages import client_of, text_of
from tests.loans.world import World

pytestmark = pytest.mark.django_db
FEE = Decimal(12500)


def licensed(world: World) -> Request:
    """A copy that is allowed for a fee, which its reader has agreed to; the library that scans it has the scan."""
    LicenceOffer.objects.create(
        jurisdiction="ID", kind="issn", identifier="0126-1234", holder="LMK Karya Tulis", fee_amount=FEE
    )
    request = copy_request(
        world, "submitted", edition=world.edition, round=0, owner_side="requesting", owner_library=world.home
    )
    assert decision_store(request=request, actor=world.desk).fee_amount == FEE
    price = price_for_reader(request)
    assert price is not None
    assert (price.amount, price.currency) == (FEE, "IDR")
    request = world.take(request, "ask_cost", "approve_cost")
    return Request.objects.get(pk=request.pk)


def test_allowed_for_a_fee_is_agreed_to_and_owed_once_the_copy_is_made(world: World) -> None:
    request = licensed(world)
    Request.objects.filter(pk=request.pk).update(quoted_amount=FEE)
    request = Request.objects.get(pk=request.pk)
    for step in ("clear_copyright", "approve"):
        if request.status in ("copyright_review", "submitted"):
            request = engine.transition(request, step, world.desk)
    request = world.take(request, "accept")
    assert not Charge.objects.exists(), "nothing is owed before the copy is there"
    attempt = engine.live_attempt(request)
    assert attempt is not None
    send_pdf(attempt, world.supplier(request))
    request = world.take(request, "upload_done")
    charge = Charge.objects.get(kind=ChargeKind.LICENCE)
    assert (charge.amount, charge.payer_library, charge.payee_library) == (FEE, None, world.home)
    page = text_of(client_of(world, "patron").get(reverse("loans:my_request", args=[request.number])))
    assert "IDR 12,500" in page
    event = request.events.get(action="upload_done")
    uncharge(request, event, world.desk)
    charge.refresh_from_db()
    assert charge.state == ChargeState.WAIVED, "taken back with the step"


def test_without_a_fee_the_licence_costs_the_reader_nothing(world: World) -> None:
    LicenceOffer.objects.create(jurisdiction="ID", kind="issn", identifier="0126-1234", holder="LMK")
    request = copy_request(world, "submitted", edition=world.edition, round=0)
    assert decision_store(request=request, actor=world.desk).fee_amount is None
    assert price_for_reader(request) is None


def test_a_library_asks_its_own_reader_and_marks_it_as_paid(world: World) -> None:
    request = world.request_in("lent")
    page = reverse("loans:reader_charges", args=[request.number])
    client = client_of(world, "BDG")
    assert client.post(page, {"amount": "0", "note": ""}).status_code == 400
    client.post(page, {"amount": "5000", "note": "Plastic cover"})
    charge = Charge.objects.get()
    assert (charge.kind, charge.state, charge.payer_library) == (ChargeKind.HANDLING, ChargeState.DUE, None)
    mine = reverse("loans:my_request", args=[request.number])
    told = text_of(client_of(world, "patron").get(mine))
    assert "IDR 5,000" in told and "Plastic cover" in told
    assert "Plastic cover" not in text_of(
        client_of(world, "JKT").get(reverse("loans:request", args=[request.number]))
    )
    client.post(page, {"paid": charge.pk})
    client.post(page, {"paid": charge.pk})
    charge.refresh_from_db()
    assert (charge.state, charge.decided_by_name) == (ChargeState.SETTLED, world.desk.user_name)


@pytest.mark.parametrize(("who", "status"), [("JKT", 404), ("SMG", 404), ("patron", 403)])
def test_nobody_else_asks_the_reader_for_money(world: World, who: str, status: int) -> None:
    request = world.request_in("lent")
    page = reverse("loans:reader_charges", args=[request.number])
    assert client_of(world, who).post(page, {"amount": "5000", "note": "x"}).status_code == status
    assert not Charge.objects.exists()


def test_the_desk_cannot_agree_to_more_than_its_reader_did(world: World) -> None:
    request = world.request_in("conditional")  # the library asks 15,000
    Request.objects.filter(pk=request.pk).update(
        quoted_amount=Decimal(9000), currency="IDR", cost_approved_at=request.created_at
    )
    request = Request.objects.get(pk=request.pk)
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, "agree", world.desk)
    assert refused.value.code == "ask_reader"
    request = world.take(request, "ask_patron_cost", "accept_condition_cost")
    assert (request.status, request.quoted_amount) == ("will_supply", Decimal(15000))
    request = world.take(request, "ship")
    assert Charge.objects.get().amount == Decimal(15000), "the lender gets what was agreed to anew"


def test_a_cheaper_condition_needs_no_other_yes(world: World) -> None:
    request = world.request_in("conditional")
    Request.objects.filter(pk=request.pk).update(
        quoted_amount=Decimal(20000), currency="IDR", cost_approved_at=request.created_at
    )
    assert engine.transition(Request.objects.get(pk=request.pk), "agree", world.desk).status == "will_supply"
