"""Members of a guided network never speak to each other: read from messages and mails after whole walks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Holding
from loans.models import Message, Request
from loans.services.addressing import chain, neighbours
from loans.services.messages import message_send
from loans.slips.model import slip_of
from loans.workflow import engine
from members.choices import Role
from network_portal.core.models import OutgoingMail
from tests.loans.coordination.scene import at_desk, person, star, take, two_networks
from tests.loans.world import World, params_for

WORDS = "Please handle it with care, says "
LOAN = (
    "accept",
    "ship",
    "receive",
    "make_ready",
    "lend",
    "renew_ask",
    "renew_no",
    "take_back",
    "send_back",
    "complete",
)
WITH_NOTES = ("ship", "renew_no", "send_back")


def walk(world: World, request: Request, *actions: str) -> Request:
    """Every step with whatever note it takes; and each end writes to whoever it may write to."""
    for action in actions:
        actor = world.acting(request, action)
        note = {"note": WORDS + actor.library_name} if action in WITH_NOTES else {}
        request = engine.transition(request, action, actor, **(params_for(action, request) | note))
        attempt = engine.live_attempt(request)
        for code in ("BDG", attempt.supplier.short_code) if attempt else ():
            writer = person(world, code, Role.LIBRARIAN)
            message_send(request=request, attempt=attempt, body=f"{WORDS}{code} after {action}", actor=writer)
    return request


def nobody_skipped_a_coordinator(request: Request, members: tuple[str, ...]) -> None:
    """Each message goes one place along the way of words; a member's mail names neither the other end nor its words."""
    for message in Message.objects.filter(request=request).select_related("attempt__supplier", "to_library"):
        way = [one.pk for one in chain(request, message.attempt)]
        steps = {*pairwise(way), *pairwise(reversed(way))}
        assert (message.from_library_id, message.to_library_id) in steps, str(message)
    ends = {
        one.email: one for one in (request.requesting_library, *(a.supplier for a in request.attempts.all()))
    }
    speakers = {one.pk for attempt in request.attempts.all() for one in chain(request, attempt)[1:-1]}
    read = 0
    for mail in OutgoingMail.objects.filter(target_id=str(request.pk)):
        if mail.library_id in speakers:
            continue
        end = ends.get(mail.to_email)
        own = end or request.requesting_library  # the reader's mails belong to the reader's library
        text = mail.subject + mail.body_text + mail.body_html
        for other in ends.values():
            if other.pk != own.pk and other.pk not in speakers:
                read += 1
                assert other.name not in text, f"{mail.template} to {mail.to_email} names {other.name}"
                assert WORDS + other.name not in text
    assert read > len(members)


@pytest.mark.parametrize("topology", ["star", "mesh", "bus"])
def test_members_of_a_guided_network_speak_through_the_coordinator_alone(world: World, topology: str) -> None:
    star(world, topology=topology)
    request = take(at_desk(world), "assign", person(world, "MKS"), library_id=world.libraries["JKT"].pk)
    request = world.take(request, "decline")
    if request.status != "asked":
        request = world.take(request, "claim")
    else:
        request = walk(world, request, "accept")
    request = walk(world, request, *LOAN[1:])
    assert request.status == "completed"
    nobody_skipped_a_coordinator(request, ("BDG", "JKT", "SMG"))
    assert Message.objects.filter(request=request, to_library=world.libraries["MKS"]).count() >= len(LOAN)


def test_between_two_guided_networks_the_words_pass_both_coordinators(world: World) -> None:
    _west, east = two_networks(world)
    Holding.objects.exclude(library=world.libraries["SMG"]).delete()
    request = take(at_desk(world), "send_over", person(world, "JKT"), network_id=east.pk)
    request = take(request, "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    request = walk(world, request, *LOAN)
    nobody_skipped_a_coordinator(request, ("BDG", "SMG"))
    assert [one.short_code for one in chain(request, request.attempts.get())] == ["BDG", "JKT", "MKS", "SMG"]


def test_the_page_of_one_end_does_not_show_the_other_ends_note_but_the_coordinators_does(
    world: World,
) -> None:
    star(world)
    request = take(at_desk(world), "coordinator_release", person(world, "MKS"))
    supplier = world.supplier(request)
    request = world.take(request, "accept")
    take(request, "ship", supplier, **(params_for("ship") | {"note": "The spine is torn."}))
    shown = {}
    for who in ("BDG", "MKS"):
        client = Client()
        client.force_login(world.people[who])
        shown[who] = client.get(reverse("loans:request", args=[request.number])).content.decode()
    assert "The spine is torn." not in shown["BDG"]
    assert "The spine is torn." in shown["MKS"]
    assert world.libraries["MKS"].name in shown["BDG"], "it says whom one writes to"


@pytest.mark.parametrize(("mode", "first"), [("opaque", "MKS"), ("transparent", "BDG")])
def test_a_parcel_goes_by_way_of_an_opaque_hub_and_straight_otherwise(
    world: World, mode: str, first: str
) -> None:
    star(world, hub_mode=mode)
    request = take(at_desk(world), "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    request = world.take(request, "accept")
    out = slip_of(request.attempts.get(), world.supplier(request))
    back = slip_of(request.attempts.get(), world.desk)
    assert out.to.code == first
    assert back.to.code == ("MKS" if mode == "opaque" else "SMG")


def test_a_deputy_that_lends_itself_writes_as_the_lender(world: World) -> None:
    star(world, deputy_library=world.libraries["SMG"])
    request = take(at_desk(world), "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    told = neighbours(request, request.attempts.get(), world.libraries["SMG"].pk)
    assert [one.short_code for one in told] == ["MKS"]
