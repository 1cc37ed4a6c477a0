"""A large network's figures are counted beforehand and kept: the same numbers, told with the moment they are of."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from loans.figures import kept
from loans.figures.kept import BeingCounted, as_json, figures, keep, refresh
from loans.figures.model import Period, Scope, last_days
from loans.figures.query import count
from loans.figures.tables import plain
from loans.models import Charge, KeptFigures
from loans.tasks_figures import count_figures, refresh_figures
from members.choices import Role
from members.models import Network, NetworkMember
from tests.loans.figures.facts import Facts
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db
MARCH = {"since": "2026-03-01", "until": "2026-03-31"}
PERIOD = Period(*(timezone.datetime(2026, 3, day).date() for day in (1, 31)))


@pytest.fixture
def facts(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Facts:
    """A network that counts as large already."""
    settings.STAFF_MFA_REQUIRED = False
    monkeypatch.setattr(kept, "COUNTED_LIVE", -1)
    facts = Facts()
    for _time in range(3):
        request = facts.supplied()
    facts.supplied(service="copy")
    facts.refused(facts.request("unfilled", "unfilled"), "not_on_shelf")
    Charge.objects.create(
        request=request, kind="supply", state="due", amount="1250.50", currency="IDR", payee_library=facts.lender,
        payer_library=facts.home,
    )  # fmt: skip
    Charge.objects.update(at="2026-03-10T05:00:00Z")
    return facts


def _coordinator() -> Client:
    return client_of(make_member("n@example.org", make_library("PUSAT"), Role.COORDINATOR))


@pytest.mark.parametrize("whose", ["network", "library"])
def test_what_is_kept_is_what_was_counted(facts: Facts, whose: str) -> None:
    scope = Scope(None if whose == "network" else facts.home.pk)
    keep(scope, PERIOD)
    shown, counted = figures(scope, PERIOD), count(scope, PERIOD)
    assert as_json(shown) | {"made_at": ""} == as_json(counted) | {"made_at": ""}
    assert (shown.ends, shown.turnaround, shown.costs) == (counted.ends, counted.turnaround, counted.costs)
    assert shown.ends[""].filled == 4


def test_period_nobody_asked_for_is_counted_by_a_task_and_then_there(
    facts: Facts, django_capture_on_commit_callbacks: Any
) -> None:
    client = _coordinator()
    with django_capture_on_commit_callbacks() as asked:
        waiting = client.get("/figures/", MARCH)
    assert (waiting.status_code, waiting["Retry-After"], len(asked)) == (202, "60", 1)
    assert client.get("/api/v1/figures/", MARCH).json()["code"] == "being_counted"
    count_figures(None, *MARCH.values())
    assert client.get("/figures/", MARCH).status_code == 200
    with pytest.raises(BeingCounted):
        figures(Scope(), last_days())


def test_library_is_counted_at_once_and_then_kept(facts: Facts) -> None:
    first = figures(Scope(facts.home.pk), PERIOD)
    facts.supplied()
    assert figures(Scope(facts.home.pk), PERIOD) == first
    assert KeptFigures.objects.get().library == facts.home


def test_kept_partners_are_not_named_once_a_hub_hides_them(facts: Facts) -> None:
    hub = make_library("PUSATNYA")
    network = Network.objects.create(code="N", name="N", hub_mode="transparent")
    others = {one.library_id for one in figures(Scope(facts.home.pk), PERIOD).partners}
    for pk in {facts.home.pk, hub.pk, *others}:
        NetworkMember.objects.create(network=network, library_id=pk, is_home=True)
    before = KeptFigures.objects.get().made_at
    assert others and hub.pk not in others
    Network.objects.filter(pk=network.pk).update(guided=True, hub_mode="opaque", coordinator_library=hub)
    now = figures(Scope(facts.home.pk), PERIOD)
    assert not others & {one.library_id for one in now.partners}
    assert KeptFigures.objects.get().made_at > before
    assert figures(Scope(facts.home.pk), PERIOD) == now  # and these are kept


def test_page_csv_and_api_tell_the_kept_numbers_alike(facts: Facts) -> None:
    client = _coordinator()
    keep(Scope(), PERIOD)
    facts.supplied()  # after the counting: none of the three knows of it
    page = {
        part["table"].key: part["table"]
        for part in map(vars, client.get("/figures/", MARCH).context["parts"])
    }
    api = client.get("/api/v1/figures/", MARCH).json()["tables"]
    download = b"".join(client.get("/figures/", {**MARCH, "format": "csv"})).decode("utf-8-sig")  # type: ignore[arg-type]
    lines = list(csv.reader(io.StringIO(download)))[1:]
    assert set(page) == set(api)
    for key, table in page.items():
        for place, column in enumerate(table.columns):
            shown = [plain(row[place]) for row in table.rows]
            assert [row[column.key] for row in api[key]["rows"]] == shown, (key, column.key)
            if column.unit != "text":
                told = [line[3] for line in lines if line[0] == key and line[2] == column.key]
                assert told == ["" if value is None else str(value) for value in shown], (key, column.key)
    assert page["fill_rate"].rows


def test_every_hour_the_standard_period_and_what_was_looked_at_is_counted_anew(facts: Facts) -> None:
    today = timezone.localdate()
    yesterday = Period(today - timedelta(days=30), today - timedelta(days=1))
    forgotten = keep(Scope(facts.home.pk), Period(today - timedelta(days=9), today))
    KeptFigures.objects.filter(pk=forgotten.pk).update(asked_on=today - timedelta(days=20))
    old = keep(Scope(facts.home.pk), yesterday)
    past = keep(Scope(), PERIOD)
    KeptFigures.objects.update(made_at=timezone.now() - timedelta(hours=2))
    assert refresh_figures() == 2
    assert KeptFigures.objects.filter(library=None, first=last_days().first, last=today).exists()
    moved = Period(old.first + timedelta(days=1), today)
    assert figures(Scope(facts.home.pk), moved).made_at > timezone.now() - timedelta(minutes=5)
    assert not KeptFigures.objects.filter(pk=forgotten.pk).exists()
    past.refresh_from_db()
    assert past.made_at < timezone.now() - timedelta(hours=1)  # March is over and stays as it is


def test_somebody_may_have_it_counted_again(facts: Facts, django_capture_on_commit_callbacks: Any) -> None:
    client = _coordinator()
    keep(Scope(), PERIOD)
    with django_capture_on_commit_callbacks() as asked:
        answer = client.post("/figures/?since=2026-03-01&until=2026-03-31")
    assert answer["Location"] == "/figures/?since=2026-03-01&until=2026-03-31"
    assert len(asked) == 1


def test_small_network_is_counted_live_and_again_at_once(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "COUNTED_LIVE", 10**9)
    client = _coordinator()
    before = client.get("/figures/", MARCH).context["figures"].ends[""].filled
    facts.supplied()
    client.post("/figures/?since=2026-03-01&until=2026-03-31")
    assert client.get("/figures/", MARCH).context["figures"].ends[""].filled == before + 1
    assert refresh() == 0
    assert not KeptFigures.objects.exists()
