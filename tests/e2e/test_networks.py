"""A ring and a broadcast in real browsers: the coordinator sets the shape, libraries answer as it tells them to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from loans.models import Request, RingToken
from loans.services import offers_closing
from loans.services.digests import digests_send
from network_portal.core.models import OutgoingMail
from tests.e2e.test_whole_loan import choose_first_reason
from tests.e2e.walker import Walker
from tests.loans.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "buku-bagus-2026"
Enter = Callable[[str], Walker]


@pytest.fixture
def world() -> World:
    world = make_world()
    for person in world.people.values():
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return world


@pytest.fixture
def enter(world: World, live_server: Any, browser: Any) -> Iterator[Enter]:
    """`enter("JKT")`: that library's librarian in a browser of their own, logged in once."""
    walkers: dict[str, Walker] = {}

    def as_person(who: str) -> Walker:
        if who not in walkers:
            walkers[who] = Walker(browser, live_server.url)
            walkers[who].log_in(world.people[who].email, PASSWORD)
        return walkers[who]

    yield as_person
    for walker in walkers.values():
        walker.context.close()


def make_network(coordinator: Walker, world: World, shape: str, *, claim: str = "first") -> None:
    """In the form, as a coordinator does it: the rules, then the members, in the order of a ring."""
    page = coordinator.go("/").page
    page.locator("a[href$='/networks/']").first.evaluate("link => link.click()")  # in the person's menu
    page.wait_for_url("**/networks/")
    page.click("main a[href$='/networks/new/']")
    page.fill("input[name=code]", "JABAR")
    page.fill("input[name=name]", "Jaringan Jawa Barat")
    page.check(f"input[name=topology][value={shape}]")
    page.check(f"input[name=claim_mode][value={claim}]")
    if shape == "ring":
        page.select_option("select[name=hub]", label=world.libraries["MKS"].name)
    coordinator.look(f"network-new-{shape}").send()
    for code in ("BDG", "MKS", "JKT", "SMG"):
        page.select_option("main select[name=library]", str(world.libraries[code].pk))
        page.locator("main form:has(select[name=library]) button").click()
        page.wait_for_load_state()
    coordinator.look(f"network-places-{shape}").go("/networks/").look(f"networks-{shape}")


def asked_for(world: World, desk: Walker) -> Request:
    request = world.submit()
    desk.go(f"/requests/{request.number}/").do("approve")
    return request


def test_a_ring_hands_a_request_from_library_to_library(world: World, enter: Enter) -> None:
    coordinator, desk = enter("coordinator"), enter("BDG")
    make_network(coordinator, world, "ring")
    request = asked_for(world, desk)

    # Behind Bandung stands Makassar, though it is the farthest; nobody else sees the request.
    first, second = enter("MKS"), enter("JKT")
    first.go(f"/requests/{request.number}/")
    assert RingToken.objects.get(request=request).holder == world.libraries["MKS"]
    assert second.page.goto(f"{second.url}/requests/{request.number}/").status == 404
    first.do("decline")
    choose_first_reason(first)
    first.send()
    token = RingToken.objects.get(request=request)
    assert (token.holder, token.epoch) == (world.libraries["JKT"], 2)
    second.go("/queue/supplying/").do("accept")
    assert Request.objects.get(pk=request.pk).status == "will_supply"

    desk.go(f"/requests/{request.number}/")
    desk.page.click("main a[href$='/libraries/']")
    desk.page.wait_for_load_state()
    text = desk.look("request-libraries-ring").text()
    names = [world.libraries[code].name for code in ("MKS", "JKT", "SMG")]
    assert [text.index(name) for name in names] == sorted(text.index(name) for name in names)
    coordinator.go(reverse("members:network_routing", args=["JABAR"])).page.click(
        "main a[href$='/routing/explain/']"
    )
    coordinator.page.select_option("select[name=library]", str(world.home.pk))
    coordinator.page.fill("input[name=title]", str(world.edition.pk))
    coordinator.page.locator("main form button").click()
    coordinator.page.wait_for_load_state()
    assert names[0] in coordinator.look("explain-ring").text()


def test_a_broadcast_is_taken_by_one_and_the_other_is_told(world: World, enter: Enter) -> None:
    make_network(enter("coordinator"), world, "bus")
    request = asked_for(world, enter("BDG"))
    quick, slow = enter("SMG"), enter("JKT")
    slow.go("/queue/supplying/").look("queue-offered")
    assert request.title in slow.text()
    quick.go(f"/requests/{request.number}/").look("request-offered").do("claim")
    assert Request.objects.get(pk=request.pk).status == "will_supply"
    slow.do("claim")  # the page from before
    assert "perpustakaan lain" in slow.text().lower() + str(slow.page.inner_text("body")).lower()
    slow.go(f"/requests/{request.number}/").look("request-outbid")
    assert slow.page.locator("main a[href*='/do/claim/'], main form[action*='/do/claim/']").count() == 0
    assert request.attempts.get(status="will_supply").supplier == world.libraries["SMG"]
    digests_send()
    told = OutgoingMail.objects.filter(template="loan_digest").values_list("to_email", flat=True)
    assert sorted(told) == ["desk@jkt.example", "desk@mks.example"]
    quick.go(f"/requests/{request.number}/").do("ship")


def test_offers_are_collected_and_the_best_placed_library_gets_it(world: World, enter: Enter) -> None:
    make_network(enter("coordinator"), world, "bus", claim="offers")
    request = asked_for(world, enter("BDG"))
    for code in ("MKS", "JKT"):  # the farther one is quicker
        enter(code).go("/queue/supplying/").do("volunteer")
    enter("MKS").go(f"/requests/{request.number}/").look("request-volunteered")
    assert Request.objects.get(pk=request.pk).status == "offered"
    Request.objects.filter(pk=request.pk).update(deadline_at=request.created_at)
    assert offers_closing.close_offers() == 1
    enter("JKT").go(f"/requests/{request.number}/").do("ship")
    assert "perpustakaan lain" in enter("MKS").go(f"/requests/{request.number}/").text().lower()
