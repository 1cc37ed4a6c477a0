"""The wish of a patron, from asking to the returned book. Status only ever changes in loans.workflow.engine."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone

from catalog.models import Edition
from loans.choices import (
    OPEN_STATUSES,
    OWNER_SIDES,
    WAITED_FOR,
    Genre,
    Level,
    Outcome,
    Purpose,
    RequestOrigin,
    RequestStatus,
    Service,
)
from members.models import Library, Network, PatronCategory, PickupPoint, User
from network_portal.core.constraints import one_of

# What waits for the portal itself is taken up again after so long, should a step have been interrupted.
PORTAL_TIME = timedelta(minutes=15)


def portal_deadline() -> datetime:
    """A new row waits for the portal until a step says otherwise: never for nobody."""
    return timezone.now() + PORTAL_TIME


class Request(models.Model):
    number = models.CharField(max_length=32, unique=True)  # UNPAD-2026-000412
    service = models.CharField(max_length=8, choices=Service.choices, default=Service.LOAN)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.NORMAL)
    genre = models.CharField(max_length=8, choices=Genre.choices, default=Genre.BOOK)
    source = models.CharField(max_length=12, choices=RequestOrigin.choices, default=RequestOrigin.RECORD)

    # --- what is wanted
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="requests")
    # Copied at submission, so that the request tells what was wanted whatever happens to the record.
    title = models.CharField(max_length=1000)
    citation = models.JSONField(default=dict)
    identifiers = models.JSONField(default=dict)  # {isbn, issn, doi, pmid}
    part = models.JSONField(default=dict)  # {container, volume, issue, pages, chapter, author, pages_count}
    part_key = models.CharField(max_length=64, blank=True)  # hash of the part; "" for whole works
    any_edition = models.BooleanField(default=False)
    copies = models.PositiveSmallIntegerField(default=1)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, blank=True)

    # --- for whom, and by whose rules
    patron = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="requests")
    patron_key = models.CharField(
        max_length=64, blank=True
    )  # keyed hash that counters keep after anonymising
    # Who asked at the desk without an account of their own; gone with the anonymising, as the person is.
    reader_name = models.CharField(max_length=150, blank=True, default="", db_default="")
    reader_contact = models.CharField(max_length=150, blank=True, default="", db_default="")
    patron_category = models.ForeignKey(
        PatronCategory, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    patron_note = models.CharField(max_length=1000, blank=True)
    requesting_library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="requests")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.SET_NULL, null=True, related_name="+")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, related_name="+")
    policy_version = models.PositiveIntegerField(default=0)  # of the network's rules, at submission
    needed_by = models.DateField(null=True)

    # --- where it stands
    status = models.CharField(max_length=24, choices=RequestStatus.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=40, blank=True)  # a code of loans.choices.REASONS
    outcome_note = models.CharField(max_length=500, blank=True)
    checks = models.JSONField(default=list)  # findings {code, outcome, args}: why staff must look
    unmediated = models.BooleanField(default=False)  # went out by rule, without a librarian's look
    plan = models.JSONField(default=dict)  # of rows older than RoutingPlan; read only
    round = models.PositiveSmallIntegerField(default=0)
    released_round = models.PositiveSmallIntegerField(default=0)  # guided: the coordinator let this round go
    epoch = models.PositiveIntegerField(default=0)  # raised at each ask or offer; an older answer is void
    version = models.PositiveIntegerField(default=0)  # a page shows it, a form sends it back: no stale action
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    converted_from = models.CharField(max_length=8, choices=Service.choices, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    undo_until = models.DateTimeField(null=True)
    submit_key = models.CharField(
        max_length=64, null=True, unique=True
    )  # a form sent twice makes one request

    # --- whose turn it is, since when, by when: see loans.workflow.duties
    owner_side = models.CharField(max_length=12, default="portal")
    owner_library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, related_name="+")
    waiting_since = models.DateTimeField(default=timezone.now)
    deadline_at = models.DateTimeField(null=True, default=portal_deadline)
    # When the portal itself acts if nobody did; later than the deadline where a promise was made, null where it never
    # does. Flags open beside the state have their own day and do not move it.
    times_out_at = models.DateTimeField(null=True)
    stuck_since = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)  # for the patron
    renewals = models.PositiveSmallIntegerField(default=0)
    transit_days = models.PositiveSmallIntegerField(default=3)

    # --- money
    cost_limit_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    quoted_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    cost_approved_at = models.DateTimeField(null=True)

    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)
    search = models.GeneratedField(
        expression=SearchVector("number", "title", KT("citation__author"), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            one_of("status", RequestStatus.values, name="request_status_known"),
            one_of("level", Level.values, name="request_level_known"),
            one_of("genre", Genre.values, name="request_genre_known"),
            one_of("source", RequestOrigin.values, name="request_source_known"),
            one_of("purpose", Purpose.values, name="request_purpose_known", blank=True),
            one_of("owner_side", OWNER_SIDES, name="request_owner_known"),
            models.CheckConstraint(
                name="request_closed_with_outcome",
                condition=(Q(status__in=OPEN_STATUSES) & Q(outcome="") & Q(closed_at=None))
                | (~Q(status__in=OPEN_STATUSES) & Q(outcome__in=Outcome.values) & Q(closed_at__isnull=False)),
            ),
            # Nothing waits for nobody, and nothing waits for ever.
            models.CheckConstraint(
                name="request_open_has_owner_and_deadline",
                condition=~Q(status__in=OPEN_STATUSES)
                | (~Q(owner_side="none") & Q(deadline_at__isnull=False)),
            ),
            models.CheckConstraint(name="request_one_copy", condition=Q(copies=1)),  # UU 28/2014, article 47
            models.CheckConstraint(
                name="request_patron_unless_anonymised",
                condition=Q(patron__isnull=False) | Q(anonymised_at__isnull=False) | ~Q(reader_name=""),
            ),
            # A reader waits for a title, or a part of it, once, whatever two browser windows do.
            models.UniqueConstraint(
                fields=["patron", "edition", "part_key"],
                condition=Q(status__in=WAITED_FOR),
                name="request_one_open_per_title",
            ),
            models.UniqueConstraint(
                fields=["patron_key", "edition", "part_key"],
                condition=Q(status__in=WAITED_FOR, patron__isnull=True) & ~Q(reader_name=""),
                name="request_one_open_per_named_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["requesting_library", "status", "deadline_at"], name="request_queue"),
            # The open ones of a library, and of all: the queues count and sort them by these alone.
            models.Index(
                fields=["requesting_library", "deadline_at", "id"],
                name="request_open",
                include=["status", "owner_side", "owner_library", "level", "service"],
                condition=Q(closed_at=None),
            ),
            models.Index(
                fields=["deadline_at", "id"],
                name="request_open_network",
                include=["status", "owner_side", "level", "service"],
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["requesting_library", "-id"], name="request_newest"),
            models.Index(fields=["patron", "-id"], name="request_patron"),
            models.Index(fields=["status", "deadline_at"], name="request_network"),
            models.Index(
                fields=["network", "deadline_at", "id"],
                name="request_of_network",
                include=["status", "owner_side", "owner_library", "round"],
                condition=Q(closed_at=None),
            ),
            models.Index(
                fields=["owner_library", "owner_side", "deadline_at"],
                name="request_owner",
                condition=Q(status__in=OPEN_STATUSES),
            ),
            # What the timer asks every minute.
            models.Index(fields=["deadline_at"], name="request_due", condition=Q(status__in=OPEN_STATUSES)),
            models.Index(
                fields=["times_out_at"], name="request_times_out", condition=Q(times_out_at__isnull=False)
            ),
            # What the nightly anonymising asks.
            models.Index(
                fields=["closed_at"],
                name="request_to_anonymise",
                condition=~Q(status__in=OPEN_STATUSES) & Q(anonymised_at=None),
            ),
            models.Index(
                fields=["requesting_library"], name="request_named_reader", condition=~Q(reader_name="")
            ),
            GinIndex(fields=["search"], name="request_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def reader(self) -> str:
        """Whoever asked: by account, or as the desk wrote the name down; "" once forgotten."""
        return str(self.patron) if self.patron is not None else self.reader_name


class RequestCounter(models.Model):
    """The last number given out, per library and year; raised in one statement, so that no two are the same."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "year"], name="counter_per_library_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.library_id}/{self.year}: {self.last}"
