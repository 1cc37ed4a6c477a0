"""What the lists cost where there are many requests: partial indexes are read, and no page counts them all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from loans.filters import NetworkFilter, RequestFilter
from loans.presenters.queue_page import QUEUES
from loans.selectors import queues
from tests.loans.world import World
from tests.perf.queues import fill_requests

MANY = 4000


@pytest.fixture
def crowded(world: World) -> Iterator[World]:
    """Some thousand requests, of which one in twenty is open, as in a network that has run for years."""
    fill_requests(MANY, edition=world.edition, patron=world.patron, libraries=list(world.libraries.values()))
    yield world


def indexes_of(rows: QuerySet[Any]) -> set[str]:
    """The indexes that a plan reads."""
    plan = json.loads(rows.explain(format="json"))[0]["Plan"]
    return {node["Index Name"] for node in _nodes(plan) if "Index Name" in node}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def scanned_whole(rows: QuerySet[Any]) -> bool:
    plan = json.loads(rows.explain(format="json"))[0]["Plan"]
    return any(
        node["Node Type"] == "Seq Scan" and node["Relation Name"].startswith("loans_")
        for node in _nodes(plan)
    )


def test_to_do_can_be_read_from_the_partial_indexes_of_open_requests(crowded: World) -> None:
    """The tab's condition implies theirs.

    Which index the server prefers on so small a table hangs on how its pages lie; without those that hold every
    request of a library, old ones too, and without reading the table, the partial ones must do.
    """
    queue = QUEUES["requesting"]
    rows = queues.in_tab(queue.rows(crowded.desk), queue.tabs(crowded.desk)["todo"], queue.sorts["deadline"])[
        :25
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for field in ("owner_library", "requesting_library"):
            for name in _plain_indexes(cursor, f"{field}_id"):
                cursor.execute(f'DROP INDEX "{name}"')  # the test's transaction brings it back
    assert indexes_of(rows) & {"request_owner", "request_due", "request_open", "request_of_network"}
    assert not scanned_whole(rows)


def _plain_indexes(cursor: CursorWrapper, column: str) -> list[str]:
    """The indexes of all requests that begin with this column."""
    cursor.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'loans_request' AND indexdef LIKE %s "
        "AND indexdef NOT LIKE '%% WHERE %%'",
        [f"%({column}%"],
    )
    return [name for (name,) in cursor.fetchall()]


def test_no_tab_of_the_network_reads_the_whole_table(crowded: World) -> None:
    coordinator, queue = crowded.actor("coordinator"), QUEUES["network"]
    for tab, condition in queue.tabs(coordinator).items():
        sort = queue.sorts["newest" if tab == "all" else "deadline"]
        rows = queues.in_tab(queue.rows(coordinator), condition, sort)[:25]
        assert not scanned_whole(rows), rows.explain()


def test_newest_first_reads_an_index_in_its_order(crowded: World) -> None:
    coordinator, queue = crowded.actor("coordinator"), QUEUES["network"]
    rows = queues.in_tab(queue.rows(coordinator), queue.tabs(coordinator)["all"], queue.sorts["newest"])[:25]
    assert "loans_request_pkey" in indexes_of(rows)


@pytest.mark.parametrize(("words", "index"), [("zebra 3999", "request_search")])
def test_searching_reads_the_index_of_words(crowded: World, words: str, index: str) -> None:
    coordinator = crowded.actor("coordinator")
    found = NetworkFilter({"q": words}, queryset=queues.network_requests(coordinator)).qs
    assert index in indexes_of(found)
    assert not scanned_whole(found)


def test_search_finds_among_many(crowded: World) -> None:
    rows = queues.requesting_requests(crowded.desk)
    last = rows.order_by("-id").first()
    assert last is not None
    assert [row.pk for row in RequestFilter({"q": last.number}, queryset=rows).qs] == [last.pk]


def test_the_fixture_is_as_crowded_as_it_says(crowded: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE closed_at IS NULL) FROM loans_request")
        total, opened = cursor.fetchone()
    assert total == MANY
    assert opened == MANY // 20
