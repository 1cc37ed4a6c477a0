"""The same step for many requests at once; a longer loan by rule or with the supplier's yes; overdue, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loans.models import Request
from loans.services.overdue import overdue_remind
from loans.services.renewals import renew
from loans.workflow import engine
from members.models import LibraryPolicy
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.pages import another
from tests.loans.world import World, params_for


def test_a_step_for_many_goes_through_where_it_can_and_tells_the_rest(world: World) -> None:
    fits, gone = world.submit(), world.take(world.submit(edition=another(world)), "refuse")
    result = engine.transition_many([fits.pk, gone.pk], "approve", world.desk, key="k1")
    assert result.done == [fits.pk]
    assert [(number, code) for number, code, _text in result.refused] == [(gone.number, "stale")]
    assert Request.objects.get(pk=gone.pk).status == "refused"


def test_the_same_form_for_many_sent_again_does_nothing_twice(world: World) -> None:
    requests = [world.submit(), world.submit(edition=another(world))]
    pks = [one.pk for one in requests]
    assert engine.transition_many(pks, "approve", world.desk, key="k1").done == pks
    again = engine.transition_many(pks, "approve", world.desk, key="k1")
    assert again.done == [] and {code for _number, code, _text in again.refused} == {"already_done"}


def test_who_may_not_is_told_so_and_the_others_go_on(world: World) -> None:
    request = world.submit()
    result = engine.transition_many([request.pk], "approve", world.reader)
    assert [(number, code) for number, code, _text in result.refused] == [(request.number, "denied")]


def test_longer_by_rule_is_answered_at_once_and_told(world: World) -> None:
    request = world.request_in("lent")
    LibraryPolicy.objects.create(
        library=request.attempts.get().supplier, service="loan", auto_renew=True, renew_days=14
    )
    due = request.due_on
    longer = renew(request=request, actor=world.reader)
    assert longer.due_on is not None and due is not None and longer.due_on == due + timedelta(days=14)
    assert not longer.flags.filter(cleared_at=None).exists()
    assert [event.action for event in longer.events.order_by("version")][-2:] == ["renew_ask", "renew_auto"]
    assert OutgoingMail.objects.filter(template="loan_renewed").count() == 1


def test_without_a_rule_the_supplier_is_asked_and_a_second_click_asks_once(world: World) -> None:
    request = world.request_in("lent")
    asked = renew(request=request, actor=world.reader, key="k1")
    assert (asked.owner_side, asked.due_on) == ("supplying", request.due_on)
    with pytest.raises(Conflict) as again:
        renew(request=request, actor=world.reader, key="k1")
    assert again.value.code == "already_done"
    answered = world.take(asked, "renew_yes")
    assert (
        answered.renewals == 1
        and answered.due_on is not None
        and answered.due_on > (request.due_on or answered.due_on)
    )


def test_no_longer_loan_while_it_is_asked_back(world: World) -> None:
    request = world.take(world.request_in("lent"), "recall")
    with pytest.raises(RuleViolation) as refused:
        renew(request=request, actor=world.reader)
    assert refused.value.code == "recalled_open"


def test_overdue_is_raised_by_its_step_alone_with_history_and_audit(world: World) -> None:
    request = world.request_in("lent")
    assert request.due_on is not None
    late = timezone.now() + timedelta(days=(request.due_on - timezone.localdate()).days + 2)
    overdue_remind(now=late)
    overdue_remind(now=late)
    event = request.events.get(action="mark_overdue")
    assert (event.channel, event.from_status, event.to_status) == ("timer", "lent", "lent")
    assert request.flags.get(kind="overdue").cleared_at is None


@pytest.mark.parametrize("action", ["take_back", "correct_due"])
def test_overdue_ends_with_the_step_that_ends_it(world: World, action: str) -> None:
    request = world.request_in("lent")
    assert request.due_on is not None
    overdue_remind(now=timezone.now() + timedelta(days=(request.due_on - timezone.localdate()).days + 2))
    actor = world.acting(request, action)
    engine.transition(request, action, actor, **params_for(action))
    flag = request.flags.get(kind="overdue")
    assert flag.cleared_at is not None and flag.answer == action
