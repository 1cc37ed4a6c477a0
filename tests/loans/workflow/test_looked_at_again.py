"""A request that is among the new ones again is looked at like a new one, but nobody is asked twice about one thing."""

from __future__ import annotations

import pytest
from django.utils import timezone

from loans.models import MediationRule, Request
from loans.services.intake import settled_of
from loans.workflow import backwards, engine
from network_portal.core.errors import RuleViolation
from tests.loans.copies.scene import copy_request
from tests.loans.world import World, params_for


def lets_go(world: World) -> MediationRule:
    """The library lets whatever is usual go out unseen."""
    return MediationRule.objects.create(library=world.home, position=1, effect="auto")


def same_again(world: World) -> Request:
    """The reader has had the title lately, and asks for it again."""
    first = world.take(world.submit(), "refuse")
    assert first.closed_at is not None
    Request.objects.filter(pk=first.pk).update(status="completed", outcome="filled")
    return world.submit()


@pytest.mark.parametrize("action", ["not_duplicate", "not_local", "complete_metadata"])
def test_what_a_librarian_has_answered_lets_the_request_go_out_by_rule(world: World, action: str) -> None:
    flag = {
        "not_duplicate": "flag_duplicate",
        "not_local": "flag_local",
        "complete_metadata": "flag_metadata",
    }
    request = world.take(world.submit(), flag[action])
    rule = lets_go(world)
    taken = world.take(request, action)
    assert (taken.status, taken.unmediated) == ("asked", True)
    assert [event.action for event in taken.events.order_by("version")][-3:] == [
        action,
        "approve",
        "ask_supplier",
    ]
    rule.delete()
    back = backwards.undo(taken, world.desk)
    assert (back.status, back.unmediated, back.attempts.count()) == (request.status, False, 0)


def test_nobody_is_asked_twice_whether_it_is_a_double_request(world: World) -> None:
    request = same_again(world)
    assert request.status == "duplicate_review"
    looked = engine.transition(request, "not_duplicate", world.desk)
    assert looked.status == "submitted"
    assert settled_of(looked) == {"duplicate"}
    assert "duplicate" not in [found["code"] for found in looked.checks]


def test_answers_no_longer_count_once_the_wish_is_another_one(world: World) -> None:
    request = engine.transition(same_again(world), "not_duplicate", world.desk)
    request = world.take(request, "ask_patron", "fix")
    assert settled_of(request) == set()
    assert request.status == "duplicate_review"


def test_a_description_completed_at_the_desk_is_looked_at_like_the_readers(world: World) -> None:
    lets_go(world)
    request = world.take(world.submit(note="Soon, please."), "ask_patron")
    Request.objects.filter(pk=request.pk).update(patron_note="")
    fixed = engine.transition(request, "fix", world.desk, **params_for("fix"))
    assert (fixed.status, fixed.events.filter(action="fix", side="requesting").exists()) == ("asked", True)


def test_a_book_turned_into_a_copy_waits_for_the_pages_and_then_for_the_law(world: World) -> None:
    lets_go(world)
    request = world.submit(note="Chapter two would do.")
    assert request.status == "submitted"
    copy = engine.transition(request, "convert", world.desk)
    assert (copy.service, copy.converted_from, copy.status) == ("copy", "loan", "needs_metadata")
    assert copy.checks[0]["args"]["fields"] == "pages"
    Request.objects.filter(pk=copy.pk).update(patron_note="", purpose="research")
    complete = engine.transition(
        Request.objects.get(pk=copy.pk), "complete_metadata", world.desk, pages="17-30", chapter="2"
    )
    assert complete.status in ("asked", "copyright_review")
    assert complete.part["pages"] == "17-30"


def test_a_copy_turned_into_a_loan_is_priced_and_looked_at_anew(world: World) -> None:
    lets_go(world)
    request = copy_request(
        world, "submitted", edition=world.edition, round=0, owner_side="requesting", quoted_amount=9000,
        currency="IDR", cost_approved_at=timezone.now(),
    )  # fmt: skip
    loan = engine.transition(request, "convert", world.desk)
    assert (loan.service, loan.converted_from, loan.number) == ("loan", "copy", request.number)
    assert (loan.quoted_amount, loan.cost_approved_at) == (None, None)
    assert loan.status == "asked"
    attempt = engine.live_attempt(loan)
    assert attempt is not None
    sent = world.take(loan, "accept", "ship")
    assert sent.status == "shipped"


def test_loan_and_copy_are_exchanged_once(world: World) -> None:
    request = world.submit()
    copy = engine.transition(request, "convert", world.desk)
    Request.objects.filter(pk=copy.pk).update(status="submitted")
    with pytest.raises(RuleViolation) as refused:
        engine.transition(copy, "convert", world.desk)
    assert refused.value.code == "converted_before"
