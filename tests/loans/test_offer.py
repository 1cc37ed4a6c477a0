"""The Request button of a record page, in every situation a visitor can be in; and the figures of the home page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from catalog.choices import ItemStatus
from catalog.selectors.editions import titles_of_libraries
from loans.models import Request, SupplyAttempt
from loans.presenters import request_offer
from loans.selectors import loan_figures
from loans.selectors.figures import loans_of_libraries
from members.choices import LibraryStatus, Role
from members.models import Library, Membership
from members.working import working_of
from network_portal.core.actor import Actor
from tests.loans.world import World, make_edition, make_person


def test_reader_may_ask_and_is_led_to_the_form(world: World) -> None:
    offer = request_offer(world.edition, world.reader)
    assert (offer.allowed, offer.code, offer.lenders) == (True, "ok", 3)
    assert offer.url == f"/request/new?edition={world.edition.pk}"


def test_visitor_sees_the_button_too(world: World) -> None:
    offer = request_offer(world.edition, Actor.anonymous())
    assert (offer.allowed, offer.code) == (True, "login")


def test_own_copy_is_named_with_its_place(world: World) -> None:
    world.hold("BDG", location="Lt. 1", call_number="X 5")
    offer = request_offer(world.edition, world.reader)
    assert (offer.code, offer.allowed, offer.own_library_has) == ("own_copy", True, ("Lt. 1, X 5",))


def test_own_copy_without_any_lender_has_no_button(world: World) -> None:
    world.edition.holdings.all().delete()
    world.hold("BDG")
    offer = request_offer(world.edition, world.reader)
    assert (offer.code, offer.allowed, offer.url) == ("own_copy", False, "")


def test_reference_copies_cannot_be_asked_for(world: World) -> None:
    world.edition.holdings.update(status=ItemStatus.REFERENCE)
    assert request_offer(world.edition, world.reader).code == "no_lender"
    assert request_offer(world.edition, Actor.anonymous()).code == "no_lender"


def test_open_request_is_shown_instead(world: World) -> None:
    request = world.submit()
    offer = request_offer(world.edition, world.reader)
    assert (offer.code, offer.allowed) == ("duplicate", False)
    assert request.number in offer.url


@pytest.mark.parametrize(("confirmed", "code"), [(False, "pending"), (None, "no_library")])
def test_person_without_a_library_is_told_what_to_do(world: World, confirmed: bool | None, code: str) -> None:
    person = make_person("new@example.org", world.home, Role.PATRON, confirmed=False)
    if confirmed is None:
        Membership.objects.filter(user=person).delete()
    assert request_offer(world.edition, working_of(person).actor).code == code


def test_coordinator_and_reader_of_a_suspended_library_cannot_ask_now(world: World) -> None:
    assert request_offer(world.edition, world.actor("coordinator")).code == "not_now"
    Library.objects.filter(pk=world.home.pk).update(status=LibraryStatus.SUSPENDED)
    assert request_offer(world.edition, world.reader).code == "not_now"


def test_merged_edition_offers_its_survivor(world: World) -> None:
    old = make_edition("Old", merged_into=world.edition)
    assert request_offer(old, world.reader).url.endswith(f"={world.edition.pk}")


def test_offer_costs_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    actor = world.reader
    with django_assert_max_num_queries(5):
        request_offer(world.edition, actor)


def test_tag_renders_the_button(world: World) -> None:
    web = RequestFactory().get("/")
    web.actor = world.reader  # type: ignore[attr-defined]
    page = Template("{% load loans_tags %}{% request_offer edition %}")
    html = page.render(Context({"request": web, "edition": world.edition}))
    assert f'href="/request/new?edition={world.edition.pk}"' in html


def test_figures_without_any_loan(world: World) -> None:
    assert (loan_figures().loans_this_month, loan_figures().average_days) == (0, None)


def test_figures_count_this_month_and_average_the_days(world: World) -> None:
    world.request_in("received")
    edition = make_edition("Old loan")
    world.hold("JKT", edition)
    world.edition = edition
    old = world.request_in("received")
    long_ago = timezone.now() - timedelta(days=200)
    SupplyAttempt.objects.filter(request=old).update(shipped_at=long_ago, received_at=long_ago)
    Request.objects.update(created_at=F("created_at") - timedelta(days=4))
    figures = loan_figures()
    assert figures.loans_this_month == 1
    everybody, home = [one.pk for one in world.libraries.values()], [world.home.pk]
    assert (loans_of_libraries(everybody), loans_of_libraries(home), loans_of_libraries([])) == (1, 0, 0)
    assert (titles_of_libraries(everybody), titles_of_libraries(home), titles_of_libraries([])) == (2, 0, 0)
    assert figures.average_days == pytest.approx(4.0, abs=0.1)
