"""A library's terms: who changes them, what is kept, what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.choices import Format
from loans.choices import LoanCondition
from members.choices import Role
from members.forms_policies import CONDITIONS, FORMATS, PolicyForm
from members.models import (
    AgreementTerm,
    DoNotRoute,
    FeeRule,
    Library,
    LibraryPolicy,
    PatronCategory,
    PickupPoint,
)
from members.selectors.policies import policy_of
from members.services.policies import policy_save
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(settings: Any) -> Library:
    settings.STAFF_MFA_REQUIRED = False
    return make_library("RUMAH", loan_days=21)


@pytest.fixture
def manager(library: Library) -> Client:
    return client_of(make_member("m@example.org", library, Role.MANAGER))


@pytest.fixture
def coordinator(library: Library) -> Client:
    return client_of(make_member("n@example.org", make_library("PUSAT"), Role.COORDINATOR))


def typed(library: Library, **changes: Any) -> dict[str, Any]:
    """The form for loans as a browser sends it back unchanged, but for `changes`."""
    form = PolicyForm(instance=policy_of(library, "loan"), library=library)
    values = {bound.name: bound.value() for bound in form}
    sent = {
        name: value
        for name, value in values.items()
        if value is not None and value is not False and value != []
    }
    return sent | changes


def test_manager_sets_the_terms_for_loans(library: Library, manager: Client) -> None:
    page = "/members/RUMAH/policies/service/loan/"
    sent = typed(
        library, loan_days="35", cost_basis="fixed", cost_amount="2500.50", lends_formats=["book", "map"]
    )
    assert manager.post(page, sent).status_code == 302
    policy = LibraryPolicy.objects.get(library=library, service="loan")
    assert (policy.loan_days, policy.cost_amount) == (35, Decimal("2500.50"))
    assert policy.lends_formats == ["book", "map"]
    entry = AuditEntry.objects.get(code="members.policy.updated")
    assert {"loan_days", "cost_amount"} <= set(entry.data["fields"])


def test_terms_begin_with_the_librarys_own_loan_period(library: Library, manager: Client) -> None:
    assert 'value="21"' in manager.get("/members/RUMAH/policies/service/loan/").content.decode()


def test_unchanged_terms_leave_no_second_trace(library: Library, manager: Client) -> None:
    for _time in range(2):
        manager.post("/members/RUMAH/policies/service/loan/", typed(library))
    assert AuditEntry.objects.filter(code="members.policy.updated").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"loan_days": "0"}, {"cost_amount": "-1"}, {"daily_capacity": "0"}, {"lends_formats": ["soup"]}]
)
def test_impossible_terms_are_refused_at_their_field(
    library: Library, manager: Client, wrong: dict[str, Any]
) -> None:
    answer = manager.post("/members/RUMAH/policies/service/loan/", typed(library, **wrong))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(wrong)
    assert not LibraryPolicy.objects.exists()


def test_only_the_librarys_manager_and_the_coordinator_get_in(library: Library, coordinator: Client) -> None:
    elsewhere = client_of(make_member("o@example.org", make_library("LAIN"), Role.MANAGER))
    librarian = client_of(make_member("l@example.org", library, Role.LIBRARIAN))
    page = "/members/RUMAH/policies/"
    assert [client.get(page).status_code for client in (elsewhere, librarian, coordinator)] == [404, 403, 200]


def test_fee_rule_is_added_changed_and_removed(library: Library, manager: Client) -> None:
    category = PatronCategory.objects.create(library=library, code="s", name="Mahasiswa")
    sent = {
        "service": "copy", "level": "rush", "payer": "patron", "category": category.pk, "amount": "1500",
        "first_pages": "10", "per_page_amount": "100", "currency": "IDR", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert manager.post("/members/RUMAH/policies/fees/new/", sent).status_code == 302
    fee = FeeRule.objects.get(library=library)
    assert (fee.amount, fee.category, fee.valid_from) == (Decimal(1500), category, date(2026, 1, 1))
    manager.post(f"/members/RUMAH/policies/fees/{fee.pk}/", sent | {"amount": "1750"})
    assert FeeRule.objects.get().amount == 1750
    assert "1.750" in manager.get("/members/RUMAH/policies/").content.decode()
    manager.post(f"/members/RUMAH/policies/fees/{fee.pk}/remove/")
    assert not FeeRule.objects.exists()
    assert AuditEntry.objects.filter(code="members.policy.part_removed").count() == 1


def test_fee_for_another_librarys_readers_is_refused(library: Library, manager: Client) -> None:
    other = PatronCategory.objects.create(library=make_library("LAIN"), code="s", name="Mahasiswa")
    sent = {"service": "loan", "level": "normal", "payer": "patron", "category": other.pk, "amount": "1",
            "first_pages": "0", "per_page_amount": "0", "currency": "IDR"}  # fmt: skip
    assert "category" in manager.post("/members/RUMAH/policies/fees/new/", sent).context["form"].errors


def test_row_of_another_library_is_not_there(library: Library, manager: Client) -> None:
    row = PickupPoint.objects.create(library=make_library("LAIN"), name="Loket")
    assert manager.get(f"/members/RUMAH/policies/pickup/{row.pk}/").status_code == 404
    assert manager.post(f"/members/RUMAH/policies/pickup/{row.pk}/remove/").status_code == 404
    assert PickupPoint.objects.filter(pk=row.pk).exists()


def test_new_first_pickup_point_takes_the_place_of_the_old_one(library: Library, manager: Client) -> None:
    old = PickupPoint.objects.create(library=library, name="Loket 1", is_default=True)
    manager.post(
        "/members/RUMAH/policies/pickup/new/", {"name": "Loket 2", "is_active": "on", "is_default": "on"}
    )
    assert PickupPoint.objects.get(is_default=True).name == "Loket 2"
    assert not PickupPoint.objects.get(pk=old.pk).is_default


def test_library_is_left_out_once(library: Library, manager: Client) -> None:
    other = make_library("LAIN")
    sent = {"other": other.pk, "direction": "both", "service": "", "reason": "Kiriman hilang"}
    assert manager.post("/members/RUMAH/policies/left-out/new/", sent).status_code == 302
    again = manager.post("/members/RUMAH/policies/left-out/new/", sent)
    assert again.status_code == 200
    assert again.context["form"].non_field_errors()
    assert DoNotRoute.objects.count() == 1


def test_library_cannot_leave_itself_out(library: Library, manager: Client) -> None:
    sent = {"other": library.pk, "direction": "both", "service": ""}
    assert "other" in manager.post("/members/RUMAH/policies/left-out/new/", sent).context["form"].errors


def test_agreements_are_written_by_the_coordinator_alone(
    library: Library, manager: Client, coordinator: Client
) -> None:
    other = make_library("LAIN")
    sent = {"name": "Jabar", "scope": "pair", "others": [other.pk], "free": "on", "amount": "0", "currency": "IDR",
            "priority": "1", "valid_from": "2026-01-01"}  # fmt: skip
    page = "/members/RUMAH/policies/agreements/new/"
    assert manager.post(page, sent).status_code == 403
    assert coordinator.post(page, sent).status_code == 302
    term = AgreementTerm.objects.get()
    assert set(term.parties.values_list("library_id", flat=True)) == {library.pk, other.pk}
    assert "Jabar" in manager.get("/members/RUMAH/policies/").content.decode()
    third = make_library("KETIGA")
    changed = sent | {"scope": "group", "others": [third.pk]}
    coordinator.post(f"/members/RUMAH/policies/agreements/{term.pk}/", changed)
    assert set(term.parties.values_list("library_id", flat=True)) == {library.pk, third.pk}


def test_agreement_of_two_names_the_other_one(library: Library, coordinator: Client) -> None:
    sent = {"name": "Jabar", "scope": "pair", "free": "on", "amount": "0", "currency": "IDR", "priority": "1",
            "valid_from": "2026-03-01", "valid_until": "2026-01-01"}  # fmt: skip
    form = coordinator.post("/members/RUMAH/policies/agreements/new/", sent).context["form"]
    assert set(form.errors) == {"others", "valid_until"}


def test_unknown_parts_and_services_are_not_there(library: Library, manager: Client) -> None:
    for path in ("service/film/", "soup/new/", "fees/999999/"):
        assert manager.get(f"/members/RUMAH/policies/{path}").status_code == 404


def test_lists_repeated_for_the_forms_are_those_of_the_apps_above() -> None:
    assert [value for value, _label in FORMATS] == Format.values
    assert {value for value, _label in CONDITIONS} == set(LoanCondition.values) - {"cost", "other"}
    assert [str(label) for _value, label in FORMATS] == [str(label) for label in Format.labels]


def test_loan_period_set_among_the_terms_is_the_librarys(library: Library, manager: Client) -> None:
    sent = typed(library, loan_days="35")
    assert manager.post("/members/RUMAH/policies/service/loan/", sent).status_code == 302
    library.refresh_from_db()
    assert library.loan_days == 35
    assert 'name="loan_days"' not in manager.get("/members/RUMAH/policies/service/copy/").content.decode()


def test_loan_period_set_for_the_library_stands_among_the_terms(library: Library, manager: Client) -> None:
    policy_save(library=library, service="loan", actor=Actor.system(), max_open=9)
    Library.objects.filter(pk=library.pk).update(loan_days=10)
    assert 'value="10"' in manager.get("/members/RUMAH/policies/service/loan/").content.decode()
