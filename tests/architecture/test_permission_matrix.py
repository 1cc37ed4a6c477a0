"""Walks every address of the portal with every role, against tests/architecture/permission_matrix.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.permission_matrix import FOREIGN_NAMESPACES, ROLES, ROWS, Row, World
from tests.members.world import client_of


def address_names(resolver: URLResolver | None = None, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Every named address, `namespace:name`; one without a name as its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            if not set(inner) & set(FOREIGN_NAMESPACES):
                yield from address_names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name)) if entry.name else f"(no name) {entry.pattern}"


def test_every_address_has_a_row_in_the_permission_matrix() -> None:
    missing = sorted(set(address_names()) - {row.name for row in ROWS})
    assert not missing, (
        f"Addresses without a row: {', '.join(missing)}. Add one each to ROWS in tests/architecture/"
        "permission_matrix.py: the name, and what anonymous, patron, the manager of another library, librarian, "
        "manager and coordinator get."
    )


def test_every_row_of_the_matrix_has_an_address() -> None:
    stale = sorted({row.name for row in ROWS if not row.optional} - set(address_names()))
    assert not stale, f"Rows without an address (renamed or removed?): {', '.join(stale)}"


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.method}")
def test_each_role_gets_what_the_matrix_says(row: Row, settings: Any) -> None:
    if row.name not in set(address_names()):
        pytest.skip("this address exists only with other settings")
    settings.STAFF_MFA_REQUIRED = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = World()
    url = reverse(row.name, kwargs=row.kwargs(world))
    wrong = {
        role: f"{answer} instead of {row.expected(role)}"
        for role in ROLES
        if (answer := answer_for(row, url, world, role)) not in row.expected(role).split("|")
    }
    assert not wrong, f"{row.method.upper()} {url}: {wrong}"


def answer_for(row: Row, url: str, world: World, role: str) -> str:
    """The status, or `login`; whatever the request changed is taken back."""
    client: Client = client_of(world.people[role], raise_request_exception=False)
    with transaction.atomic():
        response = getattr(client, row.method)(url, row.query(world))
        transaction.set_rollback(True)
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/?next="):
        return "login"
    return str(response.status_code)


def test_a_row_has_an_answer_for_every_role() -> None:
    assert [row.name for row in ROWS if len(row.answers.split()) != len(ROLES)] == []
