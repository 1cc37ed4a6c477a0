"""What is printed: it decodes to the number, keeps the reader out, stands in shelf order, and is only one's own."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loans.models import Request, SupplyAttempt
from loans.slips.model import shelf_key
from loans.slips.pdf import pdf_available
from members.models import Library, PickupPoint
from network_portal.core.barcodes import code128_svg
from tests.loans.desk.codes import codes_in
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World


def slips(kind: str) -> str:
    return reverse("loans:slips", args=[kind])


def test_slip_decodes_to_the_number(world: World) -> None:
    loan = world.request_in("shipped")
    for kind in ("pull", "strap", "label", "bag"):
        page = client_of(world, "JKT").get(slips(kind), {"number": loan.number})
        read = codes_in(page.content.decode())
        assert ("code128", loan.number) in read
        assert [text for name, text in read if name == "qr"] == (
            [f"http://localhost:8000/requests/{loan.number}/"] if kind in ("pull", "strap") else []
        )


def test_the_copys_own_barcode_is_on_the_pull_slip(world: World) -> None:
    loan = world.request_in("shipped")
    page = client_of(world, "JKT").get(slips("pull"), {"number": loan.number})
    assert ("code128", "B-1") in codes_in(page.content.decode())


@pytest.mark.parametrize("text", ["", "buku é", "\x00\x01é"])
def test_what_code_128_cannot_say_has_no_bars(text: str) -> None:
    assert code128_svg(text) == ""


def test_bars_of_a_hostile_barcode_carry_no_markup() -> None:
    assert "<script" not in code128_svg('"><script>x</script>')


def test_pull_slips_without_a_choice_are_all_that_is_to_be_fetched(world: World) -> None:
    wanted = world.request_in("asked")
    promised = world.take(world.submit(edition=another(world)), "approve", "accept")
    gone = world.take(world.submit(edition=another(world, "Cantik Itu Luka")), "approve", "accept", "ship")
    text = text_of(client_of(world, "JKT").get(slips("pull")))
    assert wanted.number in text
    assert promised.number in text
    assert gone.number not in text


def test_slips_stand_in_the_order_of_the_shelves(world: World) -> None:
    loans = [world.take(world.submit(edition=another(world, f"Book {n}")), "approve") for n in range(3)]
    for loan, place in zip(loans, ("Lt. 2/899.21", "Lt. 1/QA76.9", "Lt. 2/899.2"), strict=True):
        location, _, call_number = place.partition("/")
        loan.attempts.update(location=location, call_number=call_number)
    text = text_of(client_of(world, "JKT").get(slips("pull")))
    assert [text.index(place) for place in ("QA76.9", "899.2 ", "899.21")] == sorted(
        text.index(place) for place in ("QA76.9", "899.2 ", "899.21")
    )


def test_call_numbers_sort_as_shelves_do() -> None:
    shelf = ["899.2 HIR l", "899.21 ANA b", "899.221 3 HIR l", "900 A", "QA8 .B", "QA76.9 C", "R 001"]
    assert sorted(random.sample(shelf, len(shelf)), key=shelf_key) == shelf


def test_reader_is_on_no_slip(world: World) -> None:
    loan = world.request_in("shipped")
    for who, kind in (
        ("JKT", "pull"),
        *((who, kind) for who in ("JKT", "BDG") for kind in ("strap", "label", "bag")),
    ):
        text = text_of(client_of(world, who).get(slips(kind), {"number": loan.number}))
        assert loan.number in text
        assert "Ayu" not in text


def test_label_of_the_borrowing_library_leads_home(world: World) -> None:
    Library.objects.update(language="en")
    loan = world.request_in("returned")
    text = text_of(client_of(world, "BDG").get(slips("label"), {"number": loan.number}))
    assert "Return to: Perpustakaan Jakarta" in text
    assert "From: Perpustakaan Kota Bandung" in text


def test_a_bag_holds_what_goes_to_one_library(world: World) -> None:
    Library.objects.update(language="en")
    loans = [
        world.take(world.submit(edition=another(world, f"Book {n}")), "approve", "accept", "ship")
        for n in range(2)
    ]
    page = client_of(world, "JKT").get(slips("bag"), {"number": [loan.number for loan in loans]})
    assert [len(bag.slips) for bag in page.context["bags"]] == [2]
    assert "2 books in this bag" in text_of(page)


@pytest.mark.parametrize("who", ["SMG", "MKS"])
def test_slips_of_other_libraries_are_404(world: World, who: str) -> None:
    loan = world.request_in("shipped")
    assert client_of(world, who).get(slips("strap"), {"number": loan.number}).status_code == 404


def test_the_borrower_prints_no_pull_slip_of_the_lender(world: World) -> None:
    loan = world.request_in("shipped")
    assert client_of(world, "BDG").get(slips("pull"), {"number": loan.number}).status_code == 404


def test_unknown_kind_of_slip_is_404(world: World) -> None:
    assert client_of(world, "JKT").get("/slips/confetti/").status_code == 404


def test_slip_holds_no_inline_style(world: World) -> None:
    loan = world.request_in("shipped")
    page = client_of(world, "JKT").get(slips("strap"), {"number": loan.number}).content.decode()
    assert " style=" not in page
    assert "<style" not in page


def test_slips_cost_the_same_for_one_and_for_many(world: World) -> None:
    client = client_of(world, "JKT")
    costs = []
    for count in (1, 6):
        for number in range(count):
            world.take(world.submit(edition=another(world, f"Book {count} {number}")), "approve")
        client.get(slips("pull"))
        with CaptureQueriesContext(connection) as captured:
            client.get(slips("pull"))
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.skipif(not pdf_available(), reason="WeasyPrint's libraries (Pango) are not on this machine")
def test_slips_come_as_pdf_too(world: World) -> None:
    loan = world.request_in("shipped")
    client = client_of(world, "JKT")
    for kind in ("pull", "strap", "label", "bag"):
        page = client.get(slips(kind), {"number": loan.number})
        assert f"/slips/{kind}.pdf?number={loan.number}" in page.content.decode()
        answer = client.get(reverse("loans:slips_pdf", args=[kind]), {"number": loan.number})
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    elsewhere = reverse("loans:slips_pdf", args=["strap"])
    assert client_of(world, "SMG").get(elsewhere, {"number": loan.number}).status_code == 404


def test_without_pango_no_page_offers_a_pdf(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loans.slips.views.pdf_available", lambda: False)
    loan = world.request_in("shipped")
    client = client_of(world, "JKT")
    assert ".pdf" not in client.get(slips("pull"), {"number": loan.number}).content.decode()
    assert client.get(reverse("loans:slips_pdf", args=["pull"]), {"number": loan.number}).status_code == 404


def test_paper_that_travels_speaks_the_language_of_whoever_gets_it(world: World) -> None:
    loan = world.request_in("shipped")
    world.home.language = "en"
    world.home.save()
    SupplyAttempt.objects.filter(request=loan).update(conditions=["library_use_only"])
    client = client_of(world, "JKT")
    client.cookies["django_language"] = "id"
    for kind, english, indonesian in (
        ("strap", "Belongs to", "Milik"),
        ("label", "To:", "Kepada:"),
        ("bag", "From:", "Dari:"),
    ):
        page = client.get(slips(kind), {"number": loan.number}).content.decode()
        paper = page[page.index('class="paper') :]
        assert english in paper, kind
        assert indonesian not in paper
        assert 'lang="en"' in page
    back = client_of(world, "BDG").get(slips("label"), {"number": loan.number}).content.decode()
    assert 'class="paper label" lang="id"' in back, "home to a library that names no language"


def test_where_the_reader_collects_it_stands_on_what_goes_there(world: World) -> None:
    loan = world.request_in("shipped")
    point = PickupPoint.objects.create(library=world.home, name="Cabang Ujungberung")
    Request.objects.filter(pk=loan.pk).update(pickup_point=point)
    told = {
        (who, kind): "Cabang Ujungberung"
        in text_of(client_of(world, who).get(slips(kind), {"number": loan.number}))
        for who in ("JKT", "BDG")
        for kind in ("label", "strap", "bag")
    }
    assert told == {
        ("JKT", "label"): True, ("JKT", "strap"): True, ("JKT", "bag"): True,
        ("BDG", "label"): False, ("BDG", "strap"): True, ("BDG", "bag"): False,
    }  # fmt: skip
