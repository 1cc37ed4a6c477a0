"""A request is one colleague's to look after, at each of the two libraries on its own."""

from __future__ import annotations

from django.urls import reverse

from loans.models import Handling
from loans.selectors.handling import handlers_by_request
from members.choices import Role
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World, make_person


def test_colleague_is_given_a_request_and_finds_it_under_mine(world: World) -> None:
    mine, other = world.submit(), world.submit(edition=another(world))
    friend = make_person("tuti@example.org", world.home, Role.LIBRARIAN, name="Tuti")
    world.people["tuti"] = friend
    queue = reverse("loans:queue_requesting")
    client_of(world, "BDG").post(
        reverse("loans:queue_bulk"), {"do": f"hand:{friend.pk}", "number": mine.number, "next": queue}
    )
    text = text_of(client_of(world, "tuti").get(queue, {"whose": "mine"}))
    assert mine.number in text
    assert other.number not in text
    assert "Tuti" in text_of(client_of(world, "BDG").get(reverse("loans:request", args=[mine.number])))
    free = text_of(client_of(world, "BDG").get(queue, {"whose": "nobody"}))
    assert other.number in free
    assert mine.number not in free


def test_each_library_shares_its_own_work(world: World) -> None:
    loan = world.request_in("asked")
    for who in ("BDG", "JKT"):
        person = world.people[who]
        client_of(world, who).post(
            reverse("loans:queue_bulk"), {"do": f"hand:{person.pk}", "number": loan.number}
        )
    assert handlers_by_request(world.actor("JKT"), [loan.pk]) == {loan.pk: "lib-jkt"}
    assert handlers_by_request(world.desk, [loan.pk]) == {loan.pk: "lib-bdg"}
    page = client_of(world, "JKT").get(reverse("loans:request", args=[loan.number])).content.decode()
    assert "lib-bdg" not in page
    client_of(world, "JKT").post(reverse("loans:queue_bulk"), {"do": "hand:0", "number": loan.number})
    assert Handling.objects.get().user == world.people["BDG"]


def test_somebody_of_another_library_is_never_chosen(world: World) -> None:
    loan = world.submit()
    for to in (str(world.people["JKT"].pk), "x", "99999999"):
        client_of(world, "BDG").post(reverse("loans:queue_bulk"), {"do": f"hand:{to}", "number": loan.number})
    client_of(world, "JKT").post(
        reverse("loans:queue_bulk"), {"do": f"hand:{world.people['JKT'].pk}", "number": loan.number}
    )
    assert not Handling.objects.exists()
