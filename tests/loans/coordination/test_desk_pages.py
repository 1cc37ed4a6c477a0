"""The coordinator's desk in the browser's eyes: its list, its decisions, its rules, and who may see them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from loans.choices import Level
from loans.models import CoordinatorRule, Request
from members.choices import Role
from members.models import Network
from network_portal.core.models import AuditEntry
from tests.loans.coordination.scene import at_desk, person, star, take, two_networks, works_at
from tests.loans.world import World, make_edition, make_person

DESK, RULES = "/desk/", "/desk/rules/"


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    return client


@pytest.fixture
def desk(world: World) -> Client:
    """The coordinator of a guided star, at its desk; a request of BDG lies there."""
    works_at(world, "MKS")
    star(world)
    at_desk(world)
    return client_of(world, "coordinator")


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_desk_shows_whom_the_plan_would_ask_and_why(desk: Client, world: World) -> None:
    text = text_of(desk, DESK)
    request = Request.objects.get()
    for told in (
        request.number,
        world.home.name,
        world.libraries["JKT"].name,
        "km",
        f"/requests/{request.number}/do/",
    ):
        assert told in text
    assert "Ayu Lestari" not in text


def test_one_click_lets_it_through_and_many_at_once(desk: Client, world: World) -> None:
    other = make_edition("Bumi Manusia")
    world.hold("JKT", other)
    at_desk(world, edition=other)
    first, second = Request.objects.order_by("pk")
    desk.post(
        reverse("loans:request_action", args=[first.number, "coordinator_release"]),
        {"version": first.version, "next": DESK},
    )
    done = desk.post(
        reverse("loans:queue_bulk"), {"number": [second.number], "do": "coordinator_release", "next": DESK}
    )
    assert done.status_code == 200
    assert set(Request.objects.values_list("status", flat=True)) == {"asked"}
    assert AuditEntry.objects.filter(code="loans.request.coordinator_release").count() == 2
    assert Request.objects.first().number not in text_of(desk, DESK)  # type: ignore[union-attr]
    assert first.number in text_of(desk, DESK + "?tab=waiting")


def test_a_library_is_chosen_from_the_list_with_its_factors(desk: Client, world: World) -> None:
    request = Request.objects.get()
    url = reverse("loans:request_action", args=[request.number, "assign"])
    text = text_of(desk, url)
    assert world.libraries["SMG"].name in text and "km" in text
    named = world.libraries["SMG"].pk
    assert desk.post(url, {"version": request.version, "library_id": named, "next": DESK}).url == DESK  # type: ignore[attr-defined]
    assert Request.objects.get().attempts.get().supplier_id == named


def test_it_is_refused_with_a_reason_and_changed_before_it_goes(desk: Client) -> None:
    request = Request.objects.get()
    edit = reverse("loans:request_action", args=[request.number, "desk_edit"])
    assert 'value="rush"' in text_of(desk, edit)
    desk.post(edit, {"level": "rush", "title": "Laskar Pelangi", "year": "2005", "note": "By telephone"})
    assert Request.objects.get().level == "rush"
    refuse = reverse("loans:request_action", args=[request.number, "refuse_out"])
    assert desk.post(refuse, {}).status_code == 200, "asks for the reason"
    desk.post(refuse, {"reason": "not_lent"})
    assert Request.objects.get().status == "refused"


def test_it_is_handed_to_another_network_which_sees_it_then(world: World) -> None:
    _west, east = two_networks(world)
    request = at_desk(world)
    over = reverse("loans:request_action", args=[request.number, "send_over"])
    assert client_of(world, "MKS").get(f"/requests/{request.number}/").status_code == 404
    works_at(world, "JKT")
    assert east.name in text_of(client_of(world, "coordinator"), over)
    client_of(world, "coordinator").post(over, {"network_id": east.pk})
    assert request.number in text_of(client_of(world, "MKS"), DESK)
    assert "Ayu Lestari" not in text_of(client_of(world, "MKS"), f"/requests/{request.number}/")


def test_the_deputys_people_see_it_and_act_once_it_was_handed_over(desk: Client, world: World) -> None:
    Network.objects.update(deputy_library=world.libraries["SMG"])
    request, deputy = Request.objects.get(), client_of(world, "SMG")
    action = f"/requests/{request.number}/do/coordinator_release/"
    assert action not in text_of(deputy, DESK + "?tab=all")
    Request.objects.update(owner_library=world.libraries["SMG"])
    assert action in text_of(deputy, DESK)
    assert action in text_of(desk, DESK)


def test_another_librarys_people_find_no_desk_and_no_request(desk: Client, world: World) -> None:
    request = Request.objects.get()
    for url in (
        DESK,
        RULES,
        f"/requests/{request.number}/",
        f"/requests/{request.number}/do/coordinator_release/",
    ):
        assert client_of(world, "SMG").get(url).status_code in (403, 404), url
    assert client_of(world, "SMG").get(DESK).status_code == 404
    assert client_of(world, "patron").get(DESK).status_code == 403
    assert DESK not in text_of(client_of(world, "SMG"), "/queue/supplying/")
    assert f'href="{DESK}"' in text_of(client_of(world, "MKS"), "/queue/supplying/")


def test_rules_are_written_moved_tried_and_removed(desk: Client) -> None:
    network = Network.objects.get()
    new = reverse("loans:desk_rule_new", args=[network.code])
    desk.post(new, {"effect": "hold", "direction": "out", "level": "express", "is_active": "on"})
    desk.post(new, {"effect": "release", "direction": "out", "service": "loan", "is_active": "on"})
    hold, release = CoordinatorRule.objects.order_by("position")
    assert release.conditions == {"service": "loan"}
    text = text_of(desk, RULES)
    with override("id"):
        assert str(Level.EXPRESS.label) in text
    assert "(1)" in text, "the dry run looked at the one request there is"
    desk.post(reverse("loans:desk_rule_move", args=[release.pk]), {"to": "up"})
    assert list(CoordinatorRule.objects.order_by("position")) == [release, hold]
    desk.post(reverse("loans:desk_rule", args=[hold.pk]), {"remove": "1"})
    assert list(CoordinatorRule.objects.all()) == [release]
    assert AuditEntry.objects.filter(code__startswith="loans.coordinator_rule").count() == 4


def test_the_history_tells_the_rule_in_words(desk: Client, world: World) -> None:
    CoordinatorRule.objects.create(
        network=Network.objects.get(), effect="release", conditions={"service": "loan"}
    )
    take(Request.objects.get(), "withdraw", world.desk, reason="reader_asked")
    request = at_desk(world)
    text = text_of(desk, f"/requests/{request.number}/")
    assert "aturan" in text or "rule" in text


def test_another_networks_rule_is_not_there_and_a_librarian_changes_none(desk: Client, world: World) -> None:
    other = Network.objects.create(
        code="X", name="X", guided=True, coordinator_library=world.libraries["SMG"]
    )
    rule = CoordinatorRule.objects.create(network=other, effect="release")
    assert desk.get(reverse("loans:desk_rule", args=[rule.pk])).status_code == 404
    assert desk.post(reverse("loans:desk_rule_move", args=[rule.pk]), {"to": "up"}).status_code == 404
    assert desk.get(reverse("loans:desk_rule_new", args=["X"])).status_code == 404
    assert client_of(world, "MKS").get(RULES).status_code == 403
    world.people["boss"] = make_person("boss@example.org", world.libraries["MKS"], Role.MANAGER)
    assert client_of(world, "boss").get(RULES).status_code == 200
    assert person(world, "MKS", Role.MANAGER).can("rules.edit")


def test_where_nothing_can_be_chosen_the_page_says_so_and_offers_no_button(desk: Client) -> None:
    text = text_of(desk, reverse("loans:request_action", args=[Request.objects.get().number, "send_over"]))
    assert 'name="note"' not in text
    assert "<button" not in text.split("<main", 1)[1].split("</main>", 1)[0]


def test_the_desk_costs_the_same_for_one_row_and_for_many(desk: Client, world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            text_of(desk, DESK)
        return len(told)

    text_of(desk, DESK)
    one = queries()
    for title in ("Saman", "Larung", "Pulang", "Amba"):
        edition = make_edition(title)
        world.hold("JKT", edition)
        at_desk(world, edition=edition)
    assert queries() == one
