"""What each library lends, on what terms, and to which readers. Forms live in members, rules read them in loans."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.choices import AgreementScope, CostBasis, Payer, ServiceKind, ServiceLevel
from members.models.library import Library
from members.models.network import Network
from network_portal.core.constraints import one_of


class LibraryPolicy(models.Model):
    """One library's terms for one service. A library without a row has the defaults that stand here."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="policies")
    service = models.CharField(max_length=8, choices=ServiceKind.choices)
    supplies = models.BooleanField(default=True)
    rush = models.BooleanField(default=True)  # levels above normal that it offers
    express = models.BooleanField(default=False)
    renewals_max = models.PositiveSmallIntegerField(default=2)
    renew_days = models.PositiveSmallIntegerField(default=14)
    auto_renew = models.BooleanField(default=False)
    recall_min_days = models.PositiveSmallIntegerField(default=7)
    max_open = models.PositiveIntegerField(null=True, blank=True)  # supplies at a time
    daily_capacity = models.PositiveSmallIntegerField(default=10)
    max_per_requester_year = models.PositiveIntegerField(null=True, blank=True)
    # Promised in the last 7 and 30 days; above that it pauses until the oldest of them are past.
    max_week = models.PositiveIntegerField(null=True, blank=True)
    max_month = models.PositiveIntegerField(null=True, blank=True)
    # It pauses when it has supplied so many more than it has received, until others have given back.
    pause_deficit = models.PositiveIntegerField(null=True, blank=True)
    target_ratio = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("1.00"))
    lends_formats = models.JSONField(default=list, blank=True)  # values of catalog.choices.Format; [] = all
    copy_methods = models.JSONField(default=list, blank=True)
    conditions_default = models.JSONField(default=list, blank=True)  # values of loans.choices.LoanCondition
    cost_basis = models.CharField(max_length=8, choices=CostBasis.choices, default=CostBasis.FREE)
    cost_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="IDR")
    per_page_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    replacement_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    response_hours = models.PositiveSmallIntegerField(null=True, blank=True)  # its own promise
    anonymise_after_days = models.PositiveSmallIntegerField(default=180)  # unsigned: the database checks >= 0
    hold_shelf_days = models.PositiveSmallIntegerField(default=10)
    auto_release = models.BooleanField(default=False)  # copies reach the reader without a look by staff
    strap_text = models.CharField(max_length=500, blank=True)
    label_text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["library", "service"]
        constraints = [
            models.UniqueConstraint(fields=["library", "service"], name="policy_once_per_service"),
            one_of("service", ServiceKind.values, name="policy_service_known"),
            one_of("cost_basis", CostBasis.values, name="policy_cost_basis_known"),
            models.CheckConstraint(
                name="policy_amounts_not_negative",
                condition=Q(cost_amount__gte=0, per_page_amount__gte=0, replacement_amount__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.service}"

    @property
    def loan_days(self) -> int:
        """Kept with the library, which has one loan period; shown and changed among its terms."""
        return self.library.loan_days


class AgreementTerm(models.Model):
    """Terms that libraries agreed on; of several that fit, the highest priority counts."""

    name = models.CharField(_("name"), max_length=200)
    scope = models.CharField(max_length=8, choices=AgreementScope.choices)
    network = models.ForeignKey(
        Network, on_delete=models.CASCADE, null=True, blank=True, related_name="agreements"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    services = models.JSONField(default=list, blank=True)  # values of ServiceKind; [] = both
    free = models.BooleanField(default=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="IDR")
    priority = models.PositiveSmallIntegerField(default=0)
    max_per_year = models.PositiveIntegerField(null=True, blank=True)
    no_reciprocity = models.BooleanField(default=False)  # supplies under it do not count in the balance

    class Meta:
        ordering = ["-priority", "name"]
        constraints = [
            one_of("scope", AgreementScope.values, name="agreement_scope_known"),
            models.CheckConstraint(
                name="agreement_network_named", condition=~Q(scope="network") | Q(network__isnull=False)
            ),
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="agreement_amount_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class AgreementParty(models.Model):
    agreement = models.ForeignKey(AgreementTerm, on_delete=models.CASCADE, related_name="parties")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="agreements")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "library"], name="party_once")]

    def __str__(self) -> str:
        return f"{self.library_id} in {self.agreement_id}"


class PatronCategory(models.Model):
    """A kind of reader at a library, and how much it may ask for; an empty limit is none."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="patron_categories")
    code = models.CharField(_("short code"), max_length=32)
    name = models.CharField(_("name"), max_length=120)
    max_active = models.PositiveSmallIntegerField(null=True, blank=True)
    max_per_year = models.PositiveSmallIntegerField(null=True, blank=True)
    max_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    may_loan = models.BooleanField(default=True)
    may_copy = models.BooleanField(default=True)
    cost_limit_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="IDR")
    unmediated = models.BooleanField(default=False)  # ordinary requests go out without a librarian's look
    notice_days = models.PositiveSmallIntegerField(default=14)  # before the membership runs out

    class Meta:
        ordering = ["library", "name"]
        constraints = [
            models.UniqueConstraint(fields=["library", "code"], name="patron_category_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PickupPoint(models.Model):
    """Where readers of a library collect what has arrived for them."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="pickup_points")
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=300, blank=True)
    hours_text = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["library", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["library"], condition=Q(is_default=True), name="pickup_one_default_per_library"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FeeRule(models.Model):
    """What a library charges for a service at a level, and whom. Of several that fit, the most particular counts."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="fee_rules")
    service = models.CharField(max_length=8, choices=ServiceKind.choices)
    level = models.CharField(max_length=8, choices=ServiceLevel.choices, default=ServiceLevel.NORMAL)
    payer = models.CharField(max_length=8, choices=Payer.choices, default=Payer.LIBRARY)
    format = models.CharField(max_length=16, blank=True)  # a value of catalog.choices.Format; "" = any
    category = models.ForeignKey(
        PatronCategory, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    first_pages = models.PositiveSmallIntegerField(default=0)  # included in the amount
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    per_page_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="IDR")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["library", "service", "level"]
        indexes = [models.Index(fields=["library", "service", "level"], name="fee_rule_lookup")]
        constraints = [
            one_of("service", ServiceKind.values, name="fee_rule_service_known"),
            one_of("level", ServiceLevel.values, name="fee_rule_level_known"),
            one_of("payer", Payer.values, name="fee_rule_payer_known"),
            models.CheckConstraint(
                name="fee_rule_not_negative", condition=Q(amount__gte=0, per_page_amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.service} {self.level}: {self.amount} {self.currency}"
