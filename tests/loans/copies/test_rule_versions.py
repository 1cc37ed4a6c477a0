"""Versions of copyright rules: which counts on which day, what a new one must be, and that none is ever changed."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from loans.copyright.library import raw_sets
from loans.copyright.seed import current_ruleset, rulesets_load
from loans.copyright.versions import FIRST_OWN, ruleset_add, ruleset_remove
from loans.models import CopyrightRuleSet, DeclarationAcceptance, DeclarationText, LicenceOffer
from loans.services.copies import decision_store
from members.models import Network
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry
from tests.loans.copies.scene import copy_request
from tests.loans.pages import client_of, text_of
from tests.loans.world import World

RULES = reverse("loans:copy_rules")


def indonesian(**changed: Any) -> dict[str, Any]:
    raw = next(raw for raw in raw_sets() if raw["jurisdiction"] == "ID")
    return deepcopy(raw) | {"valid_from": timezone.localdate().isoformat()} | changed


def address(name: str, row: CopyrightRuleSet) -> str:
    return reverse(f"loans:{name}", args=[row.jurisdiction, row.version])


def added(world: World, **changed: Any) -> CopyrightRuleSet:
    return ruleset_add(raw=indonesian(**changed), actor=world.actor("coordinator"))


def test_new_version_counts_from_its_day_on(world: World) -> None:
    before = current_ruleset("ID")
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = added(world, valid_from=tomorrow.isoformat())
    assert current_ruleset("ID") == before
    now = added(world)
    assert current_ruleset("ID") == now
    assert [later.version, now.version] == [FIRST_OWN, FIRST_OWN + 1]


def test_new_version_decides_and_the_old_decision_stays_with_its_rules(world: World) -> None:
    request = copy_request(world, purpose="education")
    old = decision_store(request=request, actor=world.desk)
    raw = indonesian()
    raw["rules"][0]["allowed"] = ["research"]
    ruleset_add(raw=raw, actor=world.actor("coordinator"))
    new = decision_store(request=request, actor=world.desk)
    assert [old.outcome, new.outcome] == ["allow", "block"]
    old.refresh_from_db()
    assert old.ruleset.version < FIRST_OWN < new.ruleset.version + 1


def test_version_that_came_with_the_portal_does_not_push_out_an_own_one(world: World) -> None:
    own = added(world)
    shipped = CopyrightRuleSet.objects.filter(jurisdiction="ID", version__lt=FIRST_OWN)
    DeclarationText.objects.filter(ruleset__in=shipped).delete()
    shipped.delete()
    assert rulesets_load() == 1  # as if a release brought it anew
    assert current_ruleset("ID") == own


def test_declaration_keeps_its_number_while_its_words_stay(world: World) -> None:
    first = added(world)
    raw = indonesian()
    raw["declaration"]["texts"]["id"] += "\n- Saya berjanji."
    second = ruleset_add(raw=raw, actor=world.actor("coordinator"))
    versions = [set(row.declarations.values_list("version", flat=True)) for row in (first, second)]
    assert versions == [{1}, {2}]
    assert (
        DeclarationText.objects.filter(ruleset=second, language="id").get().text.endswith("- Saya berjanji.")
    )


def test_rules_do_not_count_from_a_day_in_the_past(world: World) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(RuleViolation) as refused:
        added(world, valid_from=yesterday.isoformat())
    assert refused.value.code == "valid_from_past"


def test_unused_version_can_be_taken_back_and_a_used_one_not(world: World) -> None:
    coordinator = world.actor("coordinator")
    ruleset_remove(row=added(world), actor=coordinator)
    used = added(world)
    decision_store(request=copy_request(world), actor=world.desk)
    with pytest.raises(RuleViolation) as refused:
        ruleset_remove(row=used, actor=coordinator)
    assert refused.value.code == "rules_in_use"
    with pytest.raises(RuleViolation) as shipped:
        ruleset_remove(row=CopyrightRuleSet.objects.get(jurisdiction="US"), actor=coordinator)
    assert shipped.value.code == "rules_shipped"
    assert CopyrightRuleSet.objects.filter(pk=used.pk).exists()


def test_database_refuses_to_change_rules_declarations_and_evidence(world: World) -> None:
    rulesets_load()
    for change in (
        lambda: CopyrightRuleSet.objects.update(retention_years=1),
        lambda: DeclarationText.objects.update(text="other"),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    assert DeclarationAcceptance.objects.count() == 0


# --- the coordinator's pages --------------------------------------------------------------------------------


def test_coordinator_reads_which_rules_count(world: World) -> None:
    added(world)
    client = client_of(world, "coordinator")
    told = text_of(client.get(RULES))
    assert told.count("counts now") == 4
    assert f"ID {FIRST_OWN}" in told
    one = text_of(client.get(address("copy_ruleset", current_ruleset("US"))))
    assert "at most 5 copies from the issues of the last 5 years" in one
    assert "to be confirmed" in one
    assert f'href="{RULES}"' in client.get("/").content.decode()
    assert RULES not in client_of(world, "BDG").get("/").content.decode()


def test_coordinator_changes_numbers_reads_them_first_and_adds_them(world: World) -> None:
    base = current_ruleset("ID")
    client = client_of(world, "coordinator")
    page = client.get(address("copy_rules_new", base))
    form = page.context["form"]
    typed = {bound.html_name: bound.value() for bound in form}
    share = next(place for place, rule in enumerate(base.rules["rules"]) if rule["code"] == "id-share")
    typed |= {
        f"most_percent_{share}": 25,
        "valid_from": timezone.localdate().isoformat(),
        "retention_years": 5,
    }
    read = client.post(address("copy_rules_new", base), typed | {"check": "1"})
    assert "At most 25 % of a work, or 1 chapter." in text_of(read)
    assert current_ruleset("ID") == base
    client.post(address("copy_rules_new", base), typed | {"save": "1"})
    now = current_ruleset("ID")
    assert (now.version, now.retention_years, now.added_by_name) == (
        FIRST_OWN,
        5,
        str(world.people["coordinator"].name),
    )
    assert now.rules["rules"][share]["most_percent"] == 25
    assert {text.hash for text in now.declarations.all()} == {text.hash for text in base.declarations.all()}
    assert AuditEntry.objects.filter(code="loans.copyright.rules_added").count() == 1


def test_rule_can_be_left_out_of_a_new_version(world: World) -> None:
    base = current_ruleset("ID")
    client = client_of(world, "coordinator")
    form = client.get(address("copy_rules_new", base)).context["form"]
    typed = {bound.html_name: bound.value() for bound in form} | {"outcome_0": "off", "save": "1"}
    typed["valid_from"] = timezone.localdate().isoformat()
    client.post(address("copy_rules_new", base), typed)
    assert len(current_ruleset("ID").rules["rules"]) == len(base.rules["rules"]) - 1


def test_version_goes_out_as_a_file_and_comes_back_changed(world: World) -> None:
    client = client_of(world, "coordinator")
    out = client.get(address("copy_ruleset_file", current_ruleset("DE")))
    raw = json.loads(out.content)
    raw |= {"jurisdiction": "SG", "valid_from": timezone.localdate().isoformat()}
    upload = SimpleUploadedFile("sg.json", json.dumps(raw).encode())
    assert "The new version is here" in text_of(
        client.post(reverse("loans:copy_rules_upload"), {"file": upload}, follow=True)
    )
    assert current_ruleset("SG").version == FIRST_OWN


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"schema": 1,\n "jurisdiction": }', "something is wrong in line 2"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"[" * 100_000, "no set of rules"),
        (b"[]", "must hold one object"),
        (b"{}", "schema must be 1"),
        (json.dumps(indonesian(retention_years="three")).encode(), "retention_years must be a whole number from 1"),
        (json.dumps(indonesian(surprise=1)).encode(), "surprise is not known here"),
        (json.dumps(indonesian(rules=[{"code": "x", "kind": "share", "outcome": "block", "source": "s",
                                       "most_percent": 120, "most_chapters": 1}])).encode(),
         "rules[1].most_percent must be a whole number from 0 to 100"),
        (json.dumps(indonesian(rules=[{"code": "x", "kind": "purpose", "outcome": "block", "source": "s",
                                       "allowed": ["fun"]}])).encode(),
         "rules[1].allowed: “fun” is not one of education, other, private_study, research"),
    ],
)  # fmt: skip
def test_file_that_is_no_set_of_rules_is_told_why(world: World, content: bytes, told: str) -> None:
    client = client_of(world, "coordinator")
    response = client.post(
        reverse("loans:copy_rules_upload"), {"file": SimpleUploadedFile("rules.json", content)}
    )
    assert told in text_of(response)
    assert CopyrightRuleSet.objects.filter(version__gte=FIRST_OWN).count() == 0


def test_lawyers_check_is_noted_beside_the_rules(world: World) -> None:
    row = current_ruleset("ID")
    client = client_of(world, "coordinator")
    client.post(address("copy_ruleset", row), {"by": "Adv. Sari", "on": "2026-10-01"})
    row.refresh_from_db()
    assert (row.lawyer_checked, row.checked_by) == (True, "Adv. Sari")
    assert "Adv. Sari" in text_of(client.get(reverse("loans:help_copyright")))


def test_network_follows_the_law_it_is_told(world: World) -> None:
    network = Network.objects.create(code="SG", name="Jaringan Selatan")
    client = client_of(world, "coordinator")
    told = client.post(RULES, {f"n{network.pk}-jurisdiction": "US"}, follow=True)
    assert "Jaringan Selatan: saved." in text_of(told)
    network.refresh_from_db()
    request = copy_request(world, network=network)
    assert decision_store(request=request, actor=world.desk).ruleset.jurisdiction == "US"
    client.post(RULES, {f"n{network.pk}-jurisdiction": "XX"})
    network.refresh_from_db()
    assert network.jurisdiction == "US"


def test_licence_is_added_found_by_number_and_ends(world: World) -> None:
    client = client_of(world, "coordinator")
    typed = {
        "jurisdiction": "ID", "kind": "issn", "identifier": "0126 1234", "holder": "LMK Karya", "terms": "Rp500",
        "url": "", "valid_from": "", "valid_until": "",
    }  # fmt: skip
    assert "LMK Karya" in text_of(client.post(reverse("loans:copy_licence_new"), typed, follow=True))
    request = copy_request(world)
    request.identifiers = {"issn": LicenceOffer.objects.get().identifier}
    request.save()
    assert decision_store(request=request, actor=world.desk).outcome == "pay"
    again = client.post(reverse("loans:copy_licence_new"), typed)
    assert "There is an offer for this already" in text_of(again)
    offer = LicenceOffer.objects.get()
    over = (timezone.localdate() - timedelta(days=1)).isoformat()
    client.post(reverse("loans:copy_licence", args=[offer.pk]), typed | {"valid_until": over})
    assert decision_store(request=request, actor=world.desk).outcome == "allow"
    client.post(reverse("loans:copy_licence", args=[offer.pk]), {"remove": "1"})
    assert LicenceOffer.objects.count() == 0
