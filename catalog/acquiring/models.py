"""What is wanted in the network, who plans to buy it, and whom to tell when it came. Libraries, never persons."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.acquiring.choices import OPEN_PLANS, PlanState
from catalog.models.editions import Edition
from members.models import Library
from network_portal.core.constraints import one_of


class WantedTitle(models.Model):
    """One line of the wanted list, made anew each night (services/wanted.py). Its id stays as long as it is wanted.

    `key`: "e:" and an edition's id, else "t:" with folded title and author, else "i:" and an ISBN (acquiring/keys.py).
    `libraries`: how many requests each library had, by its id; searches have no library.
    """

    key = models.CharField(max_length=300, unique=True)
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False
    )
    title = models.CharField(max_length=1000)
    author = models.CharField(max_length=300, blank=True)
    isbn = models.CharField(max_length=13, blank=True)
    year = models.SmallIntegerField(null=True)
    words = models.TextField(blank=True, help_text="folded title, author and subjects, to be searched in")
    searches = models.IntegerField(default=0)
    unfilled = models.IntegerField(default=0)
    wishes = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    weight = models.IntegerField(default=0, help_text="a request is worth five searches")
    libraries = models.JSONField(default=dict)
    regions = ArrayField(models.CharField(max_length=100), default=list)
    holders = models.IntegerField(default=0)
    last_asked = models.DateField()

    class Meta:
        indexes = [
            # The list as it opens: the most wanted first, some at a time.
            models.Index(fields=["-weight", "id"], name="wanted_weight"),
            # A weeding check and the record page ask by edition.
            models.Index(fields=["edition"], name="wanted_edition", condition=Q(edition__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> int:
        return self.searches + self.unfilled + self.wishes + self.waiting


class PurchasePlan(models.Model):
    """What a library says of buying one title. One open plan a library and title; `had`: its copies when it began."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="purchase_plans")
    key = models.CharField(max_length=300)
    edition = models.ForeignKey(
        Edition, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    title = models.CharField(max_length=1000)
    author = models.CharField(max_length=300, blank=True)
    isbn = models.CharField(max_length=13, blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.PLANNED)
    copies = models.PositiveSmallIntegerField(default=1)
    expected_on = models.DateField(null=True)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    note = models.CharField(max_length=500, blank=True)
    had = models.PositiveIntegerField(default=0)
    previous = models.JSONField(
        null=True, help_text="what it said before the last change, for taking that back"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    held_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", PlanState.values, name="purchase_state_known"),
            models.UniqueConstraint(
                fields=["library", "key"], condition=Q(state__in=OPEN_PLANS), name="purchase_one_open_plan"
            ),
        ]
        indexes = [
            # Whether somebody plans a title: asked for each line of the wanted list and on record pages.
            models.Index(fields=["key"], name="purchase_key"),
            models.Index(fields=["edition"], name="purchase_edition", condition=Q(edition__isnull=False)),
            models.Index(fields=["expected_on"], name="purchase_due", condition=Q(state__in=OPEN_PLANS)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_PLANS

    @property
    def tone(self) -> str:
        return PlanState(self.state).tone

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.expected_on is not None and self.expected_on < timezone.localdate()


class ArrivedTitle(models.Model):
    """That a title is in the network which a library's readers had asked for in vain; told in one mail a day."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    asked = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "edition"], name="arrived_told_once")]
        indexes = [models.Index(fields=["library"], name="arrived_untold", condition=Q(told_at=None))]

    def __str__(self) -> str:
        return f"{self.edition_id} → {self.library_id}"
