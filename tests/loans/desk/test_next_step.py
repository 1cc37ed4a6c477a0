"""Of a lost or damaged book, row and page name one next step: the cost, its settling, the end; or found again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from loans.models import Request
from tests.loans.pages import client_of
from tests.loans.world import World


def row(world: World, who: str, queue: str, loan: Request) -> Any:
    page = client_of(world, who).get(reverse(f"loans:queue_{queue}"), {"tab": "todo"})
    return next((one for one in page.context["rows"] if one.number == loan.number), None)


def page_actions(world: World, who: str, loan: Request) -> list[Any]:
    return client_of(world, who).get(reverse("loans:request", args=[loan.number])).context["page"].actions


def test_a_lost_book_leads_its_lender_from_the_cost_to_the_end(world: World) -> None:
    loan = world.take(world.request_in("lent"), "report_lost")
    for step, then in (("claim_cost", "settle_cost"), ("settle_cost", "write_off")):
        assert row(world, "JKT", "supplying", loan).button.action == step
        first = page_actions(world, "JKT", loan)[0]
        assert (first.action, first.primary) == (step, True)
        loan = world.take(loan, step)
        assert row(world, "JKT", "supplying", loan).button.action == then
    assert world.take(loan, "write_off").status == "written_off"


def test_a_lost_book_does_not_wait_for_its_reader(world: World) -> None:
    loan = world.take(world.request_in("lent"), "report_lost")
    assert (loan.owner_side, loan.owner_library_id) == ("supplying", world.libraries["JKT"].pk)
    found = world.take(loan, "found")
    assert found.owner_side == "patron"


def test_the_borrowing_library_says_first_that_it_was_found(world: World) -> None:
    loan = world.take(world.request_in("lent"), "report_lost")
    assert page_actions(world, "BDG", loan)[0].action == "found"


def test_what_is_late_on_its_way_may_still_come(world: World) -> None:
    on_its_way = world.take(world.request_in("shipped"), "not_arrived")
    assert page_actions(world, "BDG", on_its_way)[0].action == "receive"


@pytest.mark.parametrize(("before", "offered", "hidden"), [
    (("report_lost",), "claim_cost", {"settle_cost"}),
    (("report_lost", "claim_cost"), "settle_cost", {"claim_cost", "write_off"}),
    (("report_lost", "claim_cost", "settle_cost"), "write_off", {"claim_cost", "settle_cost"}),
    (("report_damaged",), "claim_cost", {"complete"}),
])  # fmt: skip
def test_steps_that_would_be_refused_are_not_offered(
    world: World, before: tuple[str, ...], offered: str, hidden: set[str]
) -> None:
    loan = world.take(world.request_in("returned"), *before)
    actions = {button.action for button in page_actions(world, "JKT", loan)}
    assert offered in actions
    assert not hidden & actions


def test_a_longer_loan_that_is_asked_for_is_the_lenders_next_step(world: World) -> None:
    loan = world.take(world.request_in("lent"), "renew_ask")
    if loan.flags.filter(kind="renew_asked", cleared_at=None).exists():
        assert row(world, "JKT", "supplying", loan).button.action == "renew_yes"
    else:
        pytest.fail("the world's libraries decide about longer loans by hand")
