"""One edition, one record; and who holds it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.choices import Format, ItemStatus
from members.models import Library
from network_portal.core.addresses import address_with


class Edition(models.Model):
    """The merged record of one edition. Its id is public and for ever: after a merge it points to the survivor.

    `display` holds the merged description (the fields of BibDraft, without holdings); the columns beside it are
    those that lists, joins and sorting need.
    """

    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_from")
    title = models.CharField(max_length=1000)
    subtitle = models.CharField(max_length=1000, blank=True)
    author = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    year = models.SmallIntegerField(null=True)
    language = models.CharField(max_length=3, blank=True)
    format = models.CharField(max_length=12, choices=Format.choices, default=Format.BOOK)
    work_key = models.BigIntegerField(null=True)  # catalog/matching/works.py
    display = models.JSONField(default=dict)
    record_count = models.IntegerField(default=0)
    library_count = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            # "New in the network" and the home page's shelf.
            models.Index(
                fields=["-created_at"],
                name="edition_new",
                condition=Q(merged_into=None),
            ),
            # Those that a person should look at: more records than a newcomer is compared with.
            models.Index(fields=["-record_count"], name="edition_hub", condition=Q(record_count__gt=60)),
            models.Index(fields=["work_key"], name="edition_work", condition=Q(work_key__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_with("catalog:edition", self.pk)

    @property
    def full_title(self) -> str:
        parts = [
            self.title,
            self.display.get("part_number", ""),
            self.display.get("part_name", ""),
        ]
        title = ". ".join(part for part in parts if part)
        return f"{title}: {self.subtitle}" if self.subtitle else title


class Holding(models.Model):
    """What one library holds of an edition, from one record. Status is as last told, at `as_of`."""

    # All three are written in one transaction with the record itself, whose own references the database does check:
    # three more checks a holding are a large part of what loading a catalogue costs.
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="holdings", db_constraint=False
    )
    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, related_name="holdings", db_constraint=False
    )
    record = models.ForeignKey(
        "catalog.SourceRecord", on_delete=models.CASCADE, related_name="holdings", db_constraint=False
    )
    location = models.CharField(max_length=200, blank=True)
    call_number = models.CharField(max_length=200, blank=True)
    item_count = models.PositiveIntegerField(default=1)
    available_count = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=12, choices=ItemStatus.choices, default=ItemStatus.UNKNOWN)
    textual = models.TextField(blank=True)
    coverage = models.JSONField(default=list, blank=True)  # of a serial: formats/coverage.py
    note = models.CharField(max_length=500, blank=True)
    barcodes = models.JSONField(default=list, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    as_of = models.DateTimeField()

    class Meta:
        ordering = ["library_id", "location", "call_number"]

    def __str__(self) -> str:
        return f"{self.edition_id} @ {self.library_id}"

    @property
    def can_be_lent(self) -> bool:
        """Reference and lost items are never lent; an unknown status may be asked for."""
        return self.status not in (ItemStatus.REFERENCE, ItemStatus.UNAVAILABLE)


class Item(models.Model):
    """One copy as the library's agent last told of it. Where a record has items, its holdings are made of them."""

    source = models.ForeignKey("catalog.Source", on_delete=models.CASCADE, related_name="items")
    item_id = models.CharField(max_length=100)  # barcode or accession number
    local_id = models.CharField(max_length=200, blank=True)  # identifier of its record in the same source
    record = models.ForeignKey(
        "catalog.SourceRecord", on_delete=models.SET_NULL, null=True, related_name="items"
    )
    location = models.CharField(max_length=200, blank=True)
    call_number = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, choices=ItemStatus.choices, default=ItemStatus.UNKNOWN)
    due_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField()
    told_at = models.DateTimeField(default=timezone.now)  # when it was last told of, changed or not

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "item_id"], name="item_key")]
        indexes = [
            # A record that arrives after its items finds them.
            models.Index(fields=["source", "local_id"], name="item_local"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.item_id}"
