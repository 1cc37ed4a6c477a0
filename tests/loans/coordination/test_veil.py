"""Through an opaque hub borrower and lender do not learn who the other is: on no page, list, slip or mail.

Read from everything the two ends can open, after random walks, for loans and for copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Holding
from loans.models import Message, Request
from loans.services.addressing import chain
from loans.services.messages import message_send
from loans.slips.model import slip_of
from loans.workflow import engine
from members.choices import Role
from members.models import Library
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.coordination.scene import at_desk, person, star, take, two_networks
from tests.loans.copies.scene import copy_request, send_pdf
from tests.loans.pages import client_of
from tests.loans.world import World, make_world, params_for

LOAN = ("accept", "ship", "receive", "make_ready", "lend", "take_back", "send_back", "complete")
COPY = ("accept", "upload_done", "ask_resend", "upload_done", "release_copy")
# What either side may do in between, when it fits.
ASIDE = (
    "renew_ask",
    "renew_no",
    "recall",
    "report_lost",
    "found",
    "report_damaged",
    "cancel_ask",
    "cancel_no",
)


def pages_of(request: Request, *, lends: bool) -> Iterator[str]:
    """Everything about a request that an end can open."""
    number = request.number
    for name in ("request", "request_messages", "request_libraries", "copy_copyright", "copy_scan"):
        yield reverse(f"loans:{name}", args=[number])
    yield reverse("loans:queue_scan") + f"?code={number}"
    queue = reverse("loans:queue_supplying" if lends else "loans:queue_requesting")
    yield from (f"{queue}?tab={tab}" for tab in ("todo", "all"))
    yield f"{queue}?tab=all&format=csv"
    yield reverse("loans:stuck")
    yield reverse("loans:inbox")
    yield reverse("loans:bags")
    for kind in ("pull", "strap", "label", "bag"):
        yield reverse("loans:slips", args=[kind]) + f"?number={number}"
    for action in ("ship", "receive", "send_back", "ask_resend"):
        yield reverse("loans:request_action", args=[number, action])


def shown(client: Client, url: str) -> str:
    answer = client.get(url)
    if answer.status_code in (302, 403, 404):
        return ""
    assert answer.status_code == 200, url
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return str(body.decode())


def unseen(world: World, request: Request, lender: Library) -> int:
    """Neither end is told of the other by anything it can open or was sent; returns how many pages were read."""
    home, read = request.requesting_library, 0
    readers: list[tuple[str, list[str], Library]] = [
        ("BDG", list(pages_of(request, lends=False)), lender),
        (lender.short_code, list(pages_of(request, lends=True)), home),
        (
            "patron",
            [reverse("loans:my_requests"), reverse("loans:my_request", args=[request.number])],
            lender,
        ),
    ]
    for who, urls, other in readers:
        client = client_of(world, who)
        for url in urls:
            page = shown(client, url)
            read += bool(page)
            for told in (other.name, other.email, f"lib-{other.short_code.lower()}"):
                assert told not in page, f"{url} tells {who} of {told}"
    for mail in OutgoingMail.objects.filter(target_id=str(request.pk), library_id__in=(home.pk, lender.pk)):
        other = lender if mail.library_id == home.pk else home
        assert other.name not in mail.subject + mail.body_text + mail.body_html, mail.template
    for message in Message.objects.filter(request=request):
        assert {message.from_library_id, message.to_library_id} != {home.pk, lender.pk}
    return read


def led(world: World, *, copy: bool = False) -> tuple[Request, Library]:
    network, lender = star(world), world.libraries["SMG"]
    if copy:
        asked = copy_request(world, "submitted", edition=world.edition, round=0, owner_side="requesting",
                             owner_library=world.home, network=network)  # fmt: skip
        request = engine.transition(asked, "approve", world.desk)
    else:
        request = at_desk(world)
    return take(request, "assign", person(world, "MKS"), library_id=lender.pk), lender


@settings(
    max_examples=2, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(way=st.lists(st.sampled_from(ASIDE), max_size=5), stop=st.integers(2, len(LOAN)))
@pytest.mark.django_db
def test_no_walk_of_a_loan_tells_one_end_of_the_other(way: list[str], stop: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        world = make_world()
        request, lender = led(world)
        for action in LOAN[:stop]:
            request = tried(world, request, action, lender)
            for aside in way[:1]:
                request = tried(world, request, aside, lender)
                way = way[1:]
        assert unseen(world, request, lender) > 15
        transaction.set_rollback(True)


def tried(world: World, request: Request, action: str, lender: Library) -> Request:
    """The step, by whoever may take it, and a word from each end; a step that does not fit now is left out."""
    try:
        with engine.transaction.atomic():
            request = engine.transition(
                request, action, world.acting(request, action), **params_for(action, request)
            )
    except RuleViolation:
        return request
    attempt = engine.live_attempt(request)
    for code in ("BDG", lender.short_code) if attempt else ():
        writer = person(world, code, Role.LIBRARIAN)
        message_send(request=request, attempt=attempt, body=f"{action}, says {code}", actor=writer)
    return request


def test_a_copy_goes_its_way_without_telling_either_end(world: World) -> None:
    request, lender = led(world, copy=True)
    read = 0
    for action in COPY:
        if action == "upload_done":
            attempt = engine.live_attempt(request)
            assert attempt is not None
            send_pdf(attempt, world.supplier(request))
        request = tried(world, request, action, lender)
        if action in ("accept", "release_copy"):
            read += unseen(world, request, lender)
    assert request.status == "released"
    assert read > 25


def test_between_two_guided_networks_neither_end_is_told(world: World) -> None:
    _west, east = two_networks(world)
    Holding.objects.exclude(library=world.libraries["SMG"]).delete()
    request = take(at_desk(world), "send_over", person(world, "JKT"), network_id=east.pk)
    request = take(request, "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    for action in LOAN[:4]:
        request = tried(world, request, action, world.libraries["SMG"])
    assert unseen(world, request, world.libraries["SMG"]) > 15


def test_where_the_hub_is_transparent_the_ends_know_each_other_but_speak_through_it(world: World) -> None:
    star(world, hub_mode="transparent")
    lender = world.libraries["SMG"]
    request = take(at_desk(world), "assign", person(world, "MKS"), library_id=lender.pk)
    request = tried(world, request, "accept", lender)
    page = reverse("loans:request", args=[request.number])
    assert lender.name in shown(client_of(world, "BDG"), page)
    assert world.home.name in shown(client_of(world, "SMG"), page)
    mail = OutgoingMail.objects.get(template="loan_asked", to_email=lender.email)
    assert world.home.name in mail.body_text
    assert [one.short_code for one in chain(request, engine.live_attempt(request))] == ["BDG", "MKS", "SMG"]


def test_the_coordinator_sends_on_with_labels_of_its_own(world: World) -> None:
    request, lender = led(world)
    request = tried(world, request, "accept", lender)
    label = reverse("loans:slips", args=["label"]) + f"?number={request.number}"
    hub = client_of(world, "MKS")
    assert hub.get(label).status_code == 404, "nothing is on its way yet"
    request = tried(world, request, "ship", lender)
    out = slip_of(request.attempts.get(), world.actor("MKS"))
    assert (out.sender.code, out.to.code, out.going_back) == ("MKS", "BDG", False)
    assert (out.lender.code, out.borrower.code) == ("MKS", "BDG"), (
        "the strap names the next stop and the hub alone"
    )
    page = shown(hub, label)
    assert world.home.name in page and lender.name not in page
    for action in ("receive", "lend", "take_back", "send_back"):
        request = tried(world, request, action, lender)
    back = slip_of(request.attempts.get(), world.actor("MKS"))
    assert (back.sender.code, back.to.code, back.going_back) == ("MKS", "SMG", True)
    page = shown(hub, label)
    assert lender.name in page and world.home.name not in page
    assert "print:label" in shown(hub, reverse("loans:queue_desk") + "?tab=all")
    assert shown(client_of(world, "JKT"), label) == "", "a member that has no part in it"


def test_between_two_networks_a_parcel_passes_both_coordinators(world: World) -> None:
    _west, east = two_networks(world)
    Holding.objects.exclude(library=world.libraries["SMG"]).delete()
    request = take(at_desk(world), "send_over", person(world, "JKT"), network_id=east.pk)
    request = take(request, "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    for action in ("accept", "ship"):
        request = tried(world, request, action, world.libraries["SMG"])
    stops = [slip_of(request.attempts.get(), world.actor(code)).to.code for code in ("SMG", "MKS", "JKT")]
    assert stops == ["MKS", "JKT", "BDG"]


def test_a_long_list_asks_for_the_networks_once(world: World, django_assert_max_num_queries: Any) -> None:
    _request, lender = led(world)
    from loans.presenters.queue import attempt_rows
    from loans.selectors.queues import supplying_attempts

    actor = world.actor(lender.short_code)
    rows = list(supplying_attempts(actor))
    many = [
        type(rows[0]).objects.select_related("request__requesting_library").get(pk=rows[0].pk)
        for _n in range(5)
    ]
    for one in many:
        one.request.open_flags = []  # type: ignore[attr-defined]
    with django_assert_max_num_queries(8):
        assert {row.partner for row in attempt_rows(many, actor, {})} == {"Perpustakaan Makassar"}


def test_neither_end_is_told_who_works_beyond_its_own_coordinator(world: World) -> None:
    """Of two coordinators each end knows its own; steps of the other one stand under that one's name."""
    _west, east = two_networks(world)
    Holding.objects.exclude(library=world.libraries["SMG"]).delete()
    request = take(at_desk(world), "send_over", person(world, "JKT"), network_id=east.pk)
    request = take(request, "assign", person(world, "MKS"), library_id=world.libraries["SMG"].pk)
    request = tried(world, request, "accept", world.libraries["SMG"])
    page = reverse("loans:request", args=[request.number])
    home, lends = shown(client_of(world, "BDG"), page), shown(client_of(world, "SMG"), page)
    assert f"coordinator JKT, {world.libraries['JKT'].name}" in home
    assert "coordinator MKS" not in home and world.libraries["MKS"].name not in home
    assert f"coordinator MKS, {world.libraries['MKS'].name}" in lends
    assert "coordinator JKT" not in lends and world.libraries["JKT"].name not in lends
