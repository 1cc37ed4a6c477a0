"""Blocks and limits: who may not ask now is told why, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loans.intake.keys import patron_key
from loans.intake.limits import membership_of, patron_standing
from loans.models import Request
from loans.presenters import request_offer
from loans.workflow import engine
from members.models import Membership, PatronCategory
from network_portal.core.errors import RuleViolation
from tests.loans.world import World, make_edition


def _membership(world: World) -> Membership:
    found = membership_of(world.patron.pk, world.home.pk)
    assert found is not None
    return found


def _limit(world: World, **values: object) -> PatronCategory:
    category = PatronCategory.objects.create(library=world.home, code="student", name="Students", **values)
    Membership.objects.filter(user=world.patron).update(category=category)
    return category


def _refusal(world: World, title: str = "Bumi Manusia") -> RuleViolation:
    edition = make_edition(title)
    world.hold("JKT", edition)
    with pytest.raises(RuleViolation) as error:
        world.submit(edition=edition)
    return error.value


def test_reader_without_category_has_no_limit(world: World) -> None:
    assert patron_standing(_membership(world)).allowed


def test_blocked_reader_is_told_why(world: World) -> None:
    Membership.objects.filter(user=world.patron).update(
        blocked_at=timezone.now(), block_kind="fines", block_note="Rp 20.000 is open"
    )
    error = _refusal(world)
    assert error.code == "blocked"
    assert "Rp 20.000 is open" in str(error)
    assert request_offer(world.edition, world.reader).reason == str(error)


def test_expired_membership_names_its_last_day(world: World) -> None:
    Membership.objects.filter(user=world.patron).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert _refusal(world).code == "expired"
    Membership.objects.filter(user=world.patron).update(expires_on=timezone.localdate() + timedelta(days=2))
    assert patron_standing(_membership(world)).allowed


def test_limits_per_day_year_and_active(world: World) -> None:
    category = _limit(world, max_active=1)
    first = world.submit()
    assert _refusal(world).code == "limit_active"
    engine.transition(first, "refuse", world.desk, reason="held_here")
    assert patron_standing(_membership(world)).allowed

    PatronCategory.objects.filter(pk=category.pk).update(max_active=None, max_per_day=1)
    assert patron_standing(_membership(world)).allowed  # what was refused is not counted
    second = world.submit()
    error = _refusal(world)
    assert (error.code, error.extra["until"] > timezone.localdate()) == ("limit_day", True)

    PatronCategory.objects.filter(pk=category.pk).update(max_per_day=None, max_per_year=1)
    Request.objects.filter(pk=second.pk).update(
        status="completed", outcome="filled", closed_at=timezone.now()
    )
    error = _refusal(world)
    assert (error.code, error.extra["until"].month, error.extra["until"].day) == ("limit_year", 1, 1)
    assert "ask again" in str(error)


def test_forgotten_requests_still_count(world: World) -> None:
    _limit(world, max_per_year=1)
    made = world.submit()
    assert made.patron_key == patron_key(world.home, world.patron.pk)
    now = timezone.now()
    Request.objects.filter(pk=made.pk).update(
        status="completed", outcome="filled", closed_at=now, anonymised_at=now, patron=None
    )
    assert patron_standing(_membership(world)).code == "limit_year"


def test_category_may_be_kept_from_loans_or_copies(world: World) -> None:
    _limit(world, may_loan=False)
    assert patron_standing(_membership(world), "loan").code == "not_loans"
    assert patron_standing(_membership(world), "copy").allowed
    assert _refusal(world).code == "not_loans"
