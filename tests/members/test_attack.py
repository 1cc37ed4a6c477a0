"""Another library's manager tries every address about a person, a file, an agreement or a request of this library.

GET and POST, with forms full of guessed numbers: never more than "not here", and nothing of the library changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from members.choices import MembershipStatus, Role
from members.models import Agreement, Membership, PatronCategory, User
from members.services.memberships import membership_end
from members.services.staff import staff_add, staff_role_set
from network_portal.core.errors import RuleViolation
from tests.architecture.permission_matrix import ROWS, Row, World
from tests.members.world import actor_of, client_of, make_library, make_member

# Whose rows tell that something was changed, read as text.
TABLES = (
    "members_user", "members_membership", "members_patronimport", "members_patronimportrow", "members_library",
    "members_agreement", "members_agreementversion", "members_agreementacceptance", "members_agreementrefusal",
    "members_agreementnotice", "members_joinapplication", "members_registration", "members_standingchange",
    "members_patroncategory", "loans_request", "loans_supplyattempt",
)  # fmt: skip


def fingerprint() -> str:
    """Of everything in those tables, in one statement for each."""
    parts = (
        f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t)"
        for name in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' || '.join(parts)}")
        return str(cursor.fetchone()[0])


def guessed(world: World) -> dict[str, Any]:
    """What an attacker would put into any form: numbers and codes of the library that is none of theirs."""
    person, own = world.people["patron"], world.library
    assert person is not None
    return {
        "pk": world.reader.pk, "person": person.pk, "user": person.pk, "patron": person.pk, "reader": world.reader.pk,
        "membership": world.reader.pk, "library": own.pk, "libraries": [own.pk], "code": own.short_code,
        "role": "coordinator", "status": "confirmed", "email": person.email, "name": "Diretas", "reason": "x",
        "words": "x", "text": "x", "read": "1", "action": "withdraw", "sure": "1", "confirm": "1", "state": "present",
    }  # fmt: skip


def closed_rows() -> Iterator[Row]:
    """Addresses that the permission matrix closes to the manager of another library."""
    for row in ROWS:
        if row.expected("other") in ("403", "404"):
            yield row


@pytest.mark.django_db
def test_no_address_lets_another_librarys_manager_see_or_change_anything(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world, tried, wrong = World(), 0, []
    client = client_of(world.people["other"], raise_request_exception=False)
    for row in closed_rows():
        with transaction.atomic():
            try:
                url = reverse(row.name, kwargs=row.kwargs(world))
            except NoReverseMatch:
                transaction.set_rollback(True)
                continue
            before = fingerprint()
            form = guessed(world) | row.query(world)
            answers = [client.get(url, form).status_code, client.post(url, form).status_code]
            if not set(answers) <= {403, 404, 405} or fingerprint() != before:
                wrong.append((row.name, answers))
            tried += 1
            transaction.set_rollback(True)
    assert wrong == []
    assert tried > 120, "the matrix knows more addresses than that"


@pytest.mark.django_db
def test_guessed_numbers_in_the_attackers_own_forms_reach_nobody_else(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
    world = World()
    attacker = world.people["other"]
    assert attacker is not None
    client = client_of(attacker, raise_request_exception=False)
    own = attacker.memberships.get()
    kind = PatronCategory.objects.create(library=world.library, name="Guru", code="GURU")
    before = fingerprint()
    client.post(reverse("members:working_library"), {"library": world.library.pk})
    assert client.get(reverse("members:staff", args=["RUMAH"])).status_code == 404
    for role in ("coordinator", "patron", "root"):
        client.post(
            reverse("members:staff", args=["LAIN"]), {"email": "baru@example.org", "name": "B", "role": role}
        )
        client.post(reverse("members:staff_role", args=["LAIN", own.pk]), {"role": role})
    client.post(reverse("members:staff_role", args=["LAIN", world.colleague.pk]), {"role": "manager"})
    reader = make_member("milik@lain.example", world.elsewhere).memberships.get()
    standing = reverse("members:person_standing", args=[reader.pk])
    assert client.get(standing).status_code == 200
    with transaction.atomic():
        for pk in (kind.pk, 0, "x"):
            client.post(standing, {"category": pk, "block_kind": "", "block_note": ""})
        reader.refresh_from_db()
        assert reader.category_id is None
    Membership.objects.filter(pk=reader.pk).delete()
    User.objects.filter(email="milik@lain.example").delete()
    assert fingerprint() == before


@pytest.mark.django_db
def test_a_proposal_always_binds_the_proposers_own_library(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
    world, third = World(), make_library("KETIGA")
    client = client_of(world.people["other"])
    values = {
        "name": "Jebakan", "libraries": [world.library.pk, third.pk], "text_id": "x", "text_en": "x",
        "valid_from": "2030-01-01", "free": "on", "currency": "IDR", "amount": "0", "priority": "999",
        "proposed_by": world.library.pk,
    }  # fmt: skip
    client.post(reverse("members:agreement_new"), {**values, "scope": "pair"})  # three parties are no pair
    assert not Agreement.objects.exists()
    client.post(reverse("members:agreement_new"), {**values, "scope": "group"})
    made = Agreement.objects.get()
    assert world.elsewhere in made.libraries.all() and made.proposed_by == world.elsewhere


@pytest.mark.django_db
def test_nobody_lifts_anyone_above_the_own_role(bandung: Any, manager: User, librarian: User) -> None:
    for actor in (actor_of(manager), actor_of(librarian)):
        with pytest.raises(PermissionDenied):
            staff_add(library=bandung, email="x@example.org", role=Role.COORDINATOR, actor=actor)
        with pytest.raises(PermissionDenied):
            staff_role_set(membership=librarian.memberships.get(), role=Role.COORDINATOR, actor=actor)
    with pytest.raises(PermissionDenied):
        staff_role_set(membership=librarian.memberships.get(), role=Role.MANAGER, actor=actor_of(librarian))


def at_once(*acts: Any) -> list[str]:
    """Each act in a thread and a connection of its own, all let off together; what became of them."""
    ready = Barrier(len(acts))

    def run(act: Any) -> str:
        try:
            ready.wait(10)
            act()
            return "done"
        except RuleViolation as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR])
def test_of_two_in_charge_whose_membership_ends_at_once_one_stays(role: Role) -> None:
    """Two managers of one library; two coordinators who sit at different libraries."""
    here, there = make_library("SATU"), make_library("DUA")
    one = make_member("a@example.org", here, role)
    other = make_member("b@example.org", here if role == Role.MANAGER else there, role)
    rows, actors = [p.memberships.get() for p in (one, other)], [actor_of(p) for p in (other, one)]
    answers = at_once(
        lambda: membership_end(membership=rows[0], actor=actors[0]),
        lambda: membership_end(membership=rows[1], actor=actors[1]),
    )
    assert answers == ["done", f"last_{role.value}"]
    left = Membership.objects.filter(role=role, status=MembershipStatus.CONFIRMED)
    assert left.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_one_lowered_and_one_ended_at_once_one_stays() -> None:
    here, there = make_library("SATU"), make_library("DUA")
    one, other = (
        make_member("a@example.org", here, Role.COORDINATOR),
        make_member("b@example.org", there, Role.COORDINATOR),
    )
    rows, actors = [p.memberships.get() for p in (one, other)], [actor_of(p) for p in (other, one)]
    answers = at_once(
        lambda: staff_role_set(membership=rows[0], role=Role.LIBRARIAN, actor=actors[0]),
        lambda: membership_end(membership=rows[1], actor=actors[1]),
    )
    assert answers == ["done", "last_coordinator"]
    assert Membership.objects.filter(role=Role.COORDINATOR, status=MembershipStatus.CONFIRMED).count() == 1
