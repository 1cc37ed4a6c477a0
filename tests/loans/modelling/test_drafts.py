"""Drafts of a network's rules: kept beside what counts, put live, brought up to date, taken back."""

from __future__ import annotations

import pytest

from loans.modelling.drafts import (
    draft_create,
    draft_drop,
    draft_places_save,
    draft_put_live,
    draft_renew,
    draft_rules_save,
    version_restore,
)
from loans.models import RoutingPlan
from loans.routing.plans import plan_store
from members.models import Membership, Network, NetworkDraft, NetworkMember, NetworkVersion
from members.network_rules import read_places, read_settings
from members.services.networks import member_add, network_update
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.routing.networks import approved
from tests.loans.world import World
from tests.members.world import make_library


def drafted(world: World, network: Network, **settings: object) -> NetworkDraft:
    actor = world.actor("coordinator")
    draft = draft_create(network=network, actor=actor)
    return draft_rules_save(
        draft=draft, settings=draft.settings | settings, revision=draft.revision, actor=actor, note="Mencoba"
    )


def test_a_draft_changes_nothing_until_it_is_put_live(world: World, network: Network) -> None:
    draft = drafted(world, network, topology="star", hub=world.libraries["JKT"].pk)
    assert Network.objects.get().topology == "mesh"
    number = draft_put_live(draft=draft, revision=draft.revision, actor=world.actor("coordinator"))
    live = Network.objects.get()
    assert (live.topology, live.hub, live.version, number) == ("star", world.libraries["JKT"], 2, 2)
    told = NetworkVersion.objects.get(number=2)
    assert (told.by_name, told.note) == (world.people["coordinator"].name, "Mencoba")
    codes = set(AuditEntry.objects.values_list("code", flat=True))
    assert {
        "members.network.draft_made",
        "members.network.draft_changed",
        "members.network.remodelled",
    } <= codes


def test_open_requests_keep_their_plan_when_the_rules_change(world: World, network: Network) -> None:
    request = approved(world)
    before = plan_store(request)
    draft = drafted(world, network, topology="bus")
    draft_put_live(draft=draft, revision=draft.revision, actor=world.actor("coordinator"))
    assert plan_store(request).stages == before.stages
    assert RoutingPlan.objects.get().policy_version == 1


@pytest.mark.parametrize("wrong", [{"topology": "star"}, {"topology": "ring"}, {"guided": True}])
def test_an_incomplete_draft_is_kept_and_cannot_go_live(
    world: World, network: Network, wrong: dict[str, object]
) -> None:
    draft = drafted(world, network, **wrong)
    with pytest.raises(RuleViolation) as refused:
        draft_put_live(draft=draft, revision=draft.revision, actor=world.actor("coordinator"))
    assert refused.value.code == "draft_incomplete"
    assert NetworkDraft.objects.get().is_open
    assert Network.objects.get().version == 1


def test_whoever_saw_an_older_draft_overwrites_nothing(world: World, network: Network) -> None:
    draft = drafted(world, network, topology="bus")
    with pytest.raises(Conflict) as refused:
        draft_rules_save(
            draft=draft, settings=draft.settings | {"topology": "tree"}, revision=draft.revision - 1,
            actor=world.actor("coordinator"),
        )  # fmt: skip
    assert refused.value.code == "draft_changed"
    assert NetworkDraft.objects.get().settings["topology"] == "bus"


def test_two_drafts_go_live_one_after_the_other_and_lose_nothing(world: World, network: Network) -> None:
    actor = world.actor("coordinator")
    one, other = drafted(world, network, offer_hours=9), drafted(world, network, climb_hours=5)
    draft_put_live(draft=one, revision=one.revision, actor=actor)
    with pytest.raises(Conflict) as refused:
        draft_put_live(draft=other, revision=other.revision, actor=actor)
    assert refused.value.code == "live_changed"
    fresh, both, moved = draft_renew(draft=other, revision=other.revision, actor=actor)
    assert (both, moved) == ([], [])
    draft_put_live(draft=fresh, revision=fresh.revision, actor=actor)
    live = Network.objects.get()
    assert (live.offer_hours, live.climb_hours, live.version) == (9, 5, 3)


