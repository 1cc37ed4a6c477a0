"""Before a library weeds: lists it checks, copies it offers, who takes them, and who promised to keep."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from catalog.acquiring.choices import CheckState, Finding, LineState, RowProblem
from catalog.models.editions import Edition
from members.models import Library
from network_portal.core.constraints import one_of


class KeepPromise(models.Model):
    """That a library keeps its copy of an edition, until a day or without end. Ended promises stay as history."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="keep_promises")
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="keep_promises", db_constraint=False
    )
    until = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "library"], condition=Q(ended_at=None), name="keep_promise_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.library_id} keeps {self.edition_id}"


class WeedingCheck(models.Model):
    """A list of what a library wants to weed. `packed`: its rows as gzipped CSV, until they are read."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="weeding_checks")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.WAITING)
    packed = models.BinaryField(null=True)
    total = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    job_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [one_of("state", CheckState.values, name="weeding_check_state_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.state in (CheckState.WAITING, CheckState.RUNNING)


class WeedingRow(models.Model):
    """One row of the list, and what the network says of it."""

    source = models.ForeignKey(WeedingCheck, on_delete=models.CASCADE, related_name="rows")
    position = models.IntegerField()
    value = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=8, blank=True)  # isbn, number, barcode: what it was found as
    isbn = models.CharField(max_length=13, blank=True)
    edition = models.ForeignKey(
        Edition, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    finding = models.CharField(max_length=12, choices=Finding.choices, blank=True)
    problem = models.CharField(max_length=10, choices=RowProblem.choices, blank=True)
    others = models.IntegerField(default=0)
    nearby = models.IntegerField(default=0)
    wanted = models.IntegerField(default=0)
    promised = models.IntegerField(default=0, help_text="other libraries that promised to keep it")
    planned = models.IntegerField(default=0, help_text="other libraries that plan to buy it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "position"], name="weeding_row_once")]
        indexes = [models.Index(fields=["source", "finding", "position"], name="weeding_row_finding")]

    def __str__(self) -> str:
        return f"{self.source_id}@{self.position}: {self.value}"

    @property
    def tone(self) -> str:
        return Finding(self.finding).tone if self.finding else "plain"


class WeedingOffer(models.Model):
    """Copies that a library offers to the others before it weeds them, until a day."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="weeding_offers")
    source = models.ForeignKey(WeedingCheck, on_delete=models.SET_NULL, null=True, related_name="offers")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    closes_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_claims(self) -> bool:
        return self.closed_at is None and self.closes_on >= timezone.localdate()


class OfferLine(models.Model):
    """One edition of an offer. Who said first "we take it" comes first; the offering library decides."""

    offer = models.ForeignKey(WeedingOffer, on_delete=models.CASCADE, related_name="lines")
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="offer_lines", db_constraint=False
    )
    is_last = models.BooleanField(default=False, help_text="no other library of the network held it then")
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.OPEN)
    given_to = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", LineState.values, name="offer_line_state_known"),
            models.UniqueConstraint(fields=["offer", "edition"], name="offer_line_once"),
            models.CheckConstraint(
                name="offer_given_to_somebody", condition=Q(state="given") ^ Q(given_to=None)
            ),
        ]
        indexes = [
            # What is still to be decided: asked by the overview, by checks and by record pages.
            models.Index(fields=["edition"], name="offer_line_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.edition_id}"

    @property
    def tone(self) -> str:
        return LineState(self.state).tone


class OfferClaim(models.Model):
    """A library's "we take it". Their ids are their order: they are written while the line is locked."""

    line = models.ForeignKey(OfferLine, on_delete=models.CASCADE, related_name="claims")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = [F("id").asc()]
        constraints = [models.UniqueConstraint(fields=["line", "library"], name="offer_claim_once")]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.line_id}"
