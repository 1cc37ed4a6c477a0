"""How a network's rules came about: every version it had, and drafts of the next one. Written by services alone."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.choices import DraftState
from members.models.network import Network
from network_portal.core.constraints import one_of


class NetworkVersion(models.Model):
    """The rules and places of a network as they were from one moment on; `number` is Network.version.

    `settings` and `places` are read and written by members.network_rules. People are kept as id and name.
    """

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    settings = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=300, blank=True)
    restored = models.PositiveIntegerField(null=True)  # the version that was brought back

    class Meta:
        ordering = ["network", "-number"]
        constraints = [models.UniqueConstraint(fields=["network", "number"], name="network_version_once")]

    def __str__(self) -> str:
        return f"{self.network_id}: {self.number}"


class NetworkDraft(models.Model):
    """A change thought of beside the rules that count. `base_*` is what counted when it was begun, or last brought up
    to date; `revision` is raised with each saving, so that nobody overwrites what he has not seen."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="drafts")
    state = models.CharField(max_length=8, choices=DraftState.choices, default=DraftState.OPEN)
    note = models.CharField(max_length=300, blank=True)
    base_version = models.PositiveIntegerField()
    base_settings = models.JSONField(default=dict)
    base_places = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    restores = models.PositiveIntegerField(
        null=True
    )  # the version it was begun from, where that is a former one
    revision = models.PositiveIntegerField(default=1)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    changed_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    live_version = models.PositiveIntegerField(null=True)  # what it became
    preview = models.JSONField(null=True)  # the finished comparison; loans.modelling.preview writes it
    preview_part = models.JSONField(null=True)  # as far as a running one has got
    preview_revision = models.PositiveIntegerField(null=True)
    preview_version = models.PositiveIntegerField(null=True)  # of the rules it compares with
    preview_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("state", DraftState.values, name="network_draft_state_known"),
            models.CheckConstraint(
                name="network_draft_live_has_version",
                condition=~Q(state="live") | Q(live_version__isnull=False),
            ),
            models.CheckConstraint(
                name="network_draft_live_after_base",
                condition=Q(live_version=None) | Q(live_version__gt=F("base_version")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network_id}: {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == DraftState.OPEN
