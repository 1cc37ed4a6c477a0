"""Managers write the rules; another library's are not there."""

from __future__ import annotations

from django.urls import reverse

from loans.models import MediationRule
from members.choices import Role
from members.models import Membership, PatronCategory
from tests.loans.pages import client_of, text_of
from tests.loans.world import World, make_person


def _manager(world: World, code: str) -> str:
    name = f"manager-{code}"
    world.people[name] = make_person(f"{name}@example.org", world.libraries[code], Role.MANAGER)
    return name


def test_manager_adds_changes_and_removes_a_rule(world: World) -> None:
    client = client_of(world, _manager(world, "BDG"))
    values = {"effect": "auto", "position": "1", "is_active": "on", "service": "loan"}
    client.post(reverse("loans:mediation_new"), values)
    rule = MediationRule.objects.get()
    assert (rule.library, rule.service, rule.effect) == (world.home, "loan", "auto")
    assert world.submit().status == "asked"
    url = reverse("loans:mediation_rule", args=[rule.pk])
    client.post(url, values | {"effect": "staff", "position": "7"})
    rule.refresh_from_db()
    assert (rule.effect, rule.position) == ("staff", 7)
    assert url in client.get(reverse("loans:mediation_rules")).content.decode()
    client.post(url, {"remove": "1"})
    assert not MediationRule.objects.exists()


def test_rules_are_told_in_sentences(world: World) -> None:
    lecturers = PatronCategory.objects.create(library=world.home, code="d", name="Dosen", unmediated=True)
    MediationRule.objects.create(
        library=world.home, effect="auto", service="loan", level="normal", category=lecturers, max_amount=5000
    )
    MediationRule.objects.create(library=world.home, effect="staff", position=2, is_active=False)
    page = text_of(client_of(world, _manager(world, "BDG")).get(reverse("loans:mediation_rules")))
    assert "Goes out at once: Loan, speed: normal, for Dosen, costing at most IDR 5,000." in page
    assert "A librarian looks first: every request. off" in page
    assert "Goes out at once: usual requests of Dosen." in page
    assert "Everything else: a librarian looks first." in page


def test_rule_of_another_library_is_not_there(world: World) -> None:
    rule = MediationRule.objects.create(library=world.home, effect="auto")
    stranger = client_of(world, _manager(world, "JKT"))
    assert stranger.get(reverse("loans:mediation_rule", args=[rule.pk])).status_code == 404


def test_librarian_blocks_a_reader_who_is_then_told(world: World) -> None:
    membership = Membership.objects.get(user=world.patron)
    client = client_of(world, "BDG")
    url = reverse("members:person_standing", args=[membership.pk])
    client.post(url, {"category": "", "expires_on": "", "block_kind": "fines", "block_note": "Rp 5.000"})
    page = client_of(world, "patron").get(reverse("loans:request_blank", args=["book"]))
    assert page.status_code == 403
    assert "Rp 5.000" in text_of(page)
    client.post(url, {"category": "", "expires_on": "", "block_kind": ""})
    membership.refresh_from_db()
    assert (membership.blocked_at, membership.block_note) == (None, "")


def test_nobody_decides_about_the_own_membership(world: World) -> None:
    Membership.objects.create(
        user=world.people["BDG"], library=world.home, role=Role.PATRON, status="confirmed"
    )
    own = Membership.objects.get(user=world.people["BDG"], role=Role.PATRON)
    client = client_of(world, "BDG")
    client.post(reverse("members:person_standing", args=[own.pk]), {"expires_on": "2020-01-01"})
    own.refresh_from_db()
    assert own.expires_on is None


def test_manager_keeps_kinds_of_readers(world: World) -> None:
    client = client_of(world, _manager(world, "BDG"))
    url = reverse("members:category_new", args=["BDG"])
    values = {"name": "Mahasiswa", "code": "MHS", "max_active": "3", "may_loan": "on"}
    client.post(url, values)
    assert "short code" in text_of(client.post(url, values)) or client.post(url, values).status_code == 200
    category = world.home.patron_categories.get()
    assert (category.name, category.max_active, category.may_copy) == ("Mahasiswa", 3, False)
    client.post(reverse("members:category_remove", args=["BDG", category.pk]))
    assert not world.home.patron_categories.exists()


def test_reader_chooses_privacy(world: World) -> None:
    client_of(world, "patron").post(reverse("members:privacy"), {"history_privacy": "after_return"})
    assert Membership.objects.get(user=world.patron).history_privacy == "after_return"
