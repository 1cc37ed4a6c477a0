"""The scanning box: what a scanner types leads to the request, ready for the next step."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from catalog.models import Item
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World


def scan(world: World, who: str, code: str) -> Any:
    return client_of(world, who).get(reverse("loans:queue_scan"), {"code": code})


def focused(page: Any) -> str:
    """The element that carries the focus when the page is there."""
    html = page.content.decode()
    assert html.count("autofocus") == 1
    return html[: html.index("autofocus")].rsplit("<", 1)[1]


@pytest.mark.parametrize(
    ("status", "who", "action"),
    [("asked", "JKT", "accept"), ("will_supply", "JKT", "ship"), ("shipped", "BDG", "receive"),
     ("returned", "BDG", "send_back"), ("sent_back", "JKT", "complete")],
)  # fmt: skip
def test_scan_opens_the_request_with_its_next_action_focused(
    world: World, status: str, who: str, action: str
) -> None:
    loan = world.request_in(status)
    page = scan(world, who, loan.number)
    assert page.context["card"].buttons[0].action == action
    assert focused(page).startswith(("button", "a ")), "the next step has the focus, not the box"
    assert f"/requests/{loan.number}/do/{action}/" in page.content.decode().partition("autofocus")[0][-700:]


def test_after_the_step_the_scanning_box_waits_for_the_next_book(world: World) -> None:
    loan = world.request_in("shipped")
    client = client_of(world, "BDG")
    answer = client.post(
        reverse("loans:request_action", args=[loan.number, "receive"]),
        {"version": loan.version, "next": reverse("loans:queue_scan")}, follow=True,
    )  # fmt: skip
    assert answer.redirect_chain[-1][0] == reverse("loans:queue_scan")
    assert focused(answer).startswith("input")


@pytest.mark.parametrize("how", ["number", "small letters", "blanks around", "address of the QR code"])
def test_a_number_is_found_however_it_is_typed(world: World, how: str) -> None:
    number = world.request_in("asked").number
    typed = {
        "number": number, "small letters": number.lower(), "blanks around": f"  {number} ",
        "address of the QR code": f"http://portal.example/requests/{number}/",
    }[how]  # fmt: skip
    assert scan(world, "BDG", typed).context["card"].row.number == number


def test_the_barcode_of_a_copy_on_its_way_finds_it_on_both_sides(world: World) -> None:
    loan = world.request_in("shipped")
    for who in ("BDG", "JKT"):
        assert scan(world, who, "B-1").context["card"].row.number == loan.number


def test_a_copy_from_the_shelf_finds_the_request_it_fills(world: World) -> None:
    loan = world.request_in("asked")
    held = world.edition.holdings.get(library=world.libraries["JKT"])
    Item.objects.create(source=held.record.source, item_id="3275001", record=held.record, as_of=held.as_of)
    assert scan(world, "JKT", "3275001").context["card"].row.number == loan.number
    assert scan(world, "SMG", "3275001").context["card"] is None


def test_an_isbn_finds_the_open_request_or_offers_a_choice(world: World) -> None:
    loans = [world.submit(edition=another(world, f"Book {n}")) for n in range(2)]
    for loan in loans:
        type(loan).objects.filter(pk=loan.pk).update(citation={"isbn": ["9789791227780"]})
    page = scan(world, "BDG", "979-1227-78-0")
    assert page.context["card"] is None
    assert {card.row.number for card in page.context["cards"]} == {loan.number for loan in loans}
    world.take(loans[0], "cancel")
    assert scan(world, "BDG", "978-979-1227-78-0").context["card"].row.number == loans[1].number


def test_another_librarys_request_is_not_found(world: World) -> None:
    loan = world.request_in("shipped")
    for code in (loan.number, "B-1"):
        assert "No request of your library fits" in text_of(scan(world, "MKS", code))


@pytest.mark.parametrize("code", ["'; DROP TABLE", "%", "\x00", "<script>", "9" * 200])
def test_whatever_a_scanner_types_the_page_answers(world: World, code: str) -> None:
    page = scan(world, "BDG", code)
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_the_supplier_sees_no_reader_when_scanning(world: World) -> None:
    loan = world.request_in("asked")
    assert "Ayu" not in text_of(scan(world, "JKT", loan.number))


def test_the_box_of_a_list_takes_scans_and_words(world: World) -> None:
    loan = world.request_in("asked")
    client, queue = client_of(world, "JKT"), reverse("loans:queue_supplying")
    scanned_there = client.get(queue, {"q": loan.number.lower(), "open": "1"}, follow=True)
    assert scanned_there.redirect_chain[-1][0] == f"{reverse('loans:queue_scan')}?code={loan.number}"
    assert scanned_there.context["card"].row.number == loan.number
    searched = client.get(queue, {"q": "laskar", "open": "1", "level": "normal"}, follow=True)
    assert searched.redirect_chain[-1][0] == f"{queue}?q=laskar&level=normal"
    assert [row.number for row in searched.context["rows"]] == [loan.number]
    html = searched.content.decode()
    assert html.count('role="search"') == 1 and html.count("data-scan") == 1, "one box, for both"
