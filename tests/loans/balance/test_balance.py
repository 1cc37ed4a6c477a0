"""Balance and benefit: what is counted, who sees it, what is saved, and who is not named."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from loans.balance.counting import months_count
from loans.balance.limits import limits_of
from loans.balance.model import Span
from loans.balance.prices import price_assume
from loans.balance.reading import library_lines, pair_lines
from loans.choices import Service
from loans.models import AssumedPrice
from members.choices import Role
from members.models import LibraryPolicy, Network, NetworkMember
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry
from tests.loans.figures.facts import Facts
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db
YEAR = Span(date(2026, 1, 1), date(2026, 12, 1))
QUERY = {"year": "2026", "first": "1", "last": "12"}


@pytest.fixture
def facts(settings: Any) -> Facts:
    settings.STAFF_MFA_REQUIRED = False
    facts = Facts()
    for _time in range(3):
        facts.supplied()
    facts.supplied(service="copy")
    facts.refused(facts.request("unfilled", "unfilled"), "not_on_shelf")
    return facts


@pytest.fixture
def manager(facts: Facts) -> Client:
    return client_of(make_member("m@example.org", facts.home, Role.MANAGER))


def test_a_library_and_its_partner_are_counted_from_both_sides(facts: Facts) -> None:
    months_count()
    home, lender = library_lines(YEAR, facts.home)[0], library_lines(YEAR, facts.lender)[0]
    assert (home.borrowed, home.copies_in, home.lent, home.net) == (3, 1, 0, -4)
    assert (lender.lent, lender.copies_out, lender.borrowed, lender.net) == (3, 1, 0, 4)
    assert home.fill_rate == pytest.approx(4 / 5)
    assert home.mean_hours == pytest.approx((3 * 48 + 24) / 4)
    assert lender.supply_rate == pytest.approx(4 / 5)
    (pair,) = pair_lines(YEAR, facts.home)
    assert (pair.code, pair.got, pair.given) == ("LUMBUNG", 4, 0)


def test_counting_again_changes_nothing(facts: Facts) -> None:
    assert months_count() == months_count()
    assert library_lines(YEAR, facts.home)[0].got == 4


def test_a_pair_behind_an_opaque_hub_is_told_with_the_coordinator_alone(facts: Facts) -> None:
    centre = make_library("PUSAT")
    network = Network.objects.create(code="G", name="Guided", guided=True, coordinator_library=centre)
    for library in (facts.home, facts.lender, centre):
        NetworkMember.objects.create(network=network, library=library)
    months_count()
    for end in (facts.home, facts.lender):
        assert [line.code for line in pair_lines(YEAR, end)] == ["PUSAT"]
    Network.objects.update(hub_mode="transparent")
    months_count()
    assert [line.code for line in pair_lines(YEAR, facts.home)] == ["LUMBUNG"]


def test_no_page_or_file_of_an_opaque_network_names_the_other_end(facts: Facts, manager: Client) -> None:
    centre = make_library("PUSAT")
    network = Network.objects.create(code="G", name="Guided", guided=True, coordinator_library=centre)
    for library in (facts.home, facts.lender, centre):
        NetworkMember.objects.create(network=network, library=library)
    page = manager.get("/balance/RUMAH/", QUERY).content.decode()
    file = manager.get("/balance/RUMAH/", QUERY | {"format": "csv"}).getvalue().decode()
    assert "PUSAT" in file
    for text in (page, file):
        assert facts.lender.name not in text
        assert "LUMBUNG" not in text


def test_the_figures_of_an_opaque_network_name_the_coordinator_alone(facts: Facts, manager: Client) -> None:
    centre = make_library("PUSAT")
    network = Network.objects.create(code="G", name="Guided", guided=True, coordinator_library=centre)
    for library in (facts.home, facts.lender, centre):
        NetworkMember.objects.create(network=network, library=library)
    march = {"since": "2026-03-01", "until": "2026-03-31", "format": "csv"}
    file = manager.get("/figures/RUMAH/", march | {"table": "partners"}).getvalue().decode()
    assert centre.name in file
    assert facts.lender.name not in file


def test_a_saving_is_the_librarys_own_price_before_the_networks(facts: Facts) -> None:
    months_count()
    network = Network.objects.create(code="N", name="Net")
    NetworkMember.objects.create(network=network, library=facts.home)
    assert library_lines(YEAR, facts.home)[0].saved == 3 * 120_000 + 150_000
    said = {"kind": "book", "valid_from": timezone.localdate(), "reason": "Faktur", "actor": Actor.system()}
    price_assume(**said, amount=Decimal(50_000), network=network)
    assert library_lines(YEAR, facts.home)[0].saved == 3 * 50_000 + 150_000
    price_assume(**said, amount=Decimal(70_000), library=facts.home)
    assert library_lines(YEAR, facts.home)[0].saved == 3 * 70_000 + 150_000
    assert library_lines(YEAR, facts.lender)[0].saved == 0
    assert AuditEntry.objects.filter(code="loans.price.assumed").count() == 2


def test_a_price_needs_a_reason_and_a_year_that_is_not_over(facts: Facts) -> None:
    today = timezone.localdate()
    for day, reason, code in (
        (today, " ", "no_reason"),
        (today.replace(year=today.year - 1, day=1), "x", "past_year"),
    ):
        with pytest.raises(RuleViolation) as error:
            price_assume(
                kind="book", amount=Decimal(1), valid_from=day, reason=reason, actor=Actor.system(),
                library=facts.home,
            )  # fmt: skip
        assert error.value.code == code
    assert not AssumedPrice.objects.exists()


def test_page_and_file_tell_the_same_and_say_what_a_saving_stands_on(manager: Client) -> None:
    page = manager.get("/balance/RUMAH/", QUERY).content.decode()
    assert "Lumbung" in page or "LUMBUNG" in page
    assert "510.000" in page
    assert "120.000" in page
    rows = list(csv.reader(io.StringIO(
        manager.get("/balance/RUMAH/", QUERY | {"format": "csv"}).getvalue().decode("utf-8-sig")
    )))  # fmt: skip
    assert rows[1][1:7] == ["LUMBUNG", "0", "0", "3", "1", "-4"]


def test_all_libraries_take_as_many_queries_as_two(
    facts: Facts, django_assert_max_num_queries: Any, settings: Any
) -> None:
    coordinator = client_of(make_member("n@example.org", make_library("KANTOR"), Role.COORDINATOR))
    assert coordinator.get("/balance/", QUERY).status_code == 200  # counts the months
    with django_assert_max_num_queries(60) as few:
        coordinator.get("/balance/", QUERY)
    for number in range(8):
        facts.supplied(supplier=make_library(f"L{number}A"))
    months_count()
    with django_assert_max_num_queries(len(few)):
        answer = coordinator.get("/balance/", QUERY | {"sort": "-net"})
    assert answer.content.decode().count('<th scope="row">') >= 18


def test_prices_are_said_by_a_librarys_manager_on_its_page(facts: Facts, manager: Client) -> None:
    said = {
        "kind": "book",
        "amount": "90000",
        "valid_from": timezone.localdate().isoformat(),
        "reason": "Faktur",
    }
    assert manager.post("/balance/RUMAH/prices/", said | {"reason": ""}).status_code == 400
    assert manager.post("/balance/RUMAH/prices/", said).status_code == 302
    assert "Faktur" in manager.get("/balance/RUMAH/prices/").content.decode()
    assert "Faktur" in manager.get("/balance/RUMAH/", QUERY).content.decode()


def test_a_library_is_warned_before_its_limit_and_told_that_it_pauses(facts: Facts) -> None:
    policy = LibraryPolicy.objects.create(library=facts.lender, service=Service.LOAN, max_week=5)
    for _time in range(3):
        facts.supplied(at=timezone.now(), hours=0)
    (limit,) = limits_of(facts.lender)
    assert (limit.code, limit.count, limit.tone) == ("week", 3, "ok")
    facts.supplied(at=timezone.now(), hours=0)
    assert limits_of(facts.lender)[0].tone == "attention"
    policy.max_week = 4
    policy.save()
    assert limits_of(facts.lender)[0].reached
