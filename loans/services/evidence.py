"""What is kept about copies, and for how long: each set of rules names its years, and after them the evidence goes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from loans.models import CopyrightDecision, CopyrightRuleSet, DeclarationAcceptance, DeliveryView, ScanFile
from network_portal.core import audit
from network_portal.core.actor import Actor

BATCH = 5000


def evidence_delete_due() -> int:
    """Delete decisions, declarations, openings and lines of files whose years are over; returns how many rows.

    "Three years" are three full calendar years after the one in which it happened (CONTU counts so; for the others it
    is the longer reading). What belongs to a request that is still open, or to bytes that are still here, stays. With
    the decisions go the counts that rest on them: rules that count further back than the evidence is kept see less.
    """
    decisions = declarations = rest = 0
    for ruleset in CopyrightRuleSet.objects.only("pk", "retention_years"):
        before = kept_since(ruleset.retention_years)
        declarations += _delete(
            DeclarationAcceptance.objects.filter(
                text__ruleset_id=ruleset.pk, at__lt=before, delivery__purged_at__isnull=False
            )
        )
        rest += _delete(
            _of_requests(DeliveryView.objects.filter(at__lt=before), "delivery__request", ruleset.pk)
        )
        gone = ScanFile.objects.filter(purged_at__lt=before, file="")
        rest += _delete(_of_requests(gone, "attempt__request", ruleset.pk))
        decisions += _delete(
            CopyrightDecision.objects.filter(
                ruleset_id=ruleset.pk, at__lt=before, request__closed_at__isnull=False
            )
        )
    if decisions or declarations:
        audit.record(
            "loans.copyright.evidence_deleted", actor=Actor.system(),
            data={"decisions": decisions, "declarations": declarations},
        )  # fmt: skip
    return decisions + declarations + rest


def kept_since(years: int) -> datetime:
    """The first moment whose evidence is kept still."""
    today = timezone.localtime()
    return today.replace(year=today.year - years, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _of_requests(rows: QuerySet, path: str, ruleset_id: int) -> QuerySet:  # type: ignore[type-arg]
    """Rows of closed requests that this set of rules decided."""
    return rows.filter(
        **{f"{path}__closed_at__isnull": False, f"{path}__copyright_decisions__ruleset_id": ruleset_id}
    )


def _delete(rows: QuerySet) -> int:  # type: ignore[type-arg]
    """In batches of their own transactions, so that nobody waits long for a lock."""
    done = 0
    while True:
        with transaction.atomic():
            pks = list(rows.values_list("pk", flat=True).distinct()[:BATCH])
            if not pks:
                return done
            rows.model._base_manager.filter(pk__in=pks).delete()
        done += len(pks)
