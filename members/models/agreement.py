"""Agreements as documents: who agreed, in which words, since when. Their terms become an AgreementTerm for routing.

A version that was published is never changed; the database refuses it. The next one is a new row.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.choices import AgreementScope
from members.choices_agreements import VersionStatus
from members.models.library import Library
from members.models.network import Network
from members.models.policy import AgreementTerm
from network_portal.core.constraints import one_of


class Agreement(models.Model):
    """Who agrees with whom. The words and terms are in its versions."""

    name = models.CharField(_("name"), max_length=200)
    scope = models.CharField(max_length=8, choices=AgreementScope.choices)
    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    libraries = models.ManyToManyField(Library, blank=True, related_name="agreement_documents")
    proposed_by = models.ForeignKey(
        Library, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposed_agreements"
    )  # its managers write the drafts; else a coordinator does
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("agreement")
        constraints = [
            one_of("scope", AgreementScope.values, name="document_scope_known"),
            models.CheckConstraint(
                name="document_network_named", condition=~Q(scope="network") | Q(network__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgreementVersion(models.Model):
    """One version: a draft that can be changed, or published words that can not."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    text_id = models.TextField(max_length=60_000, blank=True)
    text_en = models.TextField(max_length=60_000, blank=True)
    principles = models.TextField(max_length=4000, blank=True)  # why: needing, strengthening, gaining
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    services = models.JSONField(default=list, blank=True)  # values of ServiceKind; [] = both
    free = models.BooleanField(default=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="IDR")
    priority = models.PositiveSmallIntegerField(default=0)
    max_per_year = models.PositiveIntegerField(null=True, blank=True)
    no_reciprocity = models.BooleanField(default=False)
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)  # empty: a coordinator ends it
    proposed_at = models.DateTimeField(
        null=True, blank=True
    )  # a whole network's draft sent to the coordinators
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What routing and fees read: made with the first acceptance, gone or shortened at the end.
    term = models.OneToOneField(
        AgreementTerm, on_delete=models.SET_NULL, null=True, blank=True, related_name="document"
    )

    class Meta:
        ordering = ["agreement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="version_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(status="draft"), name="version_one_draft"
            ),
            one_of("status", VersionStatus.values, name="version_status_known"),
            models.CheckConstraint(
                name="version_ends_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="version_amount_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} ({self.number})"

    @property
    def status_tone(self) -> str:
        return VersionStatus(self.status).tone

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == VersionStatus.PUBLISHED


class AgreementAcceptance(models.Model):
    """A library said yes to one version, by a named person on a day. Kept when the person leaves."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="acceptances")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="acceptances")
    user_id_then = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "library"], name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.version_id}"
