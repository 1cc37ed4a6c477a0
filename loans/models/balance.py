"""What libraries gave each other, month by month, and what a bought item is assumed to cost. See loans.balance."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from loans.choices.balance import BoughtKind, LimitLevel
from loans.choices.status import Service
from members.models import Library, Network
from network_portal.core.constraints import one_of


class ExchangeMonth(models.Model):
    """What one library sent another in a month. Counted by loans.balance.counting, whole months anew.

    `seen_by_…`: who stands for the other end there; behind an opaque hub the coordinator, else the end itself.
    """

    month = models.DateField()  # its first day
    supplier = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    requester = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    seen_by_supplier = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    seen_by_requester = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, choices=BoughtKind.choices)
    count = models.PositiveIntegerField()
    hours = models.FloatField(default=0)  # from asking to arriving, of all that arrived together
    timed = models.PositiveIntegerField(default=0)  # how many arrived

    class Meta:
        constraints = [
            one_of("service", Service.values, name="exchange_service_known"),
            one_of("kind", BoughtKind.values, name="exchange_kind_known"),
        ]
        indexes = [
            # A library's page reads its own rows alone, from either side.
            models.Index(fields=["supplier", "month"], name="exchange_given"),
            models.Index(fields=["requester", "month"], name="exchange_taken"),
            # Counting anew puts away whole months; the network's page reads them.
            models.Index(fields=["month"], name="exchange_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.supplier_id} → {self.requester_id}: {self.count}"


class LibraryMonth(models.Model):
    """How a library's requests ended in a month, and what it answered to others'."""

    month = models.DateField()
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    asked = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    unfilled = models.PositiveIntegerField(default=0)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)  # silence too
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "month"], name="library_month_once")]
        indexes = [models.Index(fields=["month"], name="library_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.library_id}"


class AssumedPrice(models.Model):
    """What buying one item would have cost, from a day on: said by a network, or by a library for itself.

    Rows are only added: what was assumed when can be read later, with the reason.
    """

    network = models.ForeignKey(Network, on_delete=models.CASCADE, null=True, related_name="+")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=BoughtKind.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default="IDR")
    valid_from = models.DateField()
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "-valid_from", "-id"]
        constraints = [
            one_of("kind", BoughtKind.values, name="price_kind_known"),
            models.CheckConstraint(
                name="price_of_one",
                condition=Q(network=None, library__isnull=False) | Q(network__isnull=False, library=None),
            ),
            models.CheckConstraint(name="price_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency} {self.amount} ({self.valid_from})"


class YearReport(models.Model):
    """A library's year as it was counted for its director: it stays as it was sent, until it is made anew."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="year_reports")
    year = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    data = models.JSONField()  # as loans.balance.report writes it

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["library", "year"], name="year_report_once")]

    def __str__(self) -> str:
        return f"{self.library_id} {self.year}"


class LimitNotice(models.Model):
    """A limit that a library set and was told of; gone once it is far from the limit again. See balance.limits."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=8)
    code = models.CharField(max_length=8)  # deficit, week, month
    level = models.CharField(max_length=8, choices=LimitLevel.choices)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "service", "code"], name="limit_notice_once"),
            one_of("service", Service.values, name="limit_notice_service_known"),
            one_of("level", LimitLevel.values, name="limit_notice_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.service} {self.code}: {self.level}"
