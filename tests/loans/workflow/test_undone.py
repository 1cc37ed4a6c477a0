"""Taking a step back sets right what other rooms did with it: what was charged, and what was let go."""

from __future__ import annotations

from decimal import Decimal

from loans.models import Charge, Request
from loans.workflow import backwards, engine
from tests.loans.world import World, params_for


def test_a_supply_that_is_taken_back_is_not_owed_and_the_next_sending_is(world: World) -> None:
    request = world.take(world.submit(), "approve")
    engine.transition(request, "set_conditions", world.supplier(request), amount=Decimal(15000))
    request = world.take(Request.objects.get(pk=request.pk), "agree")
    supplier = world.supplier(request)
    sent = engine.transition(request, "ship", supplier, **params_for("ship"))
    assert list(Charge.objects.values_list("state", "amount")) == [("due", 15000)]
    back = backwards.undo(sent, supplier)
    assert list(Charge.objects.values_list("state", flat=True)) == ["waived"]
    engine.transition(back, "ship", supplier, **params_for("ship"))
    assert list(Charge.objects.order_by("pk").values_list("state", flat=True)) == ["waived", "due"]


def test_nobody_pays_for_a_book_that_was_found_and_taking_that_back_asks_again(world: World) -> None:
    request = world.take(world.request_in("lent"), "report_lost", "claim_cost")
    found = world.take(request, "found")
    assert Charge.objects.get().state == "waived"
    back = backwards.undo(found, world.desk)
    assert Charge.objects.get().state == "quoted"
    assert back.flags.filter(kind="lost", cleared_at=None).exists()


def test_a_book_that_was_found_damaged_is_still_to_be_settled(world: World) -> None:
    request = world.take(world.request_in("lent"), "report_lost", "report_damaged", "claim_cost", "found")
    assert request.flags.filter(kind="damaged", cleared_at=None).exists()
    assert Charge.objects.get().state == "quoted"
