"""How a source is fetched when a coordinator says so: portions of time, the whole list, identifiers compared."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.utils import timezone as django_timezone

from catalog.choices import RunStatus
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.dates import Window
from catalog.harvesting.oai.guards import Limits
from catalog.harvesting.oai.harvest import Checkpoint, Order, following_since, harvest, may_sweep
from catalog.harvesting.oai.modes import Way, choose
from catalog.harvesting.oai.options import OaiOptions
from catalog.harvesting.oai.quirks import Profile
from catalog.harvesting.oai.types import OaiError
from catalog.models import HoldingsRecord, Run, Source, SourceRecord
from tests.catalog.harvesting.oai_helpers import TestClock, harvest_now, impatience, live, oai_source
from tests.catalog.harvesting.oai_server import START, Behaviour, Item, OaiServer, marcxml, records
from tests.catalog.harvesting.test_holdings_own_numbers import holdings

pytestmark = pytest.mark.django_db
impatient = pytest.fixture(autouse=True)(impatience)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def spread(count: int, step: timedelta) -> list[Any]:
    items = records(count)
    for number, item in enumerate(items):
        item.stamp = START + number * step
    return items


def asked(server: OaiServer, verb: str = "ListRecords") -> list[tuple[str, str]]:
    first = [r for r in server.requests if r["verb"] == verb and "resumptionToken" not in r]
    return [(r.get("from", ""), r.get("until", "")) for r in first]


def came(client: OaiClient, order: Order, **options: Any) -> list[str]:
    return [r.identifier for page, _ in harvest(client, order, **options) for r in page.records]


# --- what is set


def test_what_is_not_as_described_counts_as_not_set() -> None:
    wild = {"mode": "all", "window": 3, "begin": "2024-13-01", "compare_days": -1, "other": 1}
    assert OaiOptions.from_json(wild) == OaiOptions()
    good = OaiOptions("windows", "day", day("2024-01-31").date(), 14)
    assert OaiOptions.from_json(good.as_json()) == good


@pytest.mark.parametrize(
    ("mode", "quirks", "snapshot", "way"),
    [
        ("auto", [], False, Way(True, START)),
        ("auto", [], True, Way(False, None)),
        ("auto", ["no_dates"], False, Way(False, None)),
        ("changes", ["token_loses_dates"], True, Way(True, START)),
        ("windows", [], False, Way(True, START, "day")),
        ("whole", [], False, Way(False, None)),
    ],
)
def test_a_set_mode_counts_for_more_than_what_was_found_out(
    mode: str, quirks: list[str], snapshot: bool, way: Way
) -> None:
    profile = Profile(quirks=quirks)
    assert choose(OaiOptions(mode, "day"), profile, is_snapshot=snapshot, since=START) == way


def test_a_first_harvest_may_begin_at_a_day() -> None:
    way = choose(OaiOptions(begin=day("2024-03-02").date()), Profile(), is_snapshot=False, since=None)
    assert way.since == day("2024-03-02")


# --- portions of time


@pytest.mark.parametrize(
    ("length", "start", "border"),
    [
        ("hour", "2024-03-01T08:20:11", "2024-03-01T09:00:00"),
        ("day", "2024-02-29T08:20:11", "2024-03-01T00:00:00"),
        ("month", "2024-12-31T08:20:11", "2025-01-01T00:00:00"),
    ],
)
def test_portions_end_with_the_hour_day_or_month_and_leave_no_gap(
    length: str, start: str, border: str
) -> None:
    window = Window(day(start), day("2026-01-01"))
    portion, rest = window.portion(length, 1, seconds=True, floor=None)
    assert portion == Window(day(start), day(border) - timedelta(seconds=1))
    assert rest == Window(day(border), day("2026-01-01"))


def test_a_server_that_knows_days_is_never_asked_for_hours() -> None:
    window = Window(day("2024-03-01"), day("2024-03-03"))
    portion, rest = window.portion("hour", 1, seconds=False, floor=None)
    assert portion.arguments(seconds=False) == {"from": "2024-03-01", "until": "2024-03-01"}
    assert rest is not None and rest.start == day("2024-03-02")


def test_everything_is_asked_for_day_by_day_from_the_servers_first_day_on() -> None:
    items = spread(5, timedelta(days=1))
    items[0].stamp -= timedelta(days=400)  # older than the server says it can be
    with OaiServer(items) as server:
        order = Order("marcxml", seconds=True, until=START + timedelta(days=4), portion="day", earliest=START)
        names = came(OaiClient(server.url), order)
    assert names == [i.identifier for i in items]
    assert asked(server)[:3] == [
        ("", "2024-03-01T23:59:59Z"),
        ("2024-03-02T00:00:00Z", "2024-03-02T23:59:59Z"),
        ("2024-03-03T00:00:00Z", "2024-03-03T23:59:59Z"),
    ]


def test_years_without_a_record_cost_few_requests() -> None:
    items = records(3)
    with OaiServer(items) as server:
        order = Order(
            "marcxml", seconds=True, until=START + timedelta(days=3650), portion="hour", earliest=START
        )
        assert len(came(OaiClient(server.url), order)) == 3
        assert len(asked(server)) < 200


def test_a_portion_that_fails_is_halved_and_the_others_are_as_they_were() -> None:
    items = spread(40, timedelta(hours=3))

    def failing(arguments: dict[str, str]) -> int:
        long = arguments.get("from", "") == "2024-03-02T00:00:00Z" and arguments["until"] > "2024-03-02T12"
        return 500 if long else 0

    with OaiServer(items, Behaviour(failing=failing)) as server:
        order = Order("marcxml", seconds=True, until=START + timedelta(days=5), portion="day", earliest=START)
        client = OaiClient(server.url, clock=TestClock())
        assert came(client, order) == [i.identifier for i in items]
    assert ("2024-03-02T00:00:00Z", "2024-03-02T12:00:00Z") in asked(server) or (
        "2024-03-02T00:00:00Z", "2024-03-02T11:59:59Z",
    ) in asked(server)  # fmt: skip


def test_the_first_open_portion_is_halved_above_the_servers_first_day() -> None:
    window = Window(None, day("2024-03-31"))
    halves = window.halves(seconds=True, floor=day("2024-03-01"))
    assert halves is not None
    assert halves[0].start is None
    assert halves[1].end == day("2024-03-31")
    assert window.halves(seconds=True) is None


def test_a_harvest_in_portions_goes_on_at_any_checkpoint() -> None:
    items = spread(30, timedelta(hours=7))
    order = Order("marcxml", seconds=True, until=START + timedelta(days=9), portion="day", earliest=START)
    with OaiServer(items, Behaviour(page=2)) as server:
        steps = list(harvest(OaiClient(server.url), order))
        whole = [r.identifier for page, _ in steps for r in page.records]
        for position in range(0, len(steps), 5):
            stored = Checkpoint.from_json(steps[position][1].as_json())
            before = [r.identifier for page, _ in steps[: position + 1] for r in page.records]
            assert before + came(OaiClient(server.url), order, checkpoint=stored) == whole


def test_portions_are_no_whole_list_so_nothing_is_taken_out_after_them() -> None:
    order = Order("marcxml", until=START, portion="month", earliest=START)
    assert not may_sweep(order, Checkpoint([], received=10))
    assert may_sweep(Order("marcxml", until=START), Checkpoint([], received=10))


def test_the_next_harvest_begins_at_the_first_moment_that_is_missing() -> None:
    until = START + timedelta(days=30)
    order = Order("marcxml", since=START, until=until)
    failed = [[*Window(START + timedelta(days=20), START + timedelta(days=21)).as_json(), "timeout"]]
    assert following_since(order, Checkpoint([], received=9, failed=failed)) == START + timedelta(days=18)
    broken_off = Checkpoint([Window(START + timedelta(days=10), until)], received=9)
    assert following_since(order, broken_off) == START + timedelta(days=8)
    at_once = Checkpoint([Window(START + timedelta(days=1), until)], received=9)
    assert following_since(order, at_once) == START, "never earlier than before"
    assert following_since(order, Checkpoint([], received=9, holes=True)) == START


def test_a_source_is_harvested_month_by_month_and_then_from_where_it_stood() -> None:
    items = spread(12, timedelta(days=20))
    with OaiServer(items) as server:
        own = oai_source(server, options={"mode": "windows", "window": "month"})
        run = harvest_now(own)
        assert (run.status, run.created) == (RunStatus.DONE, 12)
        assert len([a for a in asked(server) if a[1]]) > 8
        since = own.oai_since
        assert since is not None
        server.requests.clear()
        assert harvest_now(own).status == RunStatus.DONE
    assert asked(server)[0][0] == since.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_month_that_cannot_be_fetched_does_not_bring_back_the_months_before_it() -> None:
    items = spread(10, timedelta(days=20))
    bad = [True]

    def failing(arguments: dict[str, str]) -> int:
        inside = arguments.get("until", "") >= "2024-06" and arguments.get("from", "~") < "2024-07"
        return 500 if bad[0] and arguments["verb"] == "ListRecords" and inside else 0

    with OaiServer(items, Behaviour(failing=failing)) as server:
        own = oai_source(server, options={"mode": "windows", "window": "month"})
        run = harvest_now(own)
        assert run.status == RunStatus.FAILED
        assert len(live(own)) >= 5
        assert own.oai_since is not None
        assert own.oai_since > day("2024-05-01")
        bad[0] = False
        run = harvest_now(own)
    assert (run.status, len(live(own))) == (RunStatus.DONE, 10)


# --- identifiers compared


def lacking_deletions(items: list[Any]) -> OaiServer:
    return OaiServer(items, Behaviour(deleted_record="no", page=10))


def make_due(own: Source) -> None:
    old = django_timezone.now() - timedelta(days=30)
    Run.objects.filter(source=own).update(finished_at=old)


def test_identifiers_are_compared_every_so_many_days_and_only_headers_are_asked_for() -> None:
    items = records(35)
    with lacking_deletions(items) as server:
        own = oai_source(server, options={"compare_days": 7})
        harvest_now(own)
        assert not asked(server, "ListIdentifiers"), "nothing to compare with yet"
        gone = items.pop(4)
        assert harvest_now(own).deleted == 1
        assert gone.identifier not in live(own)
        assert len(asked(server, "ListIdentifiers")) == 1
        harvest_now(own)
        assert len(asked(server, "ListIdentifiers")) == 1, "not due again"
        make_due(own)
        harvest_now(own)
        assert len(asked(server, "ListIdentifiers")) == 2
    assert (own.told_count, len(live(own))) == (34, 34)


def test_records_that_no_date_brought_are_fetched_one_by_one() -> None:
    items = records(30)
    late = records(3, first=500)
    with lacking_deletions(items) as server:
        own = oai_source(server, options={"compare_days": 7})
        harvest_now(own)
        for item in late:
            item.stamp = START - timedelta(days=900)
        items.extend(late)
        run = harvest_now(own)
        fetched = [r["identifier"] for r in server.requests if r["verb"] == "GetRecord"]
    assert (run.status, run.created, run.deleted) == (RunStatus.DONE, 3, 0)
    assert fetched == [i.identifier for i in late]
    assert len(live(own)) == 33
    assert own.told_count == 33


def test_a_record_must_be_missing_as_often_as_the_source_says() -> None:
    items = records(30)
    with lacking_deletions(items) as server:
        own = oai_source(server, options={"compare_days": 1}, delete_after=2)
        harvest_now(own)
        gone, flickering = items.pop(4), items.pop(9)
        assert harvest_now(own).deleted == 0
        assert SourceRecord.objects.get(source=own, identifier=gone.identifier).missed == 1
        items.append(flickering)
        make_due(own)
        assert harvest_now(own).deleted == 1
    assert gone.identifier not in live(own)
    assert flickering.identifier in live(own)
    assert SourceRecord.objects.get(source=own, identifier=flickering.identifier).missed == 0


def test_holdings_and_refused_records_in_the_list_of_identifiers_are_known() -> None:
    items = records(20)
    apart = [holdings(f"h{n}", "1") for n in range(3)]
    items += [*apart, Item("oai:uji:none", START, marcxml(900, ""))]
    with lacking_deletions(items) as server:
        own = oai_source(server, options={"compare_days": 7})
        assert harvest_now(own).rejected == 1
        items.remove(apart[2])
        run = harvest_now(own)
        assert not [r for r in server.requests if r["verb"] == "GetRecord"]
    assert run.checkpoint["compared"]
    kept = HoldingsRecord.objects.order_by("identifier").values_list("identifier", flat=True)
    assert list(kept) == ["oai:uji:h0", "oai:uji:h1"], "what the list lacks goes, and nothing else"


def test_many_missing_identifiers_wait_for_a_word() -> None:
    items = records(40)
    with lacking_deletions(items) as server:
        own = oai_source(server, options={"compare_days": 7})
        harvest_now(own)
        del items[10:30]
        run = harvest_now(own)
    assert (run.deleted, run.deletes_held) == (0, 20)
    assert len(live(own)) == 40


@pytest.mark.parametrize("fault", [{"truncate_always": True}, {"endless_token": True}, {"login_page": True}])
def test_a_list_of_identifiers_that_is_not_whole_takes_nothing_out_and_the_records_stay(
    fault: dict[str, Any],
) -> None:
    items = records(30)
    with lacking_deletions(items) as server:
        own = oai_source(server, options={"compare_days": 7})
        harvest_now(own)
        del items[2]
        items[5].metadata, items[5].stamp = marcxml(6, "Judul baru"), django_timezone.now()

        def broken(arguments: dict[str, str]) -> int:
            if arguments["verb"] == "ListIdentifiers":
                for name, value in fault.items():
                    setattr(server.behaviour, name, value)
            return 0

        server.behaviour.failing = broken
        run = harvest_now(own)
    assert (run.status, run.updated, run.deleted) == (RunStatus.DONE, 1, 0)
    assert run.warnings["identifiers_incomplete"] == 1
    assert len(live(own)) == 30


def test_where_single_records_are_refused_the_next_harvest_asks_for_everything() -> None:
    items = records(30)
    with lacking_deletions(items) as server:
        own = oai_source(server, options={"compare_days": 7})
        harvest_now(own)
        late = records(1, first=500)[0]
        late.stamp = START - timedelta(days=900)
        items.append(late)
        server.behaviour.failing = lambda a: 404 if a["verb"] == "GetRecord" else 0
        run = harvest_now(own)
        assert (run.status, run.created, run.deleted) == (RunStatus.DONE, 0, 0)
        assert run.warnings["unknown_not_fetched"] == 1
        assert own.oai_since is None
        server.behaviour.failing = None
        assert harvest_now(own).created == 1


def test_limits_hold_for_portions_together() -> None:
    with OaiServer(spread(20, timedelta(days=1)), Behaviour(page=1)) as server:
        order = Order(
            "marcxml", seconds=True, until=START + timedelta(days=20), portion="day", earliest=START
        )
        with pytest.raises(OaiError) as caught:
            came(OaiClient(server.url), order, limits=Limits(pages=5))
    assert caught.value.code == "too_many_pages"
