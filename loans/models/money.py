"""What a loan or a copy costs, and what two libraries owe each other at the end of a month."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from loans.choices import ChargeKind, ChargeState, StatementState
from loans.models.attempts import SupplyAttempt
from loans.models.requests import Request
from members.models import AgreementTerm, Library
from network_portal.core.constraints import one_of


class Statement(models.Model):
    """The accounts of two libraries for a month, once per currency; the smaller id stands on the left.

    `gross_left` is what the left one is owed, `net` = gross_left - gross_right: what the right one pays (if negative:
    the left one).
    """

    left = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    currency = models.CharField(max_length=3)
    gross_left = models.DecimalField(max_digits=14, decimal_places=2)
    gross_right = models.DecimalField(max_digits=14, decimal_places=2)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=8, choices=StatementState.choices, default=StatementState.DRAFT)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-month", "left", "right"]
        constraints = [
            models.UniqueConstraint(fields=["left", "right", "month", "currency"], name="statement_once"),
            models.CheckConstraint(
                name="statement_left_before_right", condition=Q(left_id__lt=F("right_id"))
            ),
            models.CheckConstraint(
                name="statement_net_is_the_difference", condition=Q(net=F("gross_left") - F("gross_right"))
            ),
            models.CheckConstraint(name="statement_first_of_month", condition=Q(month__day=1)),
            one_of("state", StatementState.values, name="statement_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} – {self.right_id} {self.month}"


class Charge(models.Model):
    """One amount. Only its state and its statement change; what was wrong is set right by a refund or adjustment."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="charges")
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.PROTECT, null=True, related_name="charges")
    kind = models.CharField(max_length=12, choices=ChargeKind.choices)
    state = models.CharField(max_length=8, choices=ChargeState.choices, default=ChargeState.QUOTED)
    # Without a paying library the reader pays.
    payer_library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, related_name="+")
    payee_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(
        max_digits=18, decimal_places=6, default=Decimal(1)
    )  # into the network's currency
    agreement = models.ForeignKey(AgreementTerm, on_delete=models.PROTECT, null=True, related_name="+")
    quote_expires_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="charges")
    note = models.CharField(max_length=300, blank=True)
    # Where two ends may not learn of each other, the coordinator between them owes one and is owed by the other.
    leg_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="passed_on")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("kind", ChargeKind.values, name="charge_kind_known"),
            one_of("state", ChargeState.values, name="charge_state_known"),
            models.CheckConstraint(name="charge_not_negative", condition=Q(amount__gte=0, rate__gt=0)),
        ]
        indexes = [
            models.Index(fields=["payee_library", "payer_library", "state"], name="charge_pair"),
            models.Index(fields=["state", "at"], name="charge_to_state", condition=Q(statement=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
