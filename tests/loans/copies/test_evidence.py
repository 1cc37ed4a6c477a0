"""Evidence about copies goes when its years are over, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from loans.models import CopyrightDecision, DeclarationAcceptance, Delivery, DeliveryView, Request, ScanFile
from loans.services.evidence import evidence_delete_due, kept_since
from network_portal.core.models import AuditEntry
from tests.loans.copies.test_delivery import opening, released
from tests.loans.world import World


def kept() -> list[int]:
    return [
        model.objects.count() for model in (CopyrightDecision, DeclarationAcceptance, DeliveryView, ScanFile)
    ]


def happened(world: World, days: int, *, closed: bool = True) -> Delivery:
    """A copy opened so many days ago, its bytes gone since."""
    delivery = released(world)
    opening(delivery, world.reader)
    then = timezone.now() - timedelta(days=days)
    CopyrightDecision.objects.update(at=then)
    DeliveryView.objects.update(at=then)
    with (
        connection.cursor() as cursor
    ):  # declarations are never changed: the test's clock goes around the guard
        cursor.execute("ALTER TABLE loans_declarationacceptance DISABLE TRIGGER USER")
        cursor.execute("UPDATE loans_declarationacceptance SET at = %s", [then])
        cursor.execute("ALTER TABLE loans_declarationacceptance ENABLE TRIGGER USER")
    if closed:
        ScanFile.objects.update(purged_at=then, file="")
        Delivery.objects.update(purged_at=then, state="purged")
        Request.objects.filter(pk=delivery.request_id).update(
            status="purged", outcome="filled", closed_at=then, owner_side="none"
        )
    return delivery


@pytest.mark.django_db(transaction=True)
def test_evidence_goes_with_the_end_of_its_last_year(world: World) -> None:
    happened(world, 366 * 4)
    assert evidence_delete_due() > 0
    assert kept() == [0, 0, 0, 0]
    entry = AuditEntry.objects.get(code="loans.copyright.evidence_deleted")
    assert entry.data == {"decisions": 1, "declarations": 1}
    assert evidence_delete_due() == 0
    assert AuditEntry.objects.filter(code="loans.copyright.evidence_deleted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_evidence_stays_in_its_years(world: World) -> None:
    happened(world, 365 * 3 - 1)
    before = kept()
    assert evidence_delete_due() == 0
    assert kept() == before != [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_evidence_of_a_copy_that_is_still_here_stays(world: World) -> None:
    happened(world, 366 * 5, closed=False)
    before = kept()
    assert evidence_delete_due() == 0
    assert kept() == before


def test_years_are_full_calendar_years() -> None:
    since = kept_since(3)
    assert (since.year, since.month, since.day) == (timezone.localtime().year - 3, 1, 1)
