"""How the libraries to ask were found, and what that is reckoned with. Written by loans.routing and its hooks."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils import timezone

from loans.choices import Service
from loans.models.requests import Request
from members.models import Library, Network
from network_portal.core.constraints import one_of


class RoutingPlan(models.Model):
    """The plan of one round, with everything needed to tell later why it was made so."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="plans")
    round = models.PositiveSmallIntegerField()
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, related_name="+")
    policy_version = models.PositiveIntegerField(default=0)
    seed = models.CharField(max_length=64)
    snapshot_hash = models.CharField(max_length=64)
    stages = models.JSONField(default=list)
    excluded = models.JSONField(default=list)  # {library, name, rule, text}
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["request", "round"]
        constraints = [models.UniqueConstraint(fields=["request", "round"], name="plan_once_per_round")]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.round}"


class RingToken(models.Model):
    """Where a request is on its way round a ring. A message of an older epoch is void."""

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="ring_token")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    epoch = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField()
    holder = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["lease_until"], name="ring_token_lease")]

    def __str__(self) -> str:
        return f"{self.request_id} at {self.position}"


class RingCursor(models.Model):
    """Where the next request enters the ring, so that nobody is always the first to be asked."""

    network = models.OneToOneField(Network, on_delete=models.CASCADE, related_name="ring_cursor")
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.network_id}: {self.position}"


class PairBalance(models.Model):
    """What one library has supplied to another. `units` fade with time; they are true as of `as_of`."""

    supplier = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    requester = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=8, choices=Service.choices)
    units = models.DecimalField(max_digits=12, decimal_places=3, default=Decimal(0))
    as_of = models.DateTimeField(default=timezone.now)
    count_supplied = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "requester", "service"], name="balance_once"),
            one_of("service", Service.values, name="balance_service_known"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} → {self.requester_id} {self.service}: {self.units}"


class SupplierStats(models.Model):
    """How fast and how often a library says yes; made anew each hour. How busy it is now is read live.

    One row for all it was asked, and one for each format; `format` is "" in the first.
    """

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="supplier_stats")
    service = models.CharField(max_length=8, choices=Service.choices)
    format = models.CharField(max_length=12, blank=True)
    median_hours = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    fill_rate = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    answered = models.PositiveIntegerField(default=0)  # in the last 90 days
    fill_answers = models.DecimalField(
        max_digits=10, decimal_places=3, default=Decimal(0)
    )  # worth so many of today
    window_end = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "service", "format"], name="supplier_stats_once"),
            one_of("service", Service.values, name="supplier_stats_service_known"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.service}"
