"""Fifty libraries see one request and take it at the same moment: one has it, the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import translation

from loans.choices import AttemptStatus
from loans.models import DeskNotice, Request, SupplyAttempt
from loans.selectors.queues import TO_DO, WAITING, supplying_attempts, supplying_tabs
from loans.services import offers_closing
from loans.services.digests import digests_send
from loans.workflow import engine
from loans.workflow.describe import allowed_steps
from members.choices import Role
from members.models import Library, LibraryPolicy, NetworkMember, WorkingHours
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.routing.networks import make_network
from tests.loans.world import World, make_person, make_world

FIFTY = 50


def librarian_of(library: Library) -> Actor:
    return Actor(
        user_id=None, user_name=library.name, library_id=library.pk, library_name=library.name, channel="web",
        capabilities=frozenset({Capability.SUPPLY_MANAGE.value}),
    )  # fmt: skip


def broadcast(world: World, size: int, **rules: Any) -> tuple[Request, list[Library]]:
    """An approved request on a bus whose holders are `size` libraries."""
    network = make_network(world, "BDG", topology="bus", **rules)
    world.edition.holdings.all().delete()
    libraries = [
        Library.objects.create(
            short_code=f"L{n:02d}",
            name=f"Library {n}",
            city="X",
            library_type="public",
            email=f"l{n}@lib.example",
        )
        for n in range(size)
    ]
    for library in libraries:
        world.libraries[library.short_code] = library
        NetworkMember.objects.create(network=network, library=library)
        world.hold(library.short_code)
    request = world.take(world.submit(), "approve")
    assert request.status == "offered"
    return request, libraries


@pytest.mark.django_db(transaction=True)
def test_fifty_libraries_claim_at_once_and_one_wins() -> None:
    request, libraries = broadcast(make_world(), FIFTY)
    start = Barrier(FIFTY)

    def claim(library: Library) -> bool:
        try:
            start.wait()
            engine.transition(request, "claim", librarian_of(library))
        except RuleViolation:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(FIFTY) as pool:
        won = list(pool.map(claim, libraries))
    assert sum(won) == 1
    winner = libraries[won.index(True)]
    request.refresh_from_db()
    assert request.status == "will_supply"
    assert SupplyAttempt.objects.get(status="will_supply").supplier == winner
    assert SupplyAttempt.objects.filter(status="outbid").count() == FIFTY - 1
    digests_send()
    told = OutgoingMail.objects.filter(template="loan_digest").values_list("to_email", flat=True)
    assert sorted(told) == sorted(library.email for library in libraries if library != winner)
    assert connection.vendor == "postgresql"


@pytest.mark.django_db(transaction=True)
def test_fifty_desks_press_the_button_at_once_and_forty_nine_are_told(live_server: Any) -> None:
    """Fifty browsers with the page open, each in a session of its own, over real HTTP."""
    request, libraries = broadcast(make_world(), FIFTY)
    sessions = {library.pk: session_of(library) for library in libraries}
    live_server.thread.httpd.socket.listen(FIFTY)  # so many may knock at once
    start = Barrier(FIFTY)
    path = reverse("loans:request_action", args=[request.number, "claim"])

    def claim(library: Library) -> str:
        with requests.Session() as browser:
            browser.cookies.update({"sessionid": sessions[library.pk], "csrftoken": "t" * 32})
            start.wait()
            answer = browser.post(
                live_server.url + path, {"version": request.version, "csrfmiddlewaretoken": "t" * 32},
                headers={"Referer": live_server.url, "Accept-Language": "en"}, timeout=60,
            )  # fmt: skip
            assert answer.status_code in (200, 409), answer.status_code
            return answer.text

    with ThreadPoolExecutor(FIFTY) as pool:
        pages = list(pool.map(claim, libraries))
    (winner,) = SupplyAttempt.objects.filter(request=request, status="will_supply")
    lost = [page for page in pages if "Another library has taken this request" in page]
    assert len(lost) == FIFTY - 1
    assert "Another library has taken this request" not in pages[libraries.index(winner.supplier)]
    assert SupplyAttempt.objects.filter(request=request, status="outbid").count() == FIFTY - 1
    assert DeskNotice.objects.filter(template="loan_outbid", request=request).count() == FIFTY - 1
    assert request.events.filter(action="claim").count() == 1


def session_of(library: Library) -> str:
    """The session of somebody who is logged in at that library's desk."""
    client = Client()
    client.force_login(make_person(f"desk@{library.short_code}.example", library, Role.LIBRARIAN))
    return client.cookies["sessionid"].value


