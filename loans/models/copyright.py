"""Copyright law as data: rules with versions, what was decided by them, and what readers declared.

Every text here is to be checked by a lawyer before it is relied on; `lawyer_checked` says whether one has.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from loans.choices import LicenceKind, RuleOutcome
from loans.models.attempts import SupplyAttempt
from loans.models.requests import Request
from members.models import Library
from network_portal.core.constraints import one_of


class CopyrightRuleSet(models.Model):
    """The rules of a jurisdiction. A version is never changed (the database sees to it); a new one is added."""

    jurisdiction = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    valid_from = models.DateField()
    rules = models.JSONField(default=dict)  # the shape stands in loans.copyright.schema
    retention_years = models.PositiveSmallIntegerField(default=3)
    source_note = models.TextField(blank=True)
    lawyer_checked = models.BooleanField(default=False)
    checked_by = models.CharField(max_length=200, blank=True)  # the lawyer
    checked_on = models.DateField(null=True)
    added_by_name = models.CharField(max_length=200, blank=True)  # "" for what came with the portal
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["jurisdiction", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "version"], name="ruleset_once"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction}/{self.version}"


class DeclarationText(models.Model):
    """What a reader declares before a copy is handed over; a changed text is a new version."""

    ruleset = models.ForeignKey(CopyrightRuleSet, on_delete=models.PROTECT, related_name="declarations")
    language = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["ruleset", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["ruleset", "language", "version"], name="declaration_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ruleset_id} {self.language}/{self.version}"


class LicenceOffer(models.Model):
    """A licence that can be had for a title, as a collecting society lists it."""

    jurisdiction = models.CharField(max_length=8)
    identifier = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=LicenceKind.choices)
    holder = models.CharField(max_length=200)
    terms = models.CharField(max_length=500, blank=True)
    fee_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    fee_currency = models.CharField(max_length=3, default="IDR", blank=True)
    url = models.URLField(blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["jurisdiction", "kind", "identifier"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "kind", "identifier"], name="licence_offer_once"),
            one_of("kind", LicenceKind.values, name="licence_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}"


class CopyrightDecision(models.Model):
    """Whether a copy may be made, by which rules, from which facts. Written once; a new look is a new row."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="copyright_decisions")
    attempt = models.ForeignKey(SupplyAttempt, on_delete=models.CASCADE, null=True, related_name="+")
    ruleset = models.ForeignKey(CopyrightRuleSet, on_delete=models.PROTECT, related_name="decisions")
    # Copied from the request, for the counters: so many articles of a title in a year for a library.
    requesting_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    title_key = models.CharField(max_length=64, blank=True)
    year = models.PositiveSmallIntegerField()
    inputs = models.JSONField(default=dict)
    counters = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, choices=RuleOutcome.choices)
    reasons = models.JSONField(default=list)  # {rule, outcome, args}
    fee_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    overridden_by_name = models.CharField(max_length=200, blank=True)
    override_reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [one_of("outcome", RuleOutcome.values, name="copyright_outcome_known")]
        indexes = [
            models.Index(fields=["requesting_library", "title_key", "year"], name="copyright_counters")
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.outcome}"
