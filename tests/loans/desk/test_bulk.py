"""Many at once: each on its own, and told what became of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from loans.models import Request
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World, params_for


def bulk(world: World, who: str, do: str, *loans: Request, **more: Any) -> Any:
    back = reverse("loans:queue_requesting")
    data = {"do": do, "number": [loan.number for loan in loans], "next": back} | more
    return client_of(world, who).post(reverse("loans:queue_bulk"), data)


def asked(world: World, count: int) -> list[Request]:
    return [world.take(world.submit(edition=another(world, f"Book {n}")), "approve") for n in range(count)]


def test_bulk_takes_each_on_its_own_and_says_what_failed(world: World) -> None:
    first, second = (world.submit(edition=another(world, f"Book {n}")) for n in range(2))
    gone = world.take(world.submit(edition=another(world, "Gone")), "cancel")
    page = bulk(world, "BDG", "approve", first, gone, second)
    rows = {row.number: row for row in page.context["outcome"].rows}
    assert [rows[one.number].done for one in (first, gone, second)] == [True, False, True]
    assert rows[gone.number].text
    assert "Cancelled" in rows[gone.number].text
    assert set(Request.objects.values_list("number", "status")) == {
        (first.number, "asked"), (second.number, "asked"), (gone.number, "cancelled"),
    }  # fmt: skip
    assert "Done with 2 requests. One could not be done" in text_of(page)


def test_bulk_sent_twice_does_nothing_twice(world: World) -> None:
    loan = world.submit()
    bulk(world, "BDG", "approve", loan)
    again = bulk(world, "BDG", "approve", loan)
    assert again.context["outcome"].done == 0
    assert Request.objects.get().attempts.count() == 1


def test_bulk_shipping_asks_the_due_date_once_and_nothing_of_one_copy(world: World) -> None:
    loans = [world.take(loan, "accept") for loan in asked(world, 2)]
    page = bulk(world, "JKT", "ship", *loans)
    assert "due_on" in page.context["form"].fields
    assert "barcode" not in page.context["form"].fields
    due = params_for("ship")["due_on"]
    done = bulk(world, "JKT", "ship", *loans, sure="1", due_on=due.isoformat())
    assert done.context["outcome"].done == 2
    assert {loan.attempts.get().due_on for loan in loans} == {due}


def test_bulk_form_with_an_error_changes_nothing(world: World) -> None:
    loans = [world.take(loan, "accept") for loan in asked(world, 2)]
    page = bulk(world, "JKT", "ship", *loans, sure="1", due_on=timezone.localdate().isoformat())
    assert page.status_code == 400
    assert set(Request.objects.values_list("status", flat=True)) == {"will_supply"}


def test_bulk_never_reaches_another_librarys_requests(world: World) -> None:
    loan = world.submit()
    answer = bulk(world, "JKT", "approve", loan)
    assert answer.status_code == 302
    assert Request.objects.get().status == "submitted"


def test_bulk_of_a_side_that_may_not_is_refused_one_by_one(world: World) -> None:
    loan = world.request_in("asked")
    page = bulk(world, "JKT", "approve", loan)
    assert page.context["outcome"].refused == 1
    assert Request.objects.get().status == "asked"


def test_bulk_prints_the_ticked_ones(world: World) -> None:
    loans = asked(world, 2)
    answer = bulk(world, "JKT", "print:pull", *loans)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("loans:slips", args=["pull"]) + "?" + "&".join(
        f"number={loan.number}" for loan in loans
    )


def test_bulk_without_a_tick_leads_back_and_says_so(world: World) -> None:
    client = client_of(world, "BDG")
    back = reverse("loans:queue_requesting") + "?tab=all"
    answer = client.post(reverse("loans:queue_bulk"), {"do": "approve", "next": back}, follow=True)
    assert answer.redirect_chain[-1][0] == back
    assert "Please tick at least one request first." in text_of(answer)


def test_bulk_leads_to_no_other_site(world: World) -> None:
    answer = client_of(world, "BDG").post(reverse("loans:queue_bulk"), {"next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == reverse("pages:home")


def test_more_than_a_hundred_at_once_are_refused(world: World) -> None:
    numbers = [f"BDG-2026-{n:06}" for n in range(101)]
    answer = client_of(world, "BDG").post(
        reverse("loans:queue_bulk"), {"do": "approve", "number": numbers}, follow=True
    )
    assert "At most 100 requests at once" in text_of(answer)
