"""A real step of the workflow charges what it supplies."""

from __future__ import annotations

import pytest

from loans.models import Charge
from members.models import FeeRule
from tests.loans.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_book_that_is_sent_is_charged_to_the_readers_library(world: World) -> None:
    for library in world.libraries.values():
        FeeRule.objects.create(library=library, service="loan", amount=1500)
    request = world.request_in("will_supply")
    assert not Charge.objects.exists()
    request = world.take(request, "ship")
    charge = Charge.objects.get()
    assert charge.attempt is not None
    assert (charge.amount, charge.payer_library, charge.payee_library) == (
        1500,
        world.home,
        charge.attempt.supplier,
    )
