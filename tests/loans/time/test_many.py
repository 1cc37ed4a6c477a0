"""Many requests in one tick: the same as one by one, each once, whatever happens to the worker."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import Holding
from loans.models import DeskNotice, Request, RequestEvent, RequestFlag, SupplyAttempt
from loans.services import timers
from loans.services.digests import digests_send
from loans.workflow import engine, writing
from network_portal.core import bulk
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.time.test_timers import stale
from tests.loans.world import World, make_world

# What two runs cannot have in common: keys and moments.
MOMENTS = ("id", "changed_at", "waiting_since", "at", "asked_at", "closed_at", "attempt_id", "undo_until")
SOON = timedelta(minutes=2)


def rows_of(ids: list[int]) -> dict[str, list[dict[str, Any]]]:
    """Everything the tick wrote about these requests, without keys and moments."""

    def plain(row: Any) -> dict[str, Any]:
        return {name: value for name, value in bulk.values_of(row).items() if name not in MOMENTS}

    events = RequestEvent.objects.filter(request_id__in=ids).select_related("attempt")
    audits = AuditEntry.objects.filter(target_type="loans.request", target_id__in=[str(pk) for pk in ids])
    return {
        "requests": [plain(row) for row in Request.objects.filter(pk__in=ids).order_by("pk")],
        "attempts": [
            plain(row) for row in SupplyAttempt.objects.filter(request_id__in=ids).order_by("request_id", "position")
        ],
        "events": [
            {**plain(row), "supplier": row.attempt.supplier_id if row.attempt else None}
            for row in events.order_by("request_id", "version")
        ],
        "audit": sorted((plain(row) for row in audits), key=lambda row: (row["target_id"], str(row["data"]))),
    }  # fmt: skip


def test_many_at_once_end_like_one_by_one(world: World) -> None:
    ids = stale(world, 6)
    # One has nobody left, one is urgent, one has a question open beside it, one was asked of its last library.
    Holding.objects.filter(edition__requests=ids[0]).delete()
    Request.objects.filter(pk=ids[1]).update(level="rush")
    attempt = engine.live_attempt(Request.objects.get(pk=ids[2]))
    RequestFlag.objects.create(
        request_id=ids[2], attempt=attempt, kind="cost_asked", side="patron", library=world.home,
        deadline_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    Holding.objects.filter(edition__requests=ids[3]).exclude(library=world.libraries["JKT"]).delete()
    with transaction.atomic():
        for pk in ids:
            engine.transition(Request(pk=pk), "expire", Actor.system(channel="timer"))
        alone = rows_of(ids)
        transaction.set_rollback(True)
    assert timers.expire_unanswered() == 6
    together = rows_of(ids)
    assert {row["status"] for row in alone["requests"]} == {"asked", "end_of_rota"}
    for kind, rows in alone.items():
        assert rows
        for one, other in zip(rows, together[kind], strict=True):
            for name in (
                "deadline_at",
                "times_out_at",
            ):  # an urgent one's is as exact as the moment it was asked
                left, right = one.pop(name, None), other.pop(name, None)
                assert left == right or abs(left - right) < SOON, (kind, name)
            assert other == one, kind


def test_statements_do_not_grow_with_the_requests(world: World, django_assert_max_num_queries: Any) -> None:
    stale(world, 12)
    with django_assert_max_num_queries(75):
        assert timers.expire_unanswered() == 12


class Killed(BaseException):
    """As sudden as a signal: nothing catches it on the way."""


@pytest.mark.django_db(transaction=True)
def test_killed_worker_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = stale(make_world(), 4)
    OutgoingMail.objects.all().delete()
    monkeypatch.setattr(timers, "CHUNK", 2)
    chunks: list[int] = []
    flush = writing.flush

    def dies(requests: Any, *rest: Any) -> None:
        flush(requests, *rest)
        chunks.append(len(requests))
        if len(chunks) == 2:
            raise Killed  # the second chunk is written and not committed, the first one's desks are not told

    monkeypatch.setattr(writing, "flush", dies)
    with pytest.raises(Killed):
        timers.expire_unanswered()
    assert SupplyAttempt.objects.filter(status="expired").count() == 2
    assert not OutgoingMail.objects.exists()
    assert timers.expire_unanswered() == 2
    assert RequestEvent.objects.filter(request_id__in=ids, action="expire").count() == 4
    assert SupplyAttempt.objects.filter(request_id__in=ids, status="asked").count() == 4
    told = "".join(OutgoingMail.objects.filter(template="loan_digest").values_list("body_text", flat=True))
    for request in Request.objects.filter(pk__in=ids):
        assert told.count(request.number) == 2  # the library that was silent, and the next one
    assert not DeskNotice.objects.filter(mail_id=None).exists()
    assert timers.expire_unanswered() == digests_send() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_request(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = stale(make_world(), 6)
    monkeypatch.setattr(timers, "CHUNK", 3)
    monkeypatch.setattr(timers, "LIMIT", 3)
    both = threading.Barrier(2, timeout=20)
    done: list[list[int]] = []
    locked = timers._locked

    def wait(*args: Any) -> list[Request]:
        rows = locked(*args)
        if len(done) < 2:
            done.append([row.pk for row in rows])
            both.wait()  # each holds its rows while the other looks
        return rows

    monkeypatch.setattr(timers, "_locked", wait)

    def work() -> None:
        try:
            timers.expire_unanswered(limit=3)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert sorted(done[0] + done[1]) == sorted(ids)
    assert RequestEvent.objects.filter(request_id__in=ids, action="expire").count() == 6
    assert SupplyAttempt.objects.filter(request_id__in=ids, status="asked").count() == 6
