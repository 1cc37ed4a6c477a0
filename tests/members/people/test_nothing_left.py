"""A person who is in every table, erased: no table of the database still names them."""

from __future__ import annotations

import pytest
from django.test import Client

from loans.models import Request
from members.models import User
from members.privacy.erase import erase
from network_portal.core.models import AuditEntry
from network_portal.core.privacy import undeclared
from tests.members.people.filling import EMAIL, MARK, NAME, checks_off, fill, left_over
from tests.members.world import client_of

pytestmark = pytest.mark.django_db


def test_nothing_is_left_of_a_person_who_was_in_every_table() -> None:
    checks_off()
    person = User.objects.create_user(email=EMAIL, name=NAME, phone="0812-555-zwimarka-1234567")
    logged_in, number = client_of(person), person.pk
    fill(person)
    before = left_over(MARK)
    assert len(before) > 60, "the person should stand nearly everywhere before"
    erase(person)
    assert left_over(MARK) == {}
    assert not User.objects.filter(pk=number).exists()
    assert "_auth_user_id" not in Client(cookies=logged_in.cookies).session
    assert Request.objects.filter(patron=None).count() == 1, "the request stays for the figures"
    assert AuditEntry.objects.filter(actor_id=number).exists(), "what was done stays, without the name"


def test_every_column_that_points_to_a_person_is_declared() -> None:
    assert undeclared(User) == []