@pytest.mark.django_db
def test_request_shown_to_several_stands_in_each_ones_queue_with_its_button(
    world: World, client: Client
) -> None:
    request, libraries = broadcast(world, 2)
    for library in libraries:
        client.force_login(make_person(f"q@{library.short_code}.example", library, Role.LIBRARIAN))
        action = reverse("loans:request_action", args=[request.number, "claim"])
        for page in ("loans:queue_supplying", "loans:request"):
            args = [request.number] if page == "loans:request" else []
            assert action in client.get(reverse(page, args=args)).content.decode(), page


@pytest.mark.django_db
def test_who_lost_reads_so_and_nothing_of_the_one_that_won(world: World, client: Client) -> None:
    request, (won, lost) = broadcast(world, 2)
    engine.transition(request, "claim", librarian_of(won))
    client.force_login(make_person("q@lost.example", lost, Role.LIBRARIAN))
    page = client.get(reverse("loans:request", args=[request.number]), headers={"accept-language": "en"})
    shown = page.content.decode()
    assert str(AttemptStatus.OUTBID.label) in shown
    assert won.name not in shown
    assert page.context["page"].deadline is None
    assert not page.context["page"].actions


@pytest.mark.django_db
def test_where_offers_are_collected_nobody_takes_it_on_the_spot(world: World) -> None:
    request, libraries = broadcast(world, 2, claim_mode="offers")
    actor = librarian_of(libraries[0])
    with pytest.raises(RuleViolation, match="another way"), translation.override("en"):
        engine.transition(request, "claim", actor)
    steps = [step.action for step in allowed_steps(request, engine.own_offer(request, actor), actor)]
    assert "volunteer" in steps
    assert "claim" not in steps
    engine.transition(request, "volunteer", actor)
    tabs = supplying_tabs(actor)
    assert supplying_attempts(actor).filter(tabs[WAITING]).exists()
    assert not supplying_attempts(actor).filter(tabs[TO_DO]).exists()


@pytest.mark.django_db
def test_copy_is_shown_to_two_at_once_and_the_next_two_follow(world: World) -> None:
    make_network(world, parallel=2)
    LibraryPolicy.objects.bulk_create(
        LibraryPolicy(library=library, service="copy") for library in world.libraries.values()
    )
    request = approved_copy(world)
    shown = request.attempts.filter(status="offered").values_list("supplier__short_code", flat=True)
    assert sorted(shown) == ["JKT", "SMG"]
    Request.objects.filter(pk=request.pk).update(deadline_at=request.created_at)
    assert offers_closing.close_offers() == 1
    request.refresh_from_db()
    assert request.status == "asked", "one is left, and is asked alone"
    assert engine.live_attempt(request).supplier == world.libraries["MKS"]  # type: ignore[union-attr]


def approved_copy(world: World) -> Request:
    request = world.submit()
    Request.objects.filter(pk=request.pk).update(service="copy")
    return world.take(Request.objects.get(pk=request.pk), "approve")


@pytest.mark.django_db
def test_library_that_was_not_shown_the_request_cannot_take_it(world: World) -> None:
    request, _libraries = broadcast(world, 2)
    with pytest.raises(RuleViolation):
        engine.transition(request, "claim", librarian_of(world.libraries["MKS"]))
    assert SupplyAttempt.objects.filter(status="offered").count() == 2


@pytest.mark.django_db
def test_terminal_cancel_stops_every_offer(world: World) -> None:
    request, libraries = broadcast(world, 3)
    request = world.take(request, "cancel")
    request.refresh_from_db()
    assert request.status == "cancelled"
    assert set(request.attempts.values_list("status", flat=True)) == {"withdrawn"}
    for library in libraries:
        with pytest.raises(RuleViolation):
            engine.transition(request, "claim", librarian_of(library))


@pytest.mark.django_db
def test_every_attempt_has_a_deadline_from_its_suppliers_calendar(world: World) -> None:
    """Two libraries asked at the same moment: the one that opens an hour a week has longer."""
    make_network(world)
    WorkingHours.objects.create(library=world.libraries["SMG"], weekday=2, opens=time(9), closes=time(10))
    request = world.take(world.submit(), "approve")
    first = engine.live_attempt(request)
    request = world.take(request, "decline")
    second = engine.live_attempt(request)
    assert first is not None and second is not None and first.deadline_at and second.deadline_at
    assert second.supplier.short_code == "SMG"
    assert second.deadline_at - first.deadline_at > timedelta(days=7)
    assert second.deadline_at.astimezone(ZoneInfo(second.supplier.time_zone)).weekday() == 2
