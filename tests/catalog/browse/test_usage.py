"""What is searched is counted without persons, once, and shown when enough people asked it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DataError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from catalog.models import CountedBatch, UseCount
from catalog.search import indexer
from catalog.selectors import usage
from catalog.usage import fold
from catalog.usage.note import buffer_key
from loans.models import Request
from members.choices import Role
from members.models import Library
from tests.catalog.building import person
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


@pytest.fixture
def near() -> Library:
    near = library("NEAR")
    edition("Laut Bercerita", "Leila S. Chudori", held_by=(near,))
    indexer.index_dirty()
    return near


def search(text: str, *, reader: int = 1, agent: str = AGENT, **more: str) -> None:
    Client(REMOTE_ADDR=f"192.0.2.{reader}").get("/search", {"q": text, **more}, headers={"User-Agent": agent})


def redis() -> Any:
    return cache._cache.get_client()  # type: ignore[attr-defined]


def counted(text: str) -> tuple[int, int, int]:
    row = UseCount.objects.get(text=text)
    return row.times, row.nothing, row.askers


def today() -> tuple[Any, Any]:
    return timezone.localdate(), timezone.localdate()


def test_a_question_counts_once_whatever_is_filtered_or_paged(near: Library) -> None:
    search("LAUT  Bercerita")
    search("laut bercerita", reader=2)
    search("laut bercerita", page="2")
    search("laut bercerita", format="book")
    search("laut bercerita", agent="ExampleBot/1.0")
    assert fold.fold_uses() == 2
    assert counted("laut bercerita") == (2, 0, 2)


def test_the_buffer_and_the_table_know_nobody(near: Library) -> None:
    client = Client(REMOTE_ADDR="192.0.2.77")
    reader = person(Role.LIBRARIAN, near)
    client.force_login(reader)
    session = client.cookies["sessionid"].value
    client.get("/search", {"q": "laut"}, headers={"User-Agent": AGENT})
    search("pulau", reader=77)
    lines = [json.loads(line) for line in redis().lrange(buffer_key(), 0, -1)]
    assert len(lines) == 2 and lines[0]["w"] != lines[1]["w"]
    for line in lines:
        assert set(line) == {"k", "q", "n", "d", "w"}
        assert not any(secret in json.dumps(line) for secret in ("192.0.2", session, reader.email))
    fold.fold_uses()
    assert {field.name for field in UseCount._meta.fields} == {
        "id", "day", "kind", "text", "edition_id", "times", "nothing", "askers",
    }  # fmt: skip


def test_an_opened_title_counts_and_a_moved_or_missing_one_does_not(near: Library) -> None:
    made = edition("Gunung", held_by=(near,))
    for address in (made.get_absolute_url(), "/edition/999999", f"{made.get_absolute_url()}/marc"):
        Client().get(address, headers={"User-Agent": AGENT})
    fold.fold_uses()
    assert UseCount.objects.get(kind="opened").edition_id == made.pk
    assert usage.most_opened(*today())[0].times == 1


def test_a_worker_that_dies_after_counting_counts_nothing_twice(near: Library) -> None:
    for reader in range(3):
        search("laut", reader=reader)
    part = redis().lrange(buffer_key(), 0, -1)
    fold.fold_uses()
    name = CountedBatch.objects.get().name
    # As it stood between the two steps: counted, but still set aside.
    redis().rpush(f"{buffer_key()}:aside", *part)
    redis().set(f"{buffer_key()}:name", name)
    search("laut", reader=9)
    fold.fold_uses()
    assert counted("laut") == (4, 0, 4)


def test_a_worker_that_dies_before_counting_loses_nothing(near: Library, monkeypatch: Any) -> None:
    search("laut")
    with monkeypatch.context() as broken, transaction.atomic():
        broken.setattr(fold, "_ADD", "SELECT 1/0, %s, %s, %s, %s, %s, %s, %s")
        with pytest.raises(DataError), transaction.atomic():
            fold.fold_uses()
    assert not UseCount.objects.exists()
    fold.fold_uses()
    assert counted("laut") == (1, 0, 1)


def test_what_few_asked_is_not_shown_and_loses_its_words_at_night(near: Library, settings: Any) -> None:
    settings.USAGE_LEAST_ASKERS = 3
    for reader in range(3):
        search("laut", reader=reader)
    for _time in range(5):
        search("nama penyakit saya", reader=1)
    fold.fold_uses()
    assert [question.text for question in usage.questions(*today())] == ["laut"]
    UseCount.objects.update(day=timezone.localdate() - timedelta(days=1))
    search("hari ini saja")
    fold.fold_uses()
    fold.forget_rare()
    assert set(UseCount.objects.values_list("text", flat=True)) == {"laut", "", "hari ini saja"}
    assert counted("")[:2] == (5, 5)
    fold.forget_rare()
    assert counted("")[:2] == (5, 5)


def test_the_purchase_list_joins_searches_in_vain_and_requests_and_drops_what_came(near: Library) -> None:
    for reader in range(4):
        search("kamus sunda kuno", reader=reader)
        search("tari topeng", reader=reader)
    fold.fold_uses()
    Request.objects.create(
        number="NEAR-1", title="Kamus Sunda Kuno", status="submitted", requesting_library=near,
        patron=person(Role.PATRON, near),
    )  # fmt: skip
    edition("Tari Topeng", held_by=(near,))
    indexer.index_dirty()
    (row,) = usage.wanted(*today())
    assert (row.text, row.searches, row.requests) == ("Kamus Sunda Kuno", 4, 1)


def test_librarians_read_the_pages_and_take_the_files(near: Library) -> None:
    for reader in range(4):
        search("kamus sunda kuno", reader=reader)
    fold.fold_uses()
    client = Client()
    client.force_login(person(Role.LIBRARIAN, near))
    page = client.get("/statistics/searches/").content.decode()
    assert "kamus sunda kuno" in page and '<svg class="plot"' in page
    with override("en"):
        assert "kamus sunda kuno" in client.get("/statistics/wanted/?first=x&last=y").content.decode()
    for name in ("searches", "wanted"):
        answer: Any = client.get(f"/statistics/{name}.csv")
        assert b"kamus sunda kuno" in b"".join(answer.streaming_content)


def test_a_page_is_shown_while_redis_is_away(near: Library, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    answer = Client().get("/search", {"q": "laut"}, headers={"User-Agent": AGENT})
    assert answer.status_code == 200
