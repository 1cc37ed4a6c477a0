"""What is browsed and counted: headings with their titles, new titles, and what is searched, without persons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.choices import HeadingKind, UseKind


class Heading(models.Model):
    """A line of the A–Z lists: a title, name, subject or shelf mark; or a reference from a variant to such a line.

    `sort` is folded (catalog/browsing/extract.py) and compared byte by byte, so that the order needs no collation of
    the server's. `count`: visible editions under it, kept by catalog/browsing/keeping.py.
    """

    kind = models.CharField(max_length=8, choices=HeadingKind.choices)
    sort = models.CharField(max_length=120, db_collation="C")
    text = models.CharField(max_length=300)
    see = models.CharField(max_length=300, blank=True, db_default="", help_text="the heading it refers to")
    count = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "text", "see"], name="heading_once")]
        indexes = [models.Index(fields=["kind", "sort", "id"], name="heading_order")]

    def __str__(self) -> str:
        return f"{self.text} → {self.see}" if self.see else self.text


class HeadingUse(models.Model):
    """That an edition stands under a heading. Both are removed by the program, not by the database."""

    pk = models.CompositePrimaryKey("edition_id", "heading_id")
    edition_id = models.BigIntegerField()
    heading = models.ForeignKey(Heading, on_delete=models.CASCADE, related_name="uses", db_constraint=False)

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.heading_id}"


class HeadingOutbox(models.Model):
    """Editions whose headings must be looked at again; filled as the search index lets go of its own outbox."""

    edition_id = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.edition_id)


class NewTitle(models.Model):
    """A title that came to a library after its catalogue was first loaded; `is_first`: the network had none before."""

    pk = models.CompositePrimaryKey("library_id", "edition_id")
    library = models.ForeignKey("members.Library", on_delete=models.CASCADE, related_name="+")
    edition_id = models.BigIntegerField()
    seen_at = models.DateTimeField()
    is_first = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["library", "-seen_at", "-edition_id"], name="new_of_library"),
            models.Index(
                fields=["-seen_at", "-edition_id"], name="new_in_network", condition=Q(is_first=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} @ {self.library_id}"


class UseCount(models.Model):
    """How often on one day something was searched or a title opened. Nobody's name, address or session is kept.

    `askers`: how many different sessions, estimated in Redis and forgotten there. Questions of too few are joined into
    one without a text after their day (catalog/usage/fold.py).
    """

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=UseKind.choices)
    text = models.CharField(max_length=120, blank=True)
    edition_id = models.BigIntegerField(default=0)
    times = models.IntegerField(default=0)
    nothing = models.IntegerField(default=0, help_text="so many of them found nothing")
    askers = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "kind", "text", "edition_id"], name="use_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.text or self.edition_id}: {self.times}"


class CountedBatch(models.Model):
    """A part of the buffer that is in the counts already: a worker that dies between two steps counts nothing twice."""

    name = models.CharField(max_length=40, primary_key=True)
    counted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
