"""A guided star in real browsers: a reader asks, the coordinator chooses the library at its desk, words pass it.

The library that asks and the one that lends never write to each other; the book goes out and comes home.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from loans.models import Message, Request
from members.models import Network
from network_portal.core.models import OutgoingMail
from tests.e2e.walker import Walker
from tests.loans.coordination.scene import star, works_at
from tests.loans.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "buku-bagus-2026"
QUESTION, ANSWER = "Is the map still in the pocket?", "The map is there, they say."


@pytest.fixture
def world() -> World:
    world = make_world()
    for person in world.people.values():
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
    works_at(world, "MKS")
    star(world, name="Jaringan Bintang", deputy_library=world.libraries["SMG"])
    return world


@pytest.fixture
def enter(world: World, live_server: Any, browser: Any) -> Iterator[Callable[[str], Walker]]:
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


def write(walker: Walker, number: str, words: str, *, to: str) -> None:
    """Write to the library of this name, one of those that the page offers."""
    walker.go(f"/requests/{number}/messages/")
    walker.page.fill("textarea[name=body]", words)
    walker.page.get_by_label(to, exact=True).check()
    walker.page.locator("main form:has(textarea[name=body]) button.button").click()
    walker.page.wait_for_load_state()


def offered_receivers(walker: Walker, number: str) -> list[str]:
    walker.go(f"/requests/{number}/messages/")
    return [text.strip() for text in walker.page.locator("main label:has(input[name=to])").all_inner_texts()]


def asks(reader: Walker, world: World) -> str:
    reader.go(f"/request/new?edition={world.edition.pk}")
    reader.send().send()
    return str(reader.page.inner_text(".number"))


def writes_a_rule(coordinator: Walker, network: Network) -> None:
    coordinator.go("/desk/rules/").look("desk-rules-none").go(f"/desk/rules/{network.code}/new/")
    coordinator.page.locator("input[name=effect][value=hold]").check()
    coordinator.page.locator("input[name=direction][value=out]").check()
    coordinator.look("desk-rule").send()
    assert coordinator.page.url.endswith("/desk/rules/")
    coordinator.look("desk-rules")


def test_a_guided_star_passes_everything_through_the_coordinator(
    enter: Callable[[str], Walker], world: World
) -> None:
    near, hub = world.libraries["JKT"], world.libraries["MKS"]
    number = asks(enter("patron"), world)
    borrower, lender, coordinator = enter("BDG"), enter("SMG"), enter("coordinator")
    writes_a_rule(coordinator, Network.objects.get())
    borrower.go("/queue/requesting/").do("approve")

    # At the desk: whom the plan would ask, and why; the coordinator chooses another library.
    coordinator.go("/desk/").look("desk")
    assert number in coordinator.text() and near.name in coordinator.text()
    coordinator.go(f"/requests/{number}/do/desk_edit/?next=/desk/").look("desk-edit")
    coordinator.go(f"/requests/{number}/do/assign/?next=/desk/").look("desk-assign")
    coordinator.page.get_by_label(world.libraries["SMG"].name).check()
    coordinator.send()
    assert coordinator.page.url.endswith("/desk/")
    assert "/do/coordinator_release/" not in coordinator.page.inner_html("main")

    # The lender asks something; it reaches the borrower by way of the coordinator.
    lender.go("/queue/supplying/").do("accept")
    assert not any(world.home.name in told for told in offered_receivers(lender, number))
    write(lender, number, QUESTION, to=hub.name)
    assert QUESTION not in borrower.go(f"/requests/{number}/messages/").text()
    assert QUESTION in coordinator.go(f"/requests/{number}/messages/").text()
    write(coordinator, number, ANSWER, to=world.home.name)
    assert ANSWER in borrower.go(f"/requests/{number}/messages/").look("guided-messages").text()
    assert not any(world.libraries["SMG"].name in told for told in offered_receivers(borrower, number))

    # The book goes out and comes home.
    lender.go(f"/requests/{number}/").do("ship").send()
    for action in ("receive", "make_ready", "lend", "take_back"):
        borrower.go(f"/requests/{number}/").do(action)
    borrower.go(f"/requests/{number}/").do("send_back").send()
    lender.go(f"/requests/{number}/").do("complete")
    assert Request.objects.get(number=number).status == "completed"
    coordinator.go("/desk/?tab=all").look("desk-all")
    assert number in coordinator.text()
    spoken = set(Message.objects.values_list("from_library__short_code", "to_library__short_code"))
    assert spoken == {("SMG", "MKS"), ("MKS", "BDG")}
    assert not OutgoingMail.objects.filter(to_email=near.email).exists(), "who was not chosen hears nothing"
