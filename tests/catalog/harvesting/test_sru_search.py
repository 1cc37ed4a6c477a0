"""Looking single records up in an SRU server: what is asked, how long, and what a bad answer is called."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.choices import SourceKind
from catalog.harvesting.lookup import Asked, Found, LookupFailed
from catalog.harvesting.polite import one_at_a_time
from catalog.harvesting.searchers import look_up
from catalog.harvesting.sru.search import question
from catalog.harvesting.sru.types import Explain, Index
from catalog.models import Source
from tests.catalog.building import source
from tests.catalog.harvesting.sru_server import BOMB, LOGIN, Behaviour, SruServer, books

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def target(server: SruServer, **values: Any) -> Source:
    return source(kind=SourceKind.SRU, url=server.url, **values)


def test_without_explain_the_usual_indexes_are_asked() -> None:
    asked = Asked(isbn="9786020633176", title="Bumi Manusia", author="Toer")
    assert question(asked, Explain()) == (
        '(bath.isbn = "9786020633176" or bath.isbn = "6020633179") and (dc.title all "Bumi Manusia") and '
        '(dc.creator all "Toer")'
    )


def test_a_relation_that_the_index_does_not_have_is_not_asked() -> None:
    explained = Explain(indexes=[Index("x.title", relations=["="])])
    assert question(Asked(title="Bumi"), explained) == 'x.title = "Bumi"'


@pytest.mark.parametrize(
    ("entered", "asked"),
    [
        ('a" or cql.allRecords = 1 or dc.title = "b', r'"a\" or cql.allRecords = 1 or dc.title = \"b"'),
        ("a\\", r'"a\\"'),
        ("a*?^", r'"a\*\?\^"'),
        ("a\x00\n\tb", '"a b"'),
        ("a" * 500, '"' + "a" * 200 + '"'),
    ],
)
def test_what_is_entered_stays_inside_its_quotes(entered: str, asked: str) -> None:
    assert question(Asked(title=entered), Explain()) == f"dc.title all {asked}"


def test_what_the_server_explained_is_kept_for_a_week_and_for_its_address() -> None:
    with SruServer(books(3), Behaviour(ignore_query=True)) as server, SruServer(books(2)) as other:
        own = target(server)
        for _time in range(2):
            assert look_up(own, Asked(title="x")).count == 3
        assert sum("query" not in asked for asked in server.requests) == 1
        own.server["found_at"] = (timezone.now() - timedelta(days=8)).isoformat()
        look_up(own, Asked(title="x"))
        assert sum("query" not in asked for asked in server.requests) == 2
        own.url = other.url
        look_up(own, Asked(title="x"))
        assert "query" not in other.requests[0]


def test_a_search_waits_behind_no_harvest_of_the_same_host() -> None:
    with SruServer(books(3), Behaviour(ignore_query=True)) as server, one_at_a_time("127.0.0.1"):
        assert look_up(target(server), Asked(title="x")).count == 3


def test_a_record_too_large_to_be_kept_is_counted_as_lost() -> None:
    items = books(3)
    items[1].title = "x" * 1_000_001
    with SruServer(items, Behaviour(ignore_query=True)) as server:
        found = look_up(target(server), Asked(title="x"))
    assert (found.count, len(found.hits), found.lost) == (3, 2, 1)


def test_nothing_found_is_no_error_however_the_server_says_it() -> None:
    for behaviour in (Behaviour(), Behaviour(refusal=61)):
        with SruServer([], behaviour) as server:
            assert look_up(target(server), Asked(title="x")) == Found(0)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (Behaviour(body=LOGIN), "html_page"),
        (Behaviour(body=BOMB), "doctype"),
        (Behaviour(refusal=16), "bad_index"),
        (Behaviour(failing=lambda asked: 503 if "query" in asked else 0), "busy"),
        (Behaviour(truncate=9), "truncated"),
    ],
)
def test_each_trouble_has_a_name_and_costs_no_waiting(behaviour: Behaviour, code: str) -> None:
    with SruServer(books(3), behaviour) as server, pytest.raises(LookupFailed) as caught:
        look_up(target(server), Asked(title="x"))
    assert caught.value.code == code
    assert caught.value.message


def test_a_server_inside_the_network_is_refused(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    with SruServer(books(3)) as server, pytest.raises(LookupFailed) as caught:
        look_up(target(server), Asked(title="x"))
    assert (caught.value.code, server.requests) == ("private_address", [])
