"""Taking a step back, opening a closed request again, and cancelling with the supplier's yes or no."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from loans.models import Request
from loans.workflow import backwards, engine, hooks
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.world import World, params_for


def test_a_step_can_be_taken_back_until_the_other_side_acts(world: World) -> None:
    request = world.request_in("will_supply")
    supplier = world.supplier(request)
    sent = engine.transition(request, "ship", supplier, **params_for("ship"))
    back = backwards.undo(sent, supplier)
    assert back.status == "will_supply"
    assert engine.live_attempt(back).shipped_at is None  # type: ignore[union-attr]
    assert OutgoingMail.objects.get(template="loan_shipped").status == "withdrawn"
    again = engine.transition(back, "ship", supplier, **params_for("ship"))
    received = engine.transition(again, "receive", world.desk)
    with override("en"), pytest.raises(Conflict, match="taken back"):
        backwards.undo(received, supplier)


def test_undo_of_no_takes_back_the_question_to_the_next_library(world: World) -> None:
    request = world.request_in("asked")
    first = world.supplier(request)
    passed = engine.transition(request, "decline", first, reason="on_loan")
    assert engine.live_attempt(passed).supplier_id != first.library_id  # type: ignore[union-attr]
    back = backwards.undo(passed, first)
    live = engine.live_attempt(back)
    assert back.status == "asked"
    assert live is not None and live.supplier_id == first.library_id and live.reason_unfilled == ""
    assert back.attempts.count() == 1


def test_a_promise_is_cancelled_only_with_the_suppliers_yes(world: World) -> None:
    request = world.request_in("will_supply")
    with pytest.raises(Conflict):
        engine.transition(request, "cancel", world.reader)
    asked = engine.transition(request, "cancel_ask", world.reader)
    assert asked.status == "will_supply" and asked.owner_side == "supplying"
    with pytest.raises(RuleViolation) as held:
        engine.transition(asked, "ship", world.supplier(asked), **params_for("ship"))
    assert held.value.code == "cancel_asked"
    ended = engine.transition(asked, "cancel_yes", world.supplier(asked))
    assert ended.status == "cancelled" and not ended.flags.filter(cleared_at=None).exists()


def test_a_step_sent_twice_with_its_key_is_taken_once(world: World) -> None:
    request = world.request_in("submitted")
    once = engine.transition(request, "approve", world.desk, key="k1")
    with pytest.raises(Conflict) as again:
        engine.transition(request, "approve", world.desk, key="k1")
    assert again.value.code == "already_done"
    assert Request.objects.get(pk=request.pk).version == once.version


def test_a_closed_request_is_opened_again_by_its_library_only(world: World) -> None:
    request = world.request_in("cancelled")
    with pytest.raises(PermissionDenied):
        backwards.reopen(request, world.reader, reason="After all")
    opened = backwards.reopen(request, world.desk, reason="After all")
    assert opened.status == "submitted" and opened.closed_at is None and opened.outcome == ""
    assert Request.objects.get(pk=request.pk).reopened == 1


def test_a_step_whose_room_is_missing_is_refused_as_not_ready(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = world.request_in("submitted")
    monkeypatch.delitem(hooks.EFFECTS, "next_round")
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, "approve", world.desk)
    assert refused.value.code == "not_ready"


def test_a_claimed_cost_holds_up_writing_off_until_it_is_settled(world: World) -> None:
    request = world.take(world.request_in("lent"), "report_lost", "claim_cost")
    with pytest.raises(RuleViolation) as held:
        world.take(request, "write_off")
    assert held.value.code == "not_settled"
    assert world.take(request, "settle_cost", "write_off").status == "written_off"
