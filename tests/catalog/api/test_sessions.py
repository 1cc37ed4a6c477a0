"""Batches that belong together: one run, in order, and only a list that came whole says what is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog.harvesting.schedule import runs_lost
from catalog.models import PushSession, Run, SourceRecord
from catalog.services.runs import run_execute, run_stop
from tests.catalog.api.conftest import Agent, Answer, book, results
from tests.catalog.building import SYSTEM

TITLES = ("Bumi Manusia", "Anak Semua Bangsa", "Jejak Langkah", "Rumah Kaca", "Gadis Pantai")


def batch(session: str, seq: int, *numbers: int, **values: Any) -> dict[str, Any]:
    return {"session": session, "seq": seq, "records": [book(str(n), TITLES[n]) for n in numbers], **values}


def live(agent: Agent) -> set[str]:
    records = SourceRecord.objects.filter(source=agent.source, deleted_at=None)
    return set(records.values_list("identifier", flat=True))


def full(agent: Agent, name: str = "first") -> Answer:
    agent.records(batch(name, 1, 0, 1, 2))
    return agent.records(batch(name, 2, 3, 4, complete=True))


def quiet(agent: Agent, **ago: int) -> None:
    """As if nothing had been heard of the session for a while."""
    then = timezone.now() - timedelta(**ago)
    PushSession.objects.filter(source=agent.source).update(heard_at=then)
    Run.objects.filter(source=agent.source).update(heartbeat_at=then)


def test_the_batches_of_a_session_are_one_run(agent: Agent) -> None:
    answer = full(agent)
    run = Run.objects.get()
    assert (run.status, run.read, run.created, run.kind) == ("done", 5, 5, "push")
    assert answer.body["ended"] and answer.body["complete"]["accepted"]


def test_a_complete_list_takes_out_what_it_lacks(agent: Agent) -> None:
    full(agent)
    agent.records(batch("second", 1, 0, 1))
    assert live(agent) == {"0", "1", "2", "3", "4"}  # nothing before the end
    answer = agent.records(batch("second", 2, 2, 3, complete=True))
    assert live(agent) == {"0", "1", "2", "3"}
    assert answer.body["complete"]["taken_out"] == 1
    agent.source.refresh_from_db()
    assert agent.source.record_count == 4


def test_a_list_with_a_missing_batch_takes_nothing_out(agent: Agent) -> None:
    full(agent)
    agent.records(batch("second", 1, 0))
    answer = agent.records(batch("second", 3, 4, complete=True))
    assert live(agent) == {"0", "1", "2", "3", "4"}
    assert answer.body["complete"] == {
        "accepted": False, "reason": "batches_missing", "taken_out": 0, "held": 0,
    }  # fmt: skip


def test_a_session_without_its_first_batch_is_not_whole(agent: Agent) -> None:
    full(agent)
    assert not agent.records(batch("second", 2, 0, complete=True)).body["complete"]["accepted"]
    assert len(live(agent)) == 5


def test_a_session_that_ends_without_saying_complete_takes_nothing_out(agent: Agent) -> None:
    full(agent)
    agent.records(batch("second", 1, 0))
    quiet(agent, minutes=6)
    assert run_execute(run_id=Run.objects.latest("id").pk, actor=SYSTEM) is not None
    assert Run.objects.latest("id").status == "done" and len(live(agent)) == 5
    assert PushSession.objects.get(name="second").ended_at is not None


def test_a_session_that_is_still_being_sent_is_not_ended_by_the_dispatcher(agent: Agent) -> None:
    agent.records(batch("first", 1, 0))
    assert run_execute(run_id=Run.objects.get().pk, actor=SYSTEM) is None
    assert Run.objects.get().status == "running"
    assert results(agent.records(batch("first", 2, 1, complete=True))) == {"1": "created"}
    assert Run.objects.get().resumed == 0


def test_a_complete_list_that_lacks_too_much_waits_for_a_word(agent: Agent) -> None:
    many = [book(str(n), f"Buku tentang kota nomor {n}") for n in range(40)]
    agent.records({"records": many})
    answer = agent.records({"records": many[:20], "complete": True})
    assert answer.body["complete"]["held"] == 20 and len(live(agent)) == 40
    run = Run.objects.latest("id")
    assert run.deletes_held == 20 and run.message_code == "deletes_held"


def test_a_batch_whose_answer_got_lost_is_answered_the_same_again(agent: Agent) -> None:
    first = agent.records(batch("first", 1, 0, 1))
    again = agent.records(batch("first", 1, 0, 1))
    assert again.body == {**first.body, "repeated": True}
    assert Run.objects.get().read == 2
    last = agent.records(batch("first", 2, 2, complete=True))
    assert agent.records(batch("first", 2, 2, complete=True)).body == {**last.body, "repeated": True}
    assert Run.objects.count() == 1


def test_the_batch_that_ended_a_session_is_answered_though_the_server_died_before_it_could(
    agent: Agent,
) -> None:
    full(agent)
    agent.records(batch("second", 1, 0, 1))
    ending = {**batch("second", 2, 2, 3, complete=True), "deleted": ["1"]}
    said = agent.records(ending).body
    before = Run.objects.latest("id")
    PushSession.objects.filter(name="second").update(
        last_answer={}
    )  # as the batch left it, before its answer
    again = agent.records(ending)
    assert again.status == 200 and again.body["complete"] == said["complete"]
    assert again.body["ended"] and results(again) == {"1": "deleted", "2": "unchanged", "3": "unchanged"}
    assert live(agent) == {"0", "2", "3"}
    after = Run.objects.latest("id")
    assert (after.pk, after.read, after.finished_at) == (before.pk, before.read, before.finished_at)
    assert agent.records(batch("second", 2, 4, complete=True)).body["code"] == "session_over"
    assert agent.records(ending).body["repeated"]


def test_an_ended_session_takes_no_other_batch(agent: Agent) -> None:
    full(agent)
    answer = agent.records(batch("first", 3, 0))
    assert (answer.status, answer.body["code"]) == (409, "session_over")


def test_another_session_waits_while_one_is_being_sent(agent: Agent) -> None:
    agent.records(batch("first", 1, 0))
    answer = agent.records(batch("second", 1, 1))
    assert answer.status == 409 and 0 < int(answer.headers["Retry-After"]) <= 61


def test_another_session_ends_one_that_fell_silent(agent: Agent) -> None:
    agent.records(batch("first", 1, 0))
    quiet(agent, seconds=70)
    assert results(agent.records(batch("second", 1, 1, complete=True))) == {"1": "created"}
    first, second = Run.objects.order_by("id")
    assert (first.status, second.status) == ("done", "done")
    assert agent.records(batch("first", 2, 2)).body["code"] == "session_over"


def test_a_session_that_somebody_stops_ends_with_its_next_batch(agent: Agent) -> None:
    full(agent)
    agent.records(batch("second", 1, 0))
    run_stop(run=Run.objects.latest("id"), actor=SYSTEM)
    assert agent.records(batch("second", 2, 1, complete=True)).body["code"] == "session_over"
    assert Run.objects.latest("id").status == "stopped" and len(live(agent)) == 5
    assert agent.records(batch("third", 1, 1, last=True)).status == 200


def test_the_dispatcher_sees_a_session_that_fell_silent(agent: Agent) -> None:
    agent.records(batch("first", 1, 0))
    assert not runs_lost()
    quiet(agent, minutes=6)
    assert [run.pk for run in runs_lost()] == [Run.objects.get().pk]


def test_deletions_within_a_session_are_carried_out_at_its_end(agent: Agent) -> None:
    full(agent)
    answer = agent.records({**batch("second", 1), "deleted": ["0"]})
    assert results(answer) == {"0": "noted"} and "0" in live(agent)
    agent.records(batch("second", 2, 1, complete=False))
    quiet(agent, minutes=6)
    run_execute(run_id=Run.objects.latest("id").pk, actor=SYSTEM)
    assert "0" not in live(agent)


def test_a_session_may_end_without_having_sent_everything(agent: Agent) -> None:
    full(agent)
    answer = agent.records(batch("second", 1, 0, last=True))
    assert answer.body["ended"] and "complete" not in answer.body
    assert Run.objects.latest("id").status == "done" and len(live(agent)) == 5


def test_a_session_needs_numbers_and_numbers_a_session(agent: Agent) -> None:
    assert agent.records({"session": "x", "records": []}).body["code"] == "session_wrong"
    assert agent.records({"seq": 2, "records": []}).body["code"] == "session_wrong"
    assert agent.records({"session": "x", "seq": "two", "records": []}).status == 400


def test_the_library_may_say_how_many_records_it_has(agent: Agent) -> None:
    agent.records(batch("first", 1, 0, 1, last=True, total=3))
    agent.source.refresh_from_db()
    assert agent.source.told_count == 3 and agent.source.told_at is not None
    agent.records(batch("second", 1, 0, last=True, total="many"))
    agent.source.refresh_from_db()
    assert agent.source.told_count == 3


def test_the_place_of_a_file_of_marc_stands_in_the_address(agent: Agent) -> None:
    body = b"".join([])
    answer = agent.call(
        f"{agent.source.pk}/records?session=a&seq=1&complete=1", body or b"\n", kind="application/x-ndjson"
    )
    assert answer.body["ended"] and answer.body["session"] == "a"


def test_the_state_tells_how_the_last_session_ended(agent: Agent) -> None:
    full(agent)
    told = agent.call(f"{agent.source.pk}/").body
    assert told["records"] == 5 and told["last_run"]["status"] == "done"
    assert (told["last_session"]["name"], told["last_session"]["ended"]) == ("first", True)
