"""Files with readers that a library takes over: the file while it is needed, and what became of each row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.choices_people import ImportState, RowOutcome
from members.models.library import Library
from members.models.people import Membership
from network_portal.core.constraints import one_of


class PatronImport(models.Model):
    """One file. `packed` holds it (gzip, CSV, UTF-8) until the work is done; then nothing of it is kept but rows."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="patron_imports")
    created_at = models.DateTimeField(auto_now_add=True)
    by_id = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    header = models.JSONField(default=list, help_text=_("The names of the columns, empty without a header."))
    columns = models.JSONField(default=list, help_text=_("What each column means, empty for one left out."))
    packed = models.BinaryField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.DRAFT)
    invite = models.BooleanField(_("Invite new readers by mail"), default=False)
    job_id = models.BigIntegerField(null=True)
    beat_at = models.DateTimeField(null=True, help_text=_("The last sign of the worker."))
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [one_of("state", ImportState.values, name="patronimport_state_known")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_draft(self) -> bool:
        return self.state == ImportState.DRAFT

    @property
    def is_at_work(self) -> bool:
        return self.state in (ImportState.RUNNING, ImportState.UNDOING)

    @property
    def is_done(self) -> bool:
        return self.state == ImportState.DONE

    @property
    def state_tone(self) -> str:
        return ImportState(self.state).tone


class PatronImportRow(models.Model):
    """What one row of the file did. `changes` is what undoing needs, `line` the row itself where it was refused."""

    source = models.ForeignKey(PatronImport, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(help_text=_("The line of the table, the header being 1."))
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices)
    problem = models.CharField(max_length=40, blank=True)
    line = models.JSONField(null=True)
    changes = models.JSONField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    invited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "position"], name="patronimport_row_once"),
            one_of("outcome", RowOutcome.values, name="patronimport_outcome_known"),
        ]
        indexes = [
            models.Index(
                fields=["source", "position"], name="patronimport_to_invite",
                condition=models.Q(outcome="created", invited_at=None),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source_id}/{self.position}"
