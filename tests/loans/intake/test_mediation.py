"""Which requests go out without a librarian's look, and why the others wait."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from loans.choices import RequestStatus
from loans.intake.findings import sentence
from loans.models import MediationRule, Request
from loans.workflow import engine
from members.models import Membership, PatronCategory
from network_portal.core.models import OutgoingMail
from tests.loans.world import World


def _rule(world: World, effect: str = "auto", **values: Any) -> MediationRule:
    return MediationRule.objects.create(library=world.home, effect=effect, **values)


def _codes(request: Request) -> list[str]:
    return [found["code"] for found in request.checks]


def test_without_a_rule_staff_look_at_everything(world: World) -> None:
    request = world.submit()
    assert (request.status, request.unmediated, _codes(request)) == ("submitted", False, ["no_rule"])
    assert sentence(request.checks[0]) == "Your library looks at every request before it goes out."


def test_usual_request_goes_out_by_rule(world: World) -> None:
    _rule(world)
    request = world.submit()
    assert (request.status, request.unmediated) == ("asked", True)
    assert engine.live_attempt(request) is not None
    approvals = OutgoingMail.objects.filter(template="loan_to_approve")
    assert [mail.status for mail in approvals] == [
        "withdrawn"
    ]  # nobody is asked to approve what has gone out


def test_category_may_let_requests_out(world: World) -> None:
    category = PatronCategory.objects.create(library=world.home, code="s", name="Staff", unmediated=True)
    Membership.objects.filter(user=world.patron).update(category=category)
    assert world.submit().status == "asked"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"level": "rush"}, "fast"),
        ({"note": "Only the first edition"}, "note"),
        ({"needed_by": timezone.localdate() + timedelta(days=2)}, "soon"),
        ({"edition": None}, "not_in_catalogue"),
    ],
)
def test_unusual_request_falls_back_to_staff_with_its_reason(
    world: World, values: dict[str, Any], code: str
) -> None:
    from loans.citation import Citation

    _rule(world)
    if "edition" in values:
        values = values | {"citation": Citation(title="Babad Tanah Jawi"), "origin": "blank"}
    request = world.submit(**values)
    assert not request.unmediated
    assert request.status == RequestStatus.SUBMITTED
    assert code in _codes(request)
    assert all(sentence(found) != found["code"] for found in request.checks)


def test_first_rule_that_fits_decides(world: World) -> None:
    _rule(world, "staff", position=1, format="book")
    _rule(world, "auto", position=2)
    request = world.submit()
    assert (request.status, _codes(request)) == ("submitted", ["by_rule"])


def test_rule_for_another_kind_does_not_fit(world: World) -> None:
    _rule(world, service="copy")
    _rule(world, format="serial")
    _rule(world, is_active=False)
    assert _codes(world.submit()) == ["no_rule"]


def test_amount_above_the_limit_is_looked_at(world: World) -> None:
    from loans.intake.mediation import mediation_decide

    _rule(world, max_amount=Decimal(10_000))
    request = world.submit()
    request.quoted_amount = Decimal(20_000)
    assert [why.code for why in mediation_decide(request).why] == ["no_rule"]
    request.quoted_amount = Decimal(9_000)
    assert mediation_decide(request).auto
    request.cost_limit_amount = Decimal(5_000)
    assert [why.code for why in mediation_decide(request).why] == ["cost"]


def test_title_had_lately_is_looked_at_again(world: World) -> None:
    first = world.submit()
    Request.objects.filter(pk=first.pk).update(status="completed", outcome="filled", closed_at=timezone.now())
    _rule(world)
    second = world.submit()
    assert "duplicate" in _codes(second)
    assert first.number in sentence(second.checks[0])
