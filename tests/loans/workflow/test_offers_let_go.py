"""A request that was shown to several libraries and is cancelled: each is told, and taking it back shows it again."""

from __future__ import annotations

from loans.models import Request
from loans.workflow import backwards, engine
from network_portal.core.models import OutgoingMail
from tests.loans.routing.networks import make_network
from tests.loans.world import World


def test_everybody_to_whom_it_was_shown_is_told_and_shown_it_again_when_that_is_taken_back(
    world: World,
) -> None:
    make_network(world, topology="bus")
    request = world.take(world.submit(), "approve")
    assert request.status == "offered"
    shown = request.attempts.filter(status="offered").count()
    assert shown > 1
    cancelled = engine.transition(request, "cancel", world.reader)
    assert set(cancelled.attempts.values_list("status", flat=True)) == {"withdrawn"}
    told = OutgoingMail.objects.filter(template="loan_cancelled", target_id=str(request.pk))
    assert told.count() == shown
    back = backwards.undo(cancelled, world.reader)
    assert back.status == "offered"
    assert set(back.attempts.values_list("status", "closed_at")) == {("offered", None)}
    assert set(told.values_list("status", flat=True)) == {"withdrawn"}
    claimed = engine.transition(Request.objects.get(pk=request.pk), "claim", world.offered(back))
    assert claimed.status == "will_supply"
