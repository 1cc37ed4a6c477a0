"""A draft compared with the latest requests: in the background, to be taken up again, with few queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from loans.choices import Service
from loans.modelling import preview
from loans.modelling.drafts import draft_create, draft_places_save, draft_rules_save
from loans.modelling.selectors import model_live, model_of_draft
from loans.modelling.trying import plan_in, try_model
from loans.models import Request, RingCursor, RoutingPlan
from loans.routing.plans import dry_run
from loans.tasks_modelling import preview_network, preview_waiting
from members.models import Network, NetworkDraft
from network_portal.core.jobs import job_create
from network_portal.core.models import JobRun
from tests.loans.world import World


def many(world: World, network: Network, count: int) -> None:
    first = world.submit()
    rows = [
        Request(
            number=f"BDG-2030-{number:06}", edition=world.edition, title="t", status="cancelled", outcome="cancelled",
            closed_at=first.created_at, anonymised_at=first.created_at, requesting_library=world.home, network=network,
            service=Service.LOAN,
        )
        for number in range(count)
    ]  # fmt: skip
    Request.objects.bulk_create(rows)
    Request.objects.update(network=network)


def drafted(world: World, network: Network, **settings: object) -> NetworkDraft:
    actor = world.actor("coordinator")
    draft = draft_create(network=network, actor=actor)
    return draft_rules_save(draft=draft, settings=draft.settings | settings, revision=1, actor=actor)


def test_an_untouched_draft_changes_nothing_for_anybody(world: World, network: Network) -> None:
    many(world, network, 5)
    told = preview.preview_make(draft=draft_create(network=network, actor=world.actor("coordinator")))
    assert told["counts"] == {"same": 6}
    assert told["live"] == told["draft"]
    assert all(row["before"] == row["after"] for row in told["libraries"])
    assert 0 < told["live"]["fill"] < 1


def test_a_supplier_that_comes_first_is_seen_in_every_figure(world: World, network: Network) -> None:
    many(world, network, 5)
    far = world.libraries["MKS"]
    told = preview.preview_make(draft=drafted(world, network, centre="supplies_first", centre_library=far.pk))
    assert told["counts"] == {"first": 6}
    assert told["draft"]["km"] > told["live"]["km"]
    assert told["draft"]["fill"] == pytest.approx(told["live"]["fill"])
    asked = {row["name"]: (row["before"], row["after"]) for row in told["libraries"]}
    assert asked[far.name][0] < asked[far.name][1] == 6
    assert {one["after"][0] for one in told["examples"]} == {far.name}


def test_members_that_pause_in_the_draft_leave_nobody_to_ask(world: World, network: Network) -> None:
    many(world, network, 2)
    draft = drafted(world, network)
    places = {key: place | {"active": int(key) == world.home.pk} for key, place in draft.places.items()}
    draft = draft_places_save(
        draft=draft, places=places, revision=draft.revision, actor=world.actor("coordinator")
    )
    told = preview.preview_make(draft=draft)
    assert told["counts"] == {"none": 3}
    assert told["draft"]["fill"] == 0
    assert told["draft"]["hours"] is None


def test_the_draft_of_a_ring_goes_round_it_in_its_own_order(world: World, network: Network) -> None:
    many(world, network, 1)
    draft = drafted(world, network, topology="ring", hub=world.libraries["JKT"].pk)
    order = {"BDG": 1, "MKS": 2, "SMG": 3, "JKT": 4}
    places = {
        str(world.libraries[code].pk): draft.places[str(world.libraries[code].pk)] | {"ring": place}
        for code, place in order.items()
    }
    actor = world.actor("coordinator")
    draft = draft_places_save(draft=draft, places=places, revision=draft.revision, actor=actor)
    trial = try_model(
        model_of_draft(draft), library=world.home, edition=world.edition, service="loan", level="normal"
    )
    names = [world.libraries[code].name for code in ("MKS", "SMG", "JKT")]
    assert [visit.told.name for visit in trial.visits] == names
    assert [step.after for step in trial.steps] == [None, *(world.libraries[c].pk for c in ("MKS", "SMG"))]
    ends = [visit.until for visit in trial.visits]
    assert all(end is not None for end in ends)
    assert ends == sorted(ends)  # type: ignore[type-var]
    assert trial.visits[1].asked_at == ends[0]
    assert preview.preview_make(draft=draft)["examples"][0]["after"] == names[:2]


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("shape", ["mesh", "bus", "star", "tree", "ring"])
def test_trying_the_live_model_is_the_dry_run_of_routing_and_writes_nothing(
    world: World, network: Network, shape: str, turns: bool
) -> None:
    Network.objects.update(topology=shape, hub=world.libraries["JKT"], ring_turns=turns)
    RingCursor.objects.create(network=network, position=2)
    network.refresh_from_db()
    wish: dict[str, Any] = {
        "library": world.home,
        "edition": world.edition,
        "service": "loan",
        "level": "normal",
    }
    assert plan_in(model_live(network), **wish) == dry_run(network=network, **wish)
    assert not RoutingPlan.objects.exists()
    assert RingCursor.objects.get().position == 2


def test_an_interrupted_preview_goes_on_where_it_stopped(
    world: World, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(world, network, 9)
    monkeypatch.setattr(preview, "CHUNK", 4)
    draft = drafted(world, network, topology="bus")
    run = job_create(kind=preview.KIND, label="x", actor=world.actor("coordinator"), target=draft)
    compare, seen = preview._compare, []

    def dies_at_the_second(ids: Any, *rest: Any) -> None:
        seen.append(list(ids))
        if len(seen) == 2:
            raise ValidationError("the worker dies")
        compare(ids, *rest)

    monkeypatch.setattr(preview, "_compare", dies_at_the_second)
    with pytest.raises(ValidationError):
        preview_network(run.pk)
    draft.refresh_from_db()
    assert (draft.preview, draft.preview_part["at"]) == (None, 4)
    monkeypatch.setattr(preview, "_compare", compare)
    JobRun.objects.update(status="queued")
    assert preview_waiting() == 1
    draft.refresh_from_db()
    assert draft.preview["requests"] == 10
    assert sum(draft.preview["counts"].values()) == 10
    fresh = drafted(world, network, topology="bus")
    assert preview.preview_make(draft=fresh) == draft.preview
    run.refresh_from_db()
    assert (run.status, run.done, run.total) == ("done", 10, 10)
    assert not preview_network(run.pk)


def test_queries_do_not_grow_with_the_requests(
    world: World, network: Network, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many(world, network, 60)
    draft = drafted(world, network, topology="tree")
    with django_assert_max_num_queries(70):
        assert preview.preview_make(draft=draft)["requests"] == 61


def test_a_second_click_does_not_begin_a_second_job(world: World, network: Network) -> None:
    draft, actor = drafted(world, network), world.actor("coordinator")
    assert preview.preview_start(draft=draft, actor=actor) == preview.preview_start(draft=draft, actor=actor)
    assert JobRun.objects.filter(kind=preview.KIND).count() == 1
