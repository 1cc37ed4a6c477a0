"""POST …/items: where the copies are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.utils import timezone as clock

from catalog.models import Holding, Item, Source
from tests.catalog.api.conftest import Agent, book, results


def item(item_id: str, local_id: str = "1", **values: Any) -> dict[str, Any]:
    return {"item_id": item_id, "local_id": local_id, "location": "Umum", "status": "available", **values}


def states(agent: Agent) -> dict[str, str]:
    return dict(Item.objects.filter(source=agent.source).values_list("item_id", "status"))


@pytest.fixture
def shop(agent: Agent) -> Agent:
    agent.records({"records": [book("1", "Bumi Manusia")]})
    return agent


def test_copies_make_the_holdings_of_their_record(shop: Agent) -> None:
    answer = shop.items({"items": [item("A1"), item("A2", status="on_loan", due_date="2026-12-01")]})
    assert results(answer, "item_id") == {"A1": "created", "A2": "created"}
    held = Holding.objects.get(library=shop.source.library)
    assert (held.item_count, held.available_count, held.status) == (2, 1, "available")
    assert Item.objects.get(item_id="A2").due_at is not None


def test_the_same_copies_twice_change_nothing(shop: Agent) -> None:
    told = {"items": [item("A1", as_of="2026-03-01T10:00:00+07:00")]}
    shop.items(told)
    held = Holding.objects.get(library=shop.source.library).pk
    assert results(shop.items(told), "item_id") == {"A1": "unchanged"}
    assert Holding.objects.get(library=shop.source.library).pk == held


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Tersedia", "available"), ("Dipinjam", "on_loan"), ("No Loan", "reference"), ("NL", "reference"),
        ("Baca di tempat", "reference"), ("MIS", "unavailable"), ("Hilang", "unavailable"), ("R", "unavailable"),
        ("Dalam Perbaikan", "unavailable"), ("Tandon", "reference"), ("Tidak diketahui", "unknown"), ("", "unknown"),
        ("reference", "reference"), ("Rusak berat", "unavailable"),
    ],
)  # fmt: skip
def test_the_words_of_slims_and_inlislite_are_understood(shop: Agent, word: str, status: str) -> None:
    answer = shop.items({"items": [item("A1", status=word)]})
    assert states(shop) == {"A1": status} and "note" not in answer.body["results"][0]


def test_an_unknown_word_is_kept_as_unknown_and_said_so(shop: Agent) -> None:
    answer = shop.items({"items": [item("A1", status="di langit")]})
    assert states(shop) == {"A1": "unknown"} and answer.body["results"][0]["note"] == "status_unknown"


def test_news_from_the_future_counts_as_of_now(shop: Agent) -> None:
    answer = shop.items({"items": [item("A1", as_of="2099-01-01T00:00:00Z")]})
    assert answer.body["results"][0]["note"] == "as_of_future"
    assert Item.objects.get().as_of <= clock.now()


def test_older_news_than_what_is_known_is_reported_and_not_taken(shop: Agent) -> None:
    shop.items({"items": [item("A1", status="on_loan")]})
    before = (datetime.now(timezone.utc) - timedelta(hours=1)).isoformat()
    assert results(shop.items({"items": [item("A1", as_of=before)]}), "item_id") == {"A1": "outdated"}
    assert states(shop) == {"A1": "on_loan"}


def test_one_time_may_hold_for_the_whole_batch(shop: Agent) -> None:
    shop.items({"as_of": "2026-03-01T10:00:00Z", "items": [item("A1")]})
    assert Item.objects.get().as_of == datetime(2026, 3, 1, 10, tzinfo=timezone.utc)


def test_copies_that_wait_for_their_record_are_said_to(agent: Agent) -> None:
    answer = agent.items({"items": [item("A1", "77")]})
    assert answer.body["waiting"] == 1 and answer.body["results"][0]["waiting"] is True
    agent.records({"records": [book("77", "Bumi Manusia")]})
    assert Item.objects.get().record is not None


def test_a_copy_that_cannot_be_read_is_refused_and_the_others_are_stored(shop: Agent) -> None:
    wrong: list[Any] = [
        item(""),
        item("x" * 101),
        item("A2", due_at="soon"),
        item("A3", location=["?"]),
        "A4",
        item("\u0000"),
    ]
    answer = shop.items({"items": [item("A1"), *wrong]})
    assert answer.body["counts"] == {"created": 1, "rejected": 6}
    assert {r["field"] for r in answer.body["results"] if r["result"] == "rejected"} == {
        "item_id",
        "due_at",
        "location",
    }


def test_a_deleted_copy_goes(shop: Agent) -> None:
    shop.items({"items": [item("A1"), item("A2")]})
    assert results(shop.items({"deleted": ["A1", "A9"]}), "item_id") == {"A1": "deleted", "A9": "unknown"}
    assert states(shop) == {"A2": "available"}


def test_a_complete_list_of_copies_takes_out_the_rest(shop: Agent) -> None:
    shop.items({"items": [item("A1"), item("A2"), item("A3")]})
    shop.items({"session": "s", "seq": 1, "items": [item("A1")]})
    answer = shop.items({"session": "s", "seq": 2, "items": [item("A2")], "complete": True})
    assert answer.body["complete"]["taken_out"] == 1 and set(states(shop)) == {"A1", "A2"}


def test_a_complete_list_with_a_missing_batch_takes_nothing_out(shop: Agent) -> None:
    shop.items({"items": [item("A1"), item("A2")]})
    shop.items({"session": "s", "seq": 1, "items": []})
    answer = shop.items({"session": "s", "seq": 3, "items": [], "complete": True})
    assert not answer.body["complete"]["accepted"] and len(states(shop)) == 2


def test_most_copies_go_only_after_two_complete_lists_without_them(shop: Agent) -> None:
    shop.items({"items": [item(f"A{n}") for n in range(60)]})
    first = shop.items({"session": "s", "seq": 1, "items": [item("A1")], "complete": True})
    assert first.body["complete"] == {"accepted": True, "reason": "", "taken_out": 0, "held": 59}
    second = shop.items({"session": "t", "seq": 1, "items": [item("A1")], "complete": True})
    assert second.body["complete"]["taken_out"] == 59 and set(states(shop)) == {"A1"}


def test_the_same_batch_of_a_session_gets_the_same_answer(shop: Agent) -> None:
    told = {"session": "s", "seq": 1, "items": [item("A1")]}
    assert shop.items(told).body["results"] == shop.items(told).body["results"]


def test_a_source_that_is_harvested_takes_copies_too(shop: Agent) -> None:
    Source.objects.filter(pk=shop.source.pk).update(kind="oai_pmh")
    assert results(shop.items({"items": [item("A1")]}), "item_id") == {"A1": "created"}


def test_too_many_copies_in_one_request_are_refused(shop: Agent) -> None:
    answer = shop.items({"items": [item(f"A{n}") for n in range(5001)]})
    assert answer.status == 413 and not Item.objects.exists()


def test_copies_with_only_a_barcode_find_the_record_that_names_it(agent: Agent) -> None:
    agent.records({"records": [book("1", "Bumi Manusia", barcode=["B1", "B2"], call_number="813 PRA")]})
    agent.items(
        {
            "items": [
                item("B1", "", location="Lantai 2"),
                item("B2", "", status="Dipinjam", location="Lantai 2"),
            ]
        }
    )
    held = Holding.objects.get(library=agent.source.library)
    assert (held.location, held.call_number, held.item_count, held.available_count) == (
        "Lantai 2",
        "813 PRA",
        2,
        1,
    )