def test_what_both_changed_stays_as_the_draft_has_it_and_is_told(world: World, network: Network) -> None:
    actor = world.actor("coordinator")
    draft = drafted(world, network, offer_hours=9)
    jakarta = str(world.libraries["JKT"].pk)
    places = draft.places | {jakarta: draft.places[jakarta] | {"cell": "barat"}}
    draft = draft_places_save(draft=draft, places=places, revision=draft.revision, actor=actor)
    network_update(network=network, actor=actor, offer_hours=2, parallel=2)
    NetworkMember.objects.filter(library_id=int(jakarta)).update(cell="utara")
    joined = make_library("BARU")
    member_add(network=network, library=joined, actor=actor)
    fresh, both, moved = draft_renew(draft=draft, revision=draft.revision, actor=actor)
    assert (both, moved) == (["offer_hours"], [int(jakarta)])
    assert (fresh.settings["offer_hours"], fresh.settings["parallel"]) == (9, 2)
    assert fresh.places[jakarta]["cell"] == "barat"
    assert str(joined.pk) in fresh.places


def test_a_former_version_comes_back_as_a_new_one(world: World, network: Network) -> None:
    actor = world.actor("coordinator")
    before, places = read_settings(network), read_places(network)
    draft = drafted(world, network, topology="tree", weights={"fill": 1.0})
    moved = {key: place | {"ring": 9 - place["ring"]} for key, place in draft.places.items()}
    jakarta = world.libraries["JKT"].pk
    moved = {
        key: place | {"parent": jakarta if key != str(jakarta) else None} for key, place in moved.items()
    }
    draft = draft_places_save(draft=draft, places=moved, revision=draft.revision, actor=actor)
    draft_put_live(draft=draft, revision=draft.revision, actor=actor)
    joined = make_library("BARU")
    member_add(network=network, library=joined, actor=actor)
    with pytest.raises(Conflict):
        version_restore(network=network, number=1, seen=2, actor=actor)
    assert version_restore(network=network, number=1, seen=3, actor=actor) == 4
    live = Network.objects.get()
    assert read_settings(live) == before
    now = read_places(live)
    assert {key: now[key] for key in places} == places
    assert now[str(joined.pk)]["ring"] not in [place["ring"] for place in places.values()]
    assert NetworkVersion.objects.get(number=4).restored == 1
    assert AuditEntry.objects.filter(code="members.network.restored").count() == 1


def test_a_draft_can_begin_with_a_former_version(world: World, network: Network) -> None:
    actor = world.actor("coordinator")
    draft = drafted(world, network, topology="bus")
    draft_put_live(draft=draft, revision=draft.revision, actor=actor)
    again = draft_create(network=network, actor=actor, version=NetworkVersion.objects.get(number=1))
    assert (again.settings["topology"], again.base_settings["topology"]) == ("mesh", "bus")
    draft_put_live(draft=again, revision=again.revision, actor=actor)
    assert NetworkVersion.objects.get(number=3).restored == 1


def test_a_closed_draft_takes_no_more_changes(world: World, network: Network) -> None:
    actor = world.actor("coordinator")
    draft = drafted(world, network, topology="bus")
    draft_drop(draft=draft, revision=draft.revision, actor=actor)
    for act in (draft_drop, draft_put_live, draft_renew):
        with pytest.raises(RuleViolation) as refused:
            act(draft=draft, revision=draft.revision, actor=actor)
        assert refused.value.code == "draft_closed"


def test_managers_of_members_are_told_once_where_the_coordinator_wants_it(
    world: World, network: Network
) -> None:
    manager = world.people["JKT"]
    Membership.objects.filter(user=manager).update(role="manager")
    actor = world.actor("coordinator")
    quiet = drafted(world, network, topology="bus")
    draft_put_live(draft=quiet, revision=quiet.revision, actor=actor)
    assert not OutgoingMail.objects.exists()
    loud = drafted(world, network, topology="mesh")
    draft_put_live(draft=loud, revision=loud.revision, actor=actor, tell=True)
    mail = OutgoingMail.objects.get()
    assert (mail.to_email, mail.template) == (manager.email, "network_model")
    assert "/network/JABAR/model/" in mail.body_text
    assert "Mencoba" in mail.body_text
