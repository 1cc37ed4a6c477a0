"""The lists of programmes and people ask the database as often for twenty rows as for two."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.choices import Role
from members.learning.attendance import attendance_mark
from members.learning.certificates import certificates_issue
from members.models import Library, Programme, User
from network_portal.core.actor import Actor
from tests.members.learning.world import make_programme, pass_days, register
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db
MOST = 30


def test_no_list_of_learning_asks_once_for_each_row() -> None:
    host = make_library("TUAN")
    boss = make_member("sri@jaringan.example", host, Role.COORDINATOR)
    guests = [
        make_member(f"tamu{place}@lain.example", make_library(f"LAIN{place}"), Role.LIBRARIAN)
        for place in range(6)
    ]
    client = client_of(boss)
    lists = [
        "/learning/?when=all", "/learning/calendar/", "/learning/mine/", "/learning/host/", "/learning/overview/",
    ]  # fmt: skip
    small = over(host, boss)
    few = [queries(client, url) for url in lists]
    large = over(host, boss, *guests)
    for _more in range(4):
        over(host, boss)
    many = [queries(client, url) for url in lists]
    assert dict(zip(lists, many, strict=True)) == dict(zip(lists, few, strict=True))
    assert max(many) <= MOST
    for page in ("people", "results"):
        asked = [queries(client, f"/learning/{one.pk}/{page}/") for one in (small, large)]
        assert asked[0] == asked[1] <= MOST, page


def over(host: Library, *people: User) -> Programme:
    """A programme of last week; these were there and hold certificates."""
    programme = make_programme(host, days=1)
    rows = [register(programme, person).pk for person in people]
    pass_days(programme, 8)
    attendance_mark(session=programme.sessions.get(), present=rows, actor=Actor.system())
    assert certificates_issue(programme=programme, actor=Actor.system()) == len(people)
    return programme


def queries(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)
