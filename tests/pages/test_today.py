"""The first page of a library's staff: work by its state, what else waits, four figures, nothing one may not do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from lxml import html

from loans.models import Request, SupplyAttempt
from loans.selectors.today import weeks_of
from members.models import LibraryPolicy
from tests.loans.world import World, make_person, make_world
from tests.members.world import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world()


def of_role(world: World, role: str) -> Client:
    client = Client()
    client.force_login(make_person(f"hari-ini-{role}@example.org", world.home, role))
    client.cookies["django_language"] = "en"
    return client


def page_of(client: Client) -> Any:
    response = client.get("/today/")
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def lines(page: Any, heading: str) -> dict[str, tuple[int, str]]:
    """Label -> how many, and where the line leads, below a heading."""
    links = page.xpath(f"//section[h2[normalize-space()='{heading}']]//ul[contains(@class, 'decisions')]//a")
    return {
        " ".join(link.text_content().split()).partition(" ")[2]: (
            int(link.find("strong").text),
            link.get("href"),
        )
        for link in links
    }


def test_work_stands_by_its_state_and_leads_to_just_that(world: World) -> None:
    fresh = world.request_in("submitted")
    page = page_of(client := of_role(world, "librarian"))
    assert lines(page, "We borrow") == {"To approve": (1, "/queue/requesting/?tab=todo&status=submitted")}
    assert "All requests" not in page.find(".//header").text_content()
    assert lines(page, "We lend") == {} and "Nothing to do here now." in page.text_content()
    listed = client.get(lines(page, "We borrow")["To approve"][1]).content.decode()
    assert fresh.number in listed
    assert fresh.number not in client.get("/queue/requesting/?tab=todo&status=received").content.decode()


def test_the_other_library_sees_what_it_is_asked_and_that_it_is_late(world: World) -> None:
    asked = world.request_in("asked")
    Request.objects.filter(pk=asked.pk).update(deadline_at=timezone.now() - timedelta(hours=1))
    supplier = SupplyAttempt.objects.get(request=asked).supplier
    client = Client()
    client.force_login(make_person("pemasok-hari-ini@example.org", supplier, "librarian"))
    client.cookies["django_language"] = "en"
    page = page_of(client)
    assert lines(page, "We lend") == {"To answer": (1, "/queue/supplying/?tab=todo&status=asked")}
    [tag] = page.xpath("//section[h2[normalize-space()='We lend']]//li//*[contains(@class, 'tag')]")
    assert tag.text_content().strip() == "Overdue"
    assert asked.number in client.get("/queue/supplying/?tab=todo&status=asked").content.decode()
    assert lines(page_of(of_role(world, "librarian")), "We borrow") == {}, "it is not the borrower's turn"


def test_a_manager_is_told_what_a_librarian_may_not_decide(world: World) -> None:
    make_member("menunggu@example.org", world.home, status="pending")
    LibraryPolicy.objects.update_or_create(library=world.home, service="loan", defaults={"max_open": 0})
    manager, librarian = (
        lines(page_of(of_role(world, role)), "Also waits") for role in ("manager", "librarian")
    )
    assert manager["Readers to confirm"][0] == librarian["Readers to confirm"][0] == 1
    assert manager["Limits of lending reached or near"][0] == 1
    assert "Limits of lending reached or near" not in librarian


def test_figures_are_of_the_own_library_by_weeks(world: World) -> None:
    done = world.request_in("completed")
    now = timezone.now()
    Request.objects.filter(pk=done.pk).update(
        created_at=now - timedelta(days=8), closed_at=now - timedelta(days=1)
    )
    attempt = SupplyAttempt.objects.get(request=done)
    SupplyAttempt.objects.filter(pk=attempt.pk).update(
        shipped_at=now - timedelta(days=6), received_at=now - timedelta(days=4), uploaded_at=None
    )
    mine, theirs = (weeks_of(pk, 12, now) for pk in (world.home.pk, attempt.supplier_id))
    assert [(week.lent, week.came, week.filled, week.closed) for week in mine] == [(0, 0, 0, 0)] * 11 + [
        (0, 1, 1, 1)
    ]
    assert mine[-1].days == pytest.approx(4)
    assert [week.lent for week in theirs] == [0] * 11 + [1]


def test_a_day_without_work_is_said(world: World) -> None:
    text = page_of(of_role(world, "librarian")).text_content()
    assert text.count("Nothing to do here now.") == 2
    assert "No messages, readers or agreements wait for you." in text


def test_the_page_costs_the_same_however_much_waits(world: World, django_assert_max_num_queries: Any) -> None:
    first = world.request_in("submitted")
    for place in range(4):
        other = Request.objects.get(pk=first.pk)
        other.pk, other.number, other.patron = None, f"{first.number}-{place}", None
        other.reader_name, other.patron_key = f"Pembaca {place}", f"{place:064}"
        other.save()
        make_member(f"pembaca{place}@example.org", world.home, status="pending")
    client = of_role(world, "manager")
    page_of(client)
    cache.clear()
    with django_assert_max_num_queries(45):
        page_of(client)


def test_staff_land_here_and_readers_may_not_see_it(world: World) -> None:
    for role in ("librarian", "manager"):
        assert of_role(world, role).get("/account/after-login/").headers["Location"] == "/today/"
    assert of_role(world, "patron").get("/today/").status_code == 403
