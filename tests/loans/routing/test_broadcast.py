"""Fifty libraries see one request and take it at the same moment: one has it, the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from loans.models import Request, SupplyAttempt
from loans.workflow import engine
from members.models import Library, NetworkMember
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.routing.networks import make_network
from tests.loans.world import World, make_world

FIFTY = 50


def librarian_of(library: Library) -> Actor:
    return Actor(
        user_id=None, user_name=library.name, library_id=library.pk, library_name=library.name, channel="web",
        capabilities=frozenset({Capability.SUPPLY_MANAGE.value}),
    )  # fmt: skip


def broadcast(world: World, size: int) -> tuple[Request, list[Library]]:
    """An approved request on a bus whose holders are `size` libraries."""
    network = make_network(world, "BDG", topology="bus")
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
    told = OutgoingMail.objects.filter(template="loan_outbid").values_list("to_email", flat=True)
    assert sorted(told) == sorted(library.email for library in libraries if library != winner)
    assert connection.vendor == "postgresql"


@pytest.mark.django_db
def test_library_that_was_not_shown_the_request_cannot_take_it(world: World) -> None:
    request, _libraries = broadcast(world, 2)
    with pytest.raises(RuleViolation):
        engine.transition(request, "claim", librarian_of(world.libraries["MKS"]))
    assert SupplyAttempt.objects.filter(status="offered").count() == 2
