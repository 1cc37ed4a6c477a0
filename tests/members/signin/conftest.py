"""A running sign-in server, and a library whose readers come in through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from members.models import Library, SignInProvider
from members.signin.faults import OK
from members.signin.services import provider_save
from network_portal.core.actor import Actor
from tests.members.signin.server import CLIENT, SECRET, Provider, running


@pytest.fixture(autouse=True)
def own_machine(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True  # the server of these tests is on loopback


@pytest.fixture
def server() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def campus(bandung: Library, server: Provider) -> SignInProvider:
    """The settings of Bandung's library, tested and turned on."""
    provider = provider_save(
        library=bandung, actor=Actor.system(), secret=SECRET, issuer=server.issuer, client_id=CLIENT,
        claim_card="nim", claim_category="status",
    )  # fmt: skip
    SignInProvider.objects.update(test_outcome=OK, is_on=True)
    provider.refresh_from_db()
    return provider
