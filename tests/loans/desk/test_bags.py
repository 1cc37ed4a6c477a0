"""A courier's bag: what may go in, what happens when it is sent, and who sees it; what was printed is remembered."""

from __future__ import annotations

import pytest
from django.urls import reverse

from loans.models import CourierBag, PrintJob, Request
from loans.selectors.bags import parcels_of
from loans.services.bags import bag_add, bag_close, bag_open, bag_ship, bag_take_out
from members.choices import HubMode
from members.models import Network, NetworkMember
from network_portal.core.errors import RuleViolation
from tests.loans.desk.codes import codes_in
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World


def promised(world: World, title: str = "Laskar Pelangi") -> Request:
    edition = world.edition if title == "Laskar Pelangi" else another(world, title)
    return world.take(world.submit(edition=edition), "approve", "accept")


def open_bag(world: World, sender: str = "JKT", to: str = "BDG") -> CourierBag:
    return bag_open(to_library=world.libraries[to], actor=world.actor(sender))


def test_bag_sends_each_book_on_its_own_and_tells_what_stayed(world: World) -> None:
    goes, stays = promised(world), promised(world, "Cantik Itu Luka")
    bag, lender = open_bag(world), world.actor("JKT")
    for one in (goes, stays):
        bag_add(bag=bag, code=one.number, actor=lender)
    world.take(stays, "cancel_ask")
    sent = bag_ship(bag=bag, tracking="JNE-7", actor=lender)
    assert sent.done == [goes.number]
    assert [number for number, _why in sent.refused] == [stays.number]
    goes.refresh_from_db()
    stays.refresh_from_db()
    assert (goes.status, stays.status) == ("shipped", "will_supply")
    attempt = goes.attempts.get()
    assert (attempt.tracking, attempt.bag_id, stays.attempts.get().bag_id) == ("JNE-7", bag.pk, None)
    with pytest.raises(RuleViolation) as again:
        bag_ship(bag=bag, tracking="", actor=lender)
    assert again.value.code == "already_sent"


def test_books_go_home_in_a_bag_too(world: World) -> None:
    loan = world.request_in("returned")
    bag = open_bag(world, "BDG", "JKT")
    bag_add(bag=bag, code="B-1", actor=world.desk)  # by the copy's own barcode
    bag_ship(bag=bag, tracking="", actor=world.desk)
    loan.refresh_from_db()
    assert loan.status == "sent_back"


def test_book_for_another_library_stays_out(world: World) -> None:
    loan = promised(world)
    bag = open_bag(world, to="SMG")
    with pytest.raises(RuleViolation) as refused:
        bag_add(bag=bag, code=loan.number, actor=world.actor("JKT"))
    assert refused.value.code == "elsewhere"
    with pytest.raises(RuleViolation) as unknown:
        bag_add(bag=bag, code="X-1", actor=world.actor("JKT"))
    assert unknown.value.code == "not_leaving"


def test_closed_bag_takes_and_gives_nothing(world: World) -> None:
    loan, bag = promised(world), open_bag(world)
    with pytest.raises(RuleViolation) as empty:
        bag_close(bag=bag, actor=world.actor("JKT"))
    assert empty.value.code == "empty"
    bag_add(bag=bag, code=loan.number, actor=world.actor("JKT"))
    assert parcels_of(world.actor("JKT")) == []
    assert open_bag(world).pk == bag.pk, "one open bag to a library is enough"
    bag_close(bag=bag, actor=world.actor("JKT"))
    with pytest.raises(RuleViolation) as closed:
        bag_take_out(bag=bag, number=loan.number)
    assert closed.value.code == "bag_closed"
    assert open_bag(world).pk != bag.pk


def test_bag_goes_to_the_hub_where_the_two_ends_do_not_see_each_other(world: World) -> None:
    hub = world.libraries["MKS"]
    network = Network.objects.create(
        code="STAR", name="Star", topology="star", hub=hub, coordinator_library=hub,
        hub_mode=HubMode.OPAQUE,
    )  # fmt: skip
    for code in ("BDG", "JKT"):
        NetworkMember.objects.update_or_create(
            network=network, library=world.libraries[code], defaults={"is_home": True}
        )
    loan = promised(world)
    Network.objects.filter(pk=network.pk).update(guided=True)
    Request.objects.filter(pk=loan.pk).update(network=network)
    assert [parcel.to.pk for parcel in parcels_of(world.actor("JKT"))] == [hub.pk]
    bag_add(bag=open_bag(world, to="MKS"), code=loan.number, actor=world.actor("JKT"))


def test_pages_of_a_bag_from_opening_to_arrival(world: World) -> None:
    loan = promised(world)
    lender, borrower, stranger = (client_of(world, code) for code in ("JKT", "BDG", "SMG"))
    assert "(1)" in text_of(lender.get(reverse("loans:bags")))
    lender.post(reverse("loans:bags"), {"to": world.home.pk})
    bag = CourierBag.objects.get()
    page = reverse("loans:bag", args=[bag.pk])
    assert borrower.get(page).status_code == 404, "an open bag is its sender's matter"
    lender.post(page, {"code": loan.number.lower()})
    assert loan.number in text_of(lender.get(page))
    listed = lender.get(reverse("loans:slips", args=["bag"]), {"bag": bag.pk}).content.decode()
    assert {("code128", bag.code), ("code128", loan.number), ("qr", f"http://localhost:8000{page}")} <= set(
        codes_in(listed)
    )
    lender.post(reverse("loans:bag_do", args=[bag.pk, "send"]), {"tracking": "JNE-8"})
    assert "JNE-8" in text_of(borrower.get(page))
    assert stranger.get(page).status_code == 404
    assert (
        borrower.post(reverse("loans:bag_do", args=[bag.pk, "out"]), {"number": loan.number}).status_code
        == 404
    )
    borrower.post(reverse("loans:queue_bulk"), {"do": "receive", "number": loan.number})
    loan.refresh_from_db()
    assert loan.status == "received"


def test_printed_slips_are_remembered_and_not_fetched_twice(world: World) -> None:
    first, lender = world.request_in("asked"), client_of(world, "JKT")
    lender.post(reverse("loans:slips_printed", args=["pull"]), {"number": first.number})
    assert PrintJob.objects.get().ids == [first.pk]
    second = world.take(world.submit(edition=another(world)), "approve")
    new = text_of(lender.get(reverse("loans:slips", args=["pull"]), {"new": "1"}))
    assert second.number in new
    assert first.number not in new
    again = lender.get(reverse("loans:prints")).content.decode()
    assert f"number={first.number}" in again
    assert first.number not in client_of(world, "SMG").get(reverse("loans:prints")).content.decode()
    elsewhere = client_of(world, "SMG").post(
        reverse("loans:slips_printed", args=["pull"]), {"number": first.number}
    )
    assert elsewhere.status_code == 404
