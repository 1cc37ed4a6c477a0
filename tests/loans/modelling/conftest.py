"""A mesh of the loan tests' four libraries, and its coordinator's browser."""

from __future__ import annotations

import pytest
from django.test import Client

from members.models import Network
from tests.loans.routing.networks import make_network
from tests.loans.world import World


@pytest.fixture
def network(world: World) -> Network:
    return make_network(world, code="JABAR")


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    client.force_login(world.people["coordinator"])
    return client


@pytest.fixture
def librarian(world: World) -> Client:
    client = Client()
    client.force_login(world.people["BDG"])
    return client
