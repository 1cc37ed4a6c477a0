"""Decisions stored: by which version, from what, counted how; and a person's decision against them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from loans.copyright import gather
from loans.copyright.seed import current_ruleset, rulesets_load
from loans.intake.checks import run_checks
from loans.models import CopyrightDecision, CopyrightRuleSet, DeclarationText, LicenceOffer, Request
from loans.services.copies import decision_override, decision_store, stands_in_the_way
from members.choices import Role
from members.models import Network
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry
from tests.loans.copies.scene import PART, copy_request
from tests.loans.world import World, make_person


@pytest.fixture
def manager(world: World) -> World:
    world.people["manager"] = make_person("boss@example.org", world.home, Role.MANAGER)
    return world


def test_decision_is_stored_with_rules_facts_and_counters(world: World) -> None:
    request = copy_request(world)
    stored = decision_store(request=request, actor=world.desk)
    assert (stored.ruleset.jurisdiction, stored.ruleset.version, stored.outcome) == ("ID", 2, "allow")
    assert stored.inputs["facts"]["pages"] == 14
    assert stored.inputs["code"] == "ID-UUHC47a"
    assert stored.counters["same_reader"] == 0
    entry = AuditEntry.objects.get(code="loans.copyright.decided")
    assert entry.data["version"] == "ID/2"
    assert "Ayu" not in str(entry.data)


def test_loan_is_no_matter_for_copyright_rules(world: World) -> None:
    with pytest.raises(RuleViolation) as refused:
        decision_store(request=world.submit(), actor=world.desk)
    assert refused.value.code == "not_a_copy"


def test_network_says_whose_law_counts(world: World) -> None:
    network = Network.objects.create(code="US", name="Ohio", jurisdiction="US")
    stored = decision_store(request=copy_request(world, network=network), actor=world.desk)
    assert stored.ruleset.jurisdiction == "US"
    assert stored.inputs["wire_code"] == "US-CCG"


def test_unknown_jurisdiction_is_told(world: World) -> None:
    network = Network.objects.create(code="XX", name="Nowhere", jurisdiction="XX")
    with pytest.raises(RuleViolation) as refused:
        decision_store(request=copy_request(world, network=network), actor=world.desk)
    assert refused.value.code == "no_copyright_rules"


def test_rules_are_loaded_once_and_stored_ones_never_change(db: None) -> None:
    assert rulesets_load() == 4
    CopyrightRuleSet.objects.filter(jurisdiction="ID").update(name="changed by hand")
    assert rulesets_load() == 0
    assert current_ruleset("ID").name == "changed by hand"
    assert DeclarationText.objects.count() == 8


def supplied(world: World, **values: Any) -> Request:
    """A copy that was promised before, with its decision."""
    request = copy_request(world, **{"status": "purged"} | values)
    decision_store(request=request, actor=world.desk)
    return request


def test_same_reader_is_not_given_the_same_part_twice(world: World) -> None:
    supplied(world)
    stored = decision_store(request=copy_request(world), actor=world.desk)
    assert stored.outcome == "block"
    assert [reason["rule"] for reason in stored.reasons] == ["id-same-reader"]


def test_another_part_is_another_act(world: World) -> None:
    supplied(world)
    other = copy_request(world, title="Pelabuhan", part=PART | {"pages": "31-40"})
    assert decision_store(request=other, actor=world.desk).outcome == "allow"


def test_counting_forgets_after_the_rules_days(world: World) -> None:
    request = supplied(world)
    CopyrightDecision.objects.filter(request=request).update(at=timezone.now() - timedelta(days=400))
    assert decision_store(request=copy_request(world), actor=world.desk).outcome == "allow"


def test_refused_request_counts_for_nothing(world: World) -> None:
    supplied(world, status="copyright_review")
    assert decision_store(request=copy_request(world), actor=world.desk).counters["same_reader"] == 0


def test_readers_of_one_class_are_counted_apart_from_the_reader(world: World) -> None:
    for number in range(3):
        classmate = make_person(f"r{number}@example.org", world.home, Role.PATRON)
        supplied(world, patron=classmate)
    stored = decision_store(request=copy_request(world), actor=world.desk)
    assert stored.counters["related_readers"] == 3
    assert stored.outcome == "warn"


def test_sixth_article_of_a_title_in_a_year_pays_under_contu(world: World) -> None:
    network = Network.objects.create(code="US", name="Ohio", jurisdiction="US")
    year = timezone.localdate().year
    for number in range(6):
        part = PART | {"pages": f"{number * 10 + 1}-{number * 10 + 9}", "year": year}
        last = copy_request(world, title=f"Article {number}", part=part, network=network)
        stored = decision_store(request=last, actor=world.desk)
        assert stored.counters["title_year"] == number
    assert stored.outcome == "pay"


def test_licence_on_offer_is_used_instead_of_the_exception(world: World) -> None:
    LicenceOffer.objects.create(
        jurisdiction="ID", kind="issn", identifier="0126-1234", holder="PRCI", terms="Rp500"
    )
    stored = decision_store(request=copy_request(world), actor=world.desk)
    assert (stored.outcome, stored.reasons[0]["args"]["holder"]) == ("pay", "PRCI")


def test_licence_that_has_run_out_is_not_offered(world: World) -> None:
    LicenceOffer.objects.create(
        jurisdiction="ID", kind="issn", identifier="0126-1234", holder="PRCI",
        valid_until=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    assert decision_store(request=copy_request(world), actor=world.desk).outcome == "allow"


def test_only_a_manager_decides_against_the_rules_and_says_why(manager: World) -> None:
    supplied(manager)
    request = copy_request(manager)
    stored = decision_store(request=request, actor=manager.desk)
    assert stands_in_the_way(stored) == "copyright_blocked"
    with pytest.raises(PermissionDenied):
        decision_override(request=request, actor=manager.desk, reason="It is a good cause")
    with pytest.raises(RuleViolation) as refused:
        decision_override(request=request, actor=manager.actor("manager"), reason="ok")
    assert refused.value.code == "note_missing"
    decision_override(
        request=request, actor=manager.actor("manager"), reason="The first scan was unreadable."
    )
    stored.refresh_from_db()
    assert (stored.outcome, stored.override_reason) == ("block", "The first scan was unreadable.")
    assert stands_in_the_way(stored) == ""
    assert AuditEntry.objects.filter(code="loans.copyright.overridden").count() == 1


def test_nothing_is_decided_against_where_nothing_is_blocked(manager: World) -> None:
    request = copy_request(manager)
    decision_store(request=request, actor=manager.desk)
    with pytest.raises(RuleViolation) as refused:
        decision_override(
            request=request, actor=manager.actor("manager"), reason="Just to be on the safe side"
        )
    assert refused.value.code == "nothing_blocked"


def test_copy_that_is_not_simply_allowed_waits_for_a_look(world: World) -> None:
    plain, odd = copy_request(world), copy_request(world, title="Pelabuhan", purpose="other")
    assert "copyright" not in {finding.code for finding in run_checks(plain)}
    assert "copyright" in {finding.code for finding in run_checks(odd)}
    assert CopyrightDecision.objects.count() == 0


@pytest.mark.parametrize(
    ("pages", "counted"),
    [("17-30", 14), ("12", 1), ("12–25, 40", 15), ("25-12", 1), ("", None), ("xii", None)],
)
def test_pages_asked_for_are_counted(pages: str, counted: int | None) -> None:
    assert gather.pages_asked({"pages": pages}) == counted


def test_title_is_one_title_however_it_is_written(world: World) -> None:
    first = copy_request(world, identifiers={"issn": "01261234"})
    second = copy_request(world, identifiers={"issn": ["0126-1234"]}, title="Lain")
    assert gather.title_key(first) == gather.title_key(second)
    assert gather.part_key(first) != gather.part_key(second)
