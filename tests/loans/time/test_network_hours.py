"""A network's own hours: set by its coordinator in the browser, read back as sentences, and counted from then on."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from loans.presenters.waiting_times import LEVELS, timed_states, waiting_times
from loans.workflow.deadlines import own_hours
from members.models import Network, NetworkMember
from network_portal.core.models import AuditEntry
from tests.loans.pages import client_of, text_of
from tests.loans.world import World


def network_of(world: World) -> Network:
    network = Network.objects.create(code="NET", name="Jaringan Coba", topology="mesh")
    for library in world.libraries.values():
        NetworkMember.objects.create(network=network, library=library, is_home=True)
    return network


def test_a_coordinator_sets_hours_and_reads_them_back(world: World) -> None:
    network = network_of(world)
    page, client = reverse("loans:network_times", args=["NET"]), client_of(world, "coordinator")
    before = text_of(client.get(page))
    answer = client.post(
        page, {"asked__normal": "20", "asked__express": "2", "approved__rush": ""}, follow=True
    )
    network.refresh_from_db()
    assert network.timers == {"asked": {"normal": 20, "express": 2}}
    told = text_of(answer)
    assert "Lending library: 20 working hours," in told and "Lending library: 20 working hours," not in before
    assert "2 if it is express. Then" in told
    assert AuditEntry.objects.get(code="loans.timers.set").data == {"states": "asked"}
    client.post(page, {"asked__normal": "20", "asked__express": "2"})
    assert AuditEntry.objects.filter(code="loans.timers.set").count() == 1, "nothing changed, nothing told"


def test_the_hours_count_for_what_begins_to_wait(world: World) -> None:
    network = network_of(world)
    page, hours = reverse("loans:network_times", args=["NET"]), {f"asked__{level}": "1" for level in LEVELS}
    assert client_of(world, "coordinator").post(page, hours).status_code == 302
    asked = world.request_in("asked")
    assert (asked.network_id, own_hours(asked)) == (network.pk, 1)
    assert asked.deadline_at is not None
    assert asked.deadline_at - asked.waiting_since < timedelta(days=14)


def test_a_faster_level_never_waits_longer(world: World) -> None:
    network_of(world)
    page = reverse("loans:network_times", args=["NET"])
    answer = client_of(world, "coordinator").post(
        page, {"asked__normal": "4", "asked__rush": "8", "asked__express": "x"}
    )
    assert answer.status_code == 400
    assert "cannot have more hours than the slower one" in text_of(answer)
    assert Network.objects.get().timers == {}


def test_every_state_that_counts_hours_is_in_the_form(world: World) -> None:
    told = {time.code: time for time in waiting_times(network_of(world))}
    assert set(told) == {str(state.code.value) for state in timed_states()}
    assert {"asked", "will_supply", "coordinator_out", "submitted"} <= set(told)
    assert all(time.sentence for time in told.values())
