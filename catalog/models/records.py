"""Records as the sources sent them, normalised beside, with the keys that matching looks up."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Left

from catalog.choices import Gone, StreamState
from catalog.models.editions import Edition
from catalog.models.sources import Run, Source

_OWN_NUMBER = Left(KT("draft__identifier"), 200)


class SourceRecord(models.Model):
    """One record of one source. Key = (source, record_type, identifier), never the identifier alone."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="records")
    record_type = models.CharField(max_length=10, default="bib")
    identifier = models.CharField(max_length=200)
    raw = models.BinaryField(help_text="zlib-compressed bytes as received")
    raw_format = models.CharField(max_length=10)  # iso2709, marcxml
    content_hash = models.BinaryField(max_length=16)  # blake2b-128 of the raw bytes
    draft = models.JSONField(default=dict)  # BibDraft.as_json()
    features = models.JSONField(default=dict)  # what matching compares (catalog/matching/normalise.py)
    edition = models.ForeignKey(Edition, on_delete=models.SET_NULL, null=True, related_name="records")
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    last_run_id = models.BigIntegerField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_why = models.CharField(max_length=10, blank=True, db_default="", choices=Gone)
    missed = models.PositiveSmallIntegerField(default=0, help_text="complete lists in a row that lacked it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "record_type", "identifier"], name="record_key"),
        ]
        indexes = [
            # The 001 of records that their server calls by another name (harvesting/holdings_join.py).
            models.Index(
                F("source"), _OWN_NUMBER, name="record_own_number", condition=~Q(identifier=_OWN_NUMBER)
            ),
            # What harvesting/purge.py looks for; few records are deleted.
            models.Index("deleted_at", name="record_deleted", condition=Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.identifier}"


class HoldingsRecord(models.Model):
    """A holdings record that came apart from its title: joined to it or waiting (harvesting/holdings_link.py)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="holdings_records")
    identifier = models.CharField(max_length=200)  # what its server calls it, else 001
    host = models.CharField(max_length=200)  # 004: what its title is called in the same source
    # The title's record. Set with `host` in one transaction; the database need not check it once more.
    record = models.ForeignKey(
        SourceRecord,
        on_delete=models.SET_NULL,
        null=True,
        related_name="holdings_records",
        db_constraint=False,
    )
    is_ambiguous = models.BooleanField(
        default=False, db_default=False, help_text="several titles have that number, so it waits"
    )
    raw = models.BinaryField(help_text="zlib-compressed bytes as received")
    raw_format = models.CharField(max_length=10)
    content_hash = models.BinaryField(max_length=16)
    last_run_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "identifier"], name="holdings_record_key")]
        indexes = [
            models.Index(fields=["source", "host"], name="holdings_record_host"),
            models.Index(fields=["source"], name="holdings_record_waits", condition=Q(record=None)),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.identifier} of {self.host}"


class MatchKey(models.Model):
    """A blocking key of a live record: 64 bits of blake2b over "kind:value" (catalog/matching/keys.py).

    The pair is its own primary key: the one index that looking up needs, and no row number nobody asks for.
    """

    pk = models.CompositePrimaryKey("key", "record_id")
    key = models.BigIntegerField()
    # Written and removed with its record in one transaction; the database checking that anew for each key would cost
    # more than the key itself.
    record = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="match_keys", db_constraint=False
    )

    def __str__(self) -> str:
        return f"{self.record_id}:{self.key}"


class SeenRecord(models.Model):
    """Which records a snapshot run has met so far; emptied when the run has dealt with those it did not meet.

    A narrow table beside, because stamping "seen" on unchanged records would rewrite every wide row each night.
    """

    pk = models.CompositePrimaryKey("run_id", "record_id")
    run_id = models.BigIntegerField()
    record_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.run_id}:{self.record_id}"


class GoneRecord(models.Model):
    """Records that a run's source announced as deleted; taken out at its end, if that is believable."""

    pk = models.CompositePrimaryKey("run_id", "record_id")
    run_id = models.BigIntegerField()
    record_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.run_id}:{self.record_id}"


class RejectedRecord(models.Model):
    """A record that could not be taken, with what a librarian needs to find and mend it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rejects")
    position = models.BigIntegerField(help_text="1 = first record of the file")
    offset = models.BigIntegerField(default=0, help_text="byte offset in the decompressed file")
    identifier = models.CharField(max_length=200, blank=True)
    reason_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    snippet = models.BinaryField(blank=True, default=b"")
    raw = models.BinaryField(null=True, help_text="zlib-compressed bytes as received, to be tried again")
    raw_format = models.CharField(max_length=10, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            # A page that is read again after a crash must not report its rejects twice.
            models.UniqueConstraint(fields=["run", "position"], name="reject_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}@{self.position}: {self.reason_code}"


class Stream(models.Model):
    """A full file beside the records in use, as the difference to them. After a switch: the way back."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="streams")
    state = models.CharField(max_length=10, choices=StreamState.choices, default=StreamState.LOADING)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="streams")
    label = models.CharField(max_length=200, blank=True)
    added = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    gone = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    switched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.label}"


class StreamRecord(models.Model):
    """What a stream would do to one identifier: new bytes, or, without any, its going."""

    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="records")
    identifier = models.CharField(max_length=200)
    raw = models.BinaryField(null=True, help_text="zlib-compressed; none: the record goes")
    raw_format = models.CharField(max_length=10, blank=True)
    content_hash = models.BinaryField(max_length=16, null=True)
    # Of a way back: where the record stood. An edition that the switch merged away is then made whole again.
    edition_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "identifier"], name="stream_record_key")]

    def __str__(self) -> str:
        return f"{self.stream_id}/{self.identifier}"
