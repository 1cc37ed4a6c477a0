"""Who gets a place: eligibility, agreement, the waiting list, and fifty people at once for one place."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.choices import Role
from members.learning.places import registration_agree, registration_refuse, registration_withdraw
from members.learning.programmes import rule_set, step_take
from members.models import Library, Network, NetworkMember, Registration, User
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.members.learning.world import make_programme, register
from tests.members.world import actor_of, make_library, make_member


def told(user: User) -> list[str]:
    return list(
        OutgoingMail.objects.filter(to_email=user.email).order_by("pk").values_list("subject", flat=True)
    )


def test_who_waits_longest_moves_up_when_somebody_withdraws(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    programme = make_programme(bandung, places=1)
    first, second, third = (
        register(programme, librarian),
        register(programme, stranger),
        register(programme, manager),
    )
    assert [first.status, second.status, third.status] == ["registered", "waiting", "waiting"]
    registration_withdraw(registration=first, actor=actor_of(librarian))
    second.refresh_from_db()
    third.refresh_from_db()
    assert [second.status, third.status] == ["registered", "waiting"]
    assert told(stranger) == ["Daftar tunggu: Mengatalog dengan RDA", "Tempat Anda: Mengatalog dengan RDA"]
    assert len(told(manager)) == 1


def test_nobody_registers_twice(bandung: Library, librarian: User) -> None:
    programme = make_programme(bandung)
    register(programme, librarian)
    with pytest.raises(RuleViolation) as refusal:
        register(programme, librarian)
    assert refusal.value.code == "registered_already"


def test_who_withdrew_may_come_again_at_the_end_of_the_line(
    bandung: Library, librarian: User, stranger: User
) -> None:
    programme = make_programme(bandung, places=1)
    registration_withdraw(registration=register(programme, librarian), actor=actor_of(librarian))
    register(programme, stranger)
    assert register(programme, librarian).status == "waiting"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "proposed"}, "not_open"),
        ({"status": "cancelled"}, "not_open"),
        ({"roles": ["manager"]}, "not_for_role"),
        ({"register_until": timezone.localdate() - timedelta(days=3)}, "too_late"),
    ],
)
def test_who_may_not_register_reads_why(
    bandung: Library, librarian: User, fields: dict[str, object], code: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        register(make_programme(bandung, **fields), librarian)
    assert refusal.value.code == code


def test_a_programme_of_certain_libraries_and_networks_takes_only_their_people(
    bandung: Library, makassar: Library, librarian: User, stranger: User
) -> None:
    programme = make_programme(bandung)
    programme.libraries.add(makassar)
    with pytest.raises(RuleViolation) as refusal:
        register(programme, librarian)
    assert refusal.value.code == "not_for_library"
    network = Network.objects.create(code="A", name="A")
    programme.networks.add(network)
    with pytest.raises(RuleViolation) as refusal:
        register(programme, stranger)
    assert refusal.value.code == "not_for_network"
    NetworkMember.objects.create(network=network, library=makassar)
    assert register(programme, stranger).has_place


def test_the_sending_library_agrees_first_where_it_wants_to(
    bandung: Library, makassar: Library, stranger: User
) -> None:
    rule_set(actor=actor_of(stranger), library=makassar, ask_sender=True)
    person = make_member("tuti@makassar.example", makassar, Role.LIBRARIAN)
    programme = make_programme(bandung, places=1)
    row = register(programme, person)
    assert row.is_asked and row.waits_for_sender
    assert "Tuti" in told(stranger)[0]
    registration_agree(registration=row, side="sender", actor=actor_of(stranger))
    row.refresh_from_db()
    assert row.has_place and row.sender_agreed_by == "Andi"
    with pytest.raises(Conflict):
        registration_agree(registration=row, side="sender", actor=actor_of(stranger))


def test_a_refusal_frees_the_place_and_tells_the_reason(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    programme = make_programme(bandung, places=1)
    row, next_one = register(programme, librarian), register(programme, stranger)
    with pytest.raises(RuleViolation):
        registration_refuse(registration=row, actor=actor_of(manager), reason=" ")
    registration_refuse(registration=row, actor=actor_of(manager), reason="Sudah dua kali ikut.")
    next_one.refresh_from_db()
    assert next_one.has_place
    mail = OutgoingMail.objects.filter(to_email=librarian.email).latest("pk")
    assert "Sudah dua kali ikut." in mail.body_text


def test_a_cancelled_programme_tells_everybody_and_moves_nobody_up(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    programme = make_programme(bandung, places=1)
    row, waiting = register(programme, librarian), register(programme, stranger)
    step_take(programme=programme, action="cancel", actor=actor_of(manager), reason="Pembicara sakit.")
    for user in (librarian, stranger):
        assert told(user)[-1].startswith("Dibatalkan")
    registration_withdraw(registration=row, actor=actor_of(librarian))
    waiting.refresh_from_db()
    assert waiting.is_waiting


@pytest.mark.django_db(transaction=True)
def test_fifty_people_at_once_for_one_place_and_exactly_one_gets_it() -> None:
    host = make_library("HOST", email="host@example.org")
    programme = make_programme(host, places=1)
    people = [make_member(f"p{n}@example.org", host) for n in range(50)]
    actors = [actor_of(person) for person in people]
    barrier, got = threading.Barrier(len(actors)), []

    def ask(n: int) -> None:
        from members.learning.places import registration_ask

        try:
            connection.ensure_connection()
            barrier.wait(30)
            got.append(registration_ask(programme=programme, actor=actors[n]).status)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(actors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(got) == ["registered"] + ["waiting"] * 49
    assert Registration.objects.filter(status="registered").count() == 1
    assert OutgoingMail.objects.count() == 50

    winner = Registration.objects.get(status="registered")
    registration_withdraw(registration=winner, actor=actor_of(winner.user))
    longest = Registration.objects.filter(status__in=("registered", "waiting")).order_by("queued_at", "pk")[0]
    assert longest.has_place and Registration.objects.filter(status="registered").count() == 1
