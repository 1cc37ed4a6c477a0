"""What a coordinator does with a request, and what happens when nobody does anything, with the real engine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from catalog.models import Holding
from loans.coordination.proposals import networks_beyond, proposals
from loans.models import CoordinatorRule, Request
from loans.services.timers import expire_unanswered, tell_late
from loans.workflow import backwards, engine
from members.choices import Role
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.coordination.scene import at_desk, person, star, take, two_networks
from tests.loans.world import World


def test_coordinator_names_a_library_and_it_is_asked_by_way_of_the_coordinator(world: World) -> None:
    star(world)
    request = at_desk(world)
    named = world.libraries["SMG"]
    request = take(request, "assign", person(world, "MKS"), library_id=named.pk)
    attempt = engine.live_attempt(request)
    assert attempt is not None
    assert (request.status, attempt.supplier, attempt.mode) == ("asked", named, "assigned")
    assert attempt.via == world.libraries["MKS"]
    assert attempt.why, "the factors it was chosen by are kept"
    request = world.take(request, "decline")
    assert (request.status, engine.live_attempt(request).supplier.short_code) == ("asked", "JKT")  # type: ignore[union-attr]


def test_naming_a_library_can_be_taken_back(world: World) -> None:
    star(world)
    request = take(at_desk(world), "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    request = backwards.undo(request, person(world, "MKS"))
    assert (request.status, request.attempts.count(), request.released_round) == ("coordinator_out", 0, 0)


def test_only_libraries_of_the_list_can_be_named(world: World) -> None:
    star(world, "BDG", "JKT", "MKS")
    request = at_desk(world)
    for code in ("SMG", "BDG"):  # of no network, and the library that asks
        with pytest.raises(RuleViolation) as refused:
            take(request, "assign", person(world, "MKS"), library_id=world.libraries[code].pk)
        assert refused.value.code == "library_missing"


def test_every_broken_rule_is_told_and_a_soft_one_can_be_overruled(world: World) -> None:
    star(world)
    Holding.objects.filter(library=world.libraries["SMG"]).update(status="reference")
    request = at_desk(world)
    told = {one.told.name: one for one in proposals(request, None)[0]}
    careful = told[world.libraries["SMG"].name]
    assert len(careful.broken) == 1
    assert not told[world.libraries["JKT"].name].broken
    assert [*told][-1] != world.libraries["JKT"].name, "those without a warning stand first"
    assert take(request, "assign", person(world, "MKS"), library_id=careful.library_id).status == "asked"


def test_nobody_but_the_networks_own_coordinator_decides(world: World) -> None:
    star(world, deputy_library=world.libraries["JKT"])
    request = at_desk(world)
    for actor in (
        person(world, "SMG"),
        person(world, "JKT"),
    ):  # another coordinator, the deputy before its time
        with pytest.raises(Conflict):
            take(request, "coordinator_release", actor)
    with pytest.raises(PermissionDenied):
        take(request, "coordinator_release", world.reader)
    assert take(request, "coordinator_release", person(world, "MKS", Role.LIBRARIAN)).status == "asked"


def time_is_up() -> int:
    over = timezone.now() - timedelta(minutes=1)
    Request.objects.filter(status__startswith="coordinator").update(deadline_at=over, times_out_at=over)
    return expire_unanswered()


def test_the_deputy_is_asked_when_time_is_up_and_the_first_to_act_wins(world: World) -> None:
    star(world, deputy_library=world.libraries["JKT"])
    request = at_desk(world)
    assert time_is_up() == 1
    request = Request.objects.get(pk=request.pk)
    assert (request.status, request.owner_library) == ("coordinator_out", world.libraries["JKT"])
    assert request.deadline_at > timezone.now()  # type: ignore[operator]
    assert OutgoingMail.objects.filter(to_email="desk@jkt.example").exists()
    seen = request.version
    take(request, "coordinator_release", person(world, "MKS"), version=seen)
    with pytest.raises(Conflict):
        take(request, "refuse_out", person(world, "JKT"), version=seen, reason="not_lent")
    assert Request.objects.get(pk=request.pk).status == "asked"


def test_what_the_deputy_leaves_too_goes_by_rule_or_stays_as_late(world: World) -> None:
    network = star(world, deputy_library=world.libraries["JKT"])
    request = at_desk(world)
    time_is_up()
    assert time_is_up() == 0
    tell_late()
    request.refresh_from_db()
    assert request.stuck_since is not None
    Request.objects.update(stuck_since=None)
    CoordinatorRule.objects.create(network=network, effect="release", conditions={"service": "loan"})
    assert time_is_up() == 1
    request.refresh_from_db()
    assert request.status == "asked"


def test_speed_and_description_are_set_right_before_it_goes_out(world: World) -> None:
    star(world)
    request = take(
        at_desk(world), "desk_edit", person(world, "MKS"), level="rush", title="Laskar Pelangi", year="2005",
        note="Second edition.",
    )  # fmt: skip
    assert (request.status, request.level, request.citation["year"]) == ("coordinator_out", "rush", "2005")
    event = request.events.get(action="desk_edit")
    assert event.data["note"] == "Second edition."
    assert take(request, "coordinator_release", person(world, "MKS")).status == "asked"


def test_a_rule_lets_ordinary_loans_through_and_the_history_says_which(world: World) -> None:
    network = star(world)
    CoordinatorRule.objects.create(
        network=network, effect="release", conditions={"service": "loan", "level": "normal"}
    )
    request = at_desk(world)
    assert request.status == "asked"
    event = request.events.get(action="coordinator_release")
    assert (event.cause, event.data["rule"]["conditions"]["level"]) == ("rule", "normal")
    assert not OutgoingMail.objects.filter(template="loan_coordinator", status="queued").exists()
    assert AuditEntry.objects.filter(code="loans.request.coordinator_release").exists()


def test_a_rule_refuses_and_another_keeps_for_the_coordinator(world: World) -> None:
    network = star(world)
    hold = CoordinatorRule.objects.create(
        network=network, effect="hold", conditions={"level": "normal"}, position=1
    )
    CoordinatorRule.objects.create(network=network, effect="refuse", position=2)
    request = at_desk(world)
    assert request.status == "coordinator_out"
    hold.delete()
    take(request, "withdraw", world.desk, reason="reader_asked")
    refused = at_desk(world)
    assert (refused.status, refused.outcome_reason) == ("refused", "other")
    assert refused.outcome_note


def test_an_approval_is_taken_back_with_what_a_rule_did_after_it(world: World) -> None:
    CoordinatorRule.objects.create(network=star(world), effect="release")
    request = backwards.undo(at_desk(world), world.desk)
    assert (request.status, request.attempts.count()) == ("submitted", 0)


def test_between_two_guided_networks_the_coordinators_hand_over_and_answer(world: World) -> None:
    two_networks(world)
    Holding.objects.exclude(library=world.libraries["SMG"]).delete()
    west, east = person(world, "JKT"), person(world, "MKS")
    request = at_desk(world)
    (beyond,) = networks_beyond(request)
    assert (beyond.coordinator_id, beyond.holders) == (world.libraries["MKS"].pk, 1)
    request = take(request, "send_over", west, network_id=beyond.network_id)
    assert (request.status, request.owner_library) == ("coordinator_in", world.libraries["MKS"])
    assert OutgoingMail.objects.filter(template="loan_coordinator", to_email="desk@mks.example").count() == 1
    with pytest.raises(Conflict):
        take(request, "assign", west, library_id=world.libraries["SMG"].pk)
    request = take(request, "assign", east, library_id=world.libraries["SMG"].pk)
    attempt = engine.live_attempt(request)
    assert attempt is not None
    assert (attempt.supplier, attempt.via) == (world.libraries["SMG"], world.libraries["MKS"])
    # The answer goes back the way the question came: to the coordinator who had sent it over.
    request = world.take(request, "decline")
    assert (request.status, request.owner_library) == ("coordinator_out", world.libraries["JKT"])
    request = take(request, "coordinator_release", west)
    assert request.status == "end_of_rota"


def test_the_other_coordinator_says_no_and_its_deputy_may_too(world: World) -> None:
    _west, east = two_networks(world)
    east.deputy_library = world.libraries["SMG"]
    east.save()
    request = at_desk(world)
    request = take(request, "send_over", person(world, "JKT"), network_id=east.pk)
    assert time_is_up() == 1
    request.refresh_from_db()
    assert request.owner_library == world.libraries["SMG"]
    request = take(request, "refuse_in", person(world, "SMG"), reason="on_loan")
    assert (request.status, request.owner_library) == ("coordinator_out", world.libraries["JKT"])
    assert request.attempts.get().reason_unfilled == "on_loan"
    assert networks_beyond(request) == []


def test_a_rule_for_what_comes_in_names_the_best_library_at_once(world: World) -> None:
    _west, east = two_networks(world)
    CoordinatorRule.objects.create(network=east, direction="in", effect="release")
    request = take(at_desk(world), "send_over", person(world, "JKT"), network_id=east.pk)
    assert (request.status, engine.live_attempt(request).supplier.short_code) == ("asked", "SMG")  # type: ignore[union-attr]


def test_a_rule_with_a_key_that_nobody_knows_lets_nothing_go(world: World) -> None:
    CoordinatorRule.objects.create(network=star(world), effect="release", conditions={"levl": "normal"})
    assert at_desk(world).status == "coordinator_out"


def test_a_network_without_guidance_asks_a_guided_one_through_its_coordinator(world: World) -> None:
    west, _east = two_networks(world)
    west.guided = False
    west.save()
    Holding.objects.exclude(library=world.libraries["SMG"]).delete()
    request = at_desk(world)
    assert (request.status, request.owner_library) == ("coordinator_in", world.libraries["MKS"])
    assert OutgoingMail.objects.filter(template="loan_coordinator", to_email="desk@mks.example").count() == 1
    request = take(request, "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    request = world.take(request, "decline")
    assert request.status == "coordinator_in", "its other members may still help"
    request = take(request, "refuse_in", person(world, "MKS"), reason="not_held")
    assert request.status == "end_of_rota"


def test_a_rule_that_lets_through_does_not_end_what_another_network_could_still_fill(world: World) -> None:
    west, _east = two_networks(world)
    CoordinatorRule.objects.create(network=west, effect="release")
    request = at_desk(world)
    assert (request.status, engine.live_attempt(request).supplier.short_code) == ("asked", "JKT")  # type: ignore[union-attr]
    request = world.take(request, "decline")
    assert (request.status, request.owner_library) == ("coordinator_out", world.libraries["JKT"])
    (beyond,) = networks_beyond(request)
    assert (
        take(request, "send_over", person(world, "JKT"), network_id=beyond.network_id).status
        == "coordinator_in"
    )


def test_handing_over_can_be_taken_back_and_its_mail_with_it(world: World) -> None:
    _west, east = two_networks(world)
    request = take(at_desk(world), "send_over", person(world, "JKT"), network_id=east.pk)
    request = backwards.undo(request, person(world, "JKT"))
    assert (request.status, request.owner_library) == ("coordinator_out", world.libraries["JKT"])
    assert request.attempts.count() == 0
    mails = OutgoingMail.objects.filter(template="loan_coordinator", to_email="desk@mks.example")
    assert [mail.status for mail in mails] == ["withdrawn"]
    assert networks_beyond(request), "it may be handed over again"
