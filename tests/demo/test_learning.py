"""What the demo's libraries learn from each other."""

from __future__ import annotations

import pytest

from members.choices import Role
from members.learning.evaluations import results_of
from members.models import Certificate, Internship, Programme
from network_portal.demo.learning import ensure_learning
from tests.members.world import make_library, make_member


@pytest.mark.django_db
def test_the_demo_has_programmes_before_during_and_after() -> None:
    for code in ("DEPOSIT", "CANDISEWU", "JMERAH", "PARAHITA", "SDELI"):
        library = make_library(code)
        make_member(f"staf@{code.lower()}.example", library, Role.LIBRARIAN)
    assert ensure_learning() == 7
    assert ensure_learning() == 0
    done = Programme.objects.get(status="done")
    assert Certificate.objects.count() == 4 and results_of(done)[0][0].mean == 4.7
    assert Internship.objects.get().notes.count() == 1
    asked = Programme.objects.get(ask_sender=True)
    assert asked.registrations.filter(status="asked").count() == 3
    full = Programme.objects.get(host__short_code="CANDISEWU")
    assert full.registrations.filter(status="registered").count() == 3
    assert full.registrations.filter(status="waiting").exists()
