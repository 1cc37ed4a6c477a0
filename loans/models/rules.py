"""What a library or a coordinator lets the portal do by itself, and what makes a desk's day shorter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from loans.choices import CoordinatorEffect, Level, MediationEffect, Service, Way
from members.models import Library, Network, PatronCategory, User
from network_portal.core.constraints import one_of


class MediationRule(models.Model):
    """Which requests go out without a librarian's look. The first that fits, by position, counts."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="mediation_rules")
    category = models.ForeignKey(
        PatronCategory, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    service = models.CharField(max_length=8, choices=Service.choices, blank=True)
    format = models.CharField(max_length=16, blank=True)  # a value of catalog.choices.Format; "" = any
    level = models.CharField(max_length=8, choices=Level.choices, blank=True)
    max_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    effect = models.CharField(max_length=8, choices=MediationEffect.choices, default=MediationEffect.STAFF)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["library", "position", "id"]
        constraints = [
            one_of("service", Service.values, name="mediation_service_known", blank=True),
            one_of("level", Level.values, name="mediation_level_known", blank=True),
            one_of("effect", MediationEffect.values, name="mediation_effect_known"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id}/{self.position}: {self.effect}"


class CoordinatorRule(models.Model):
    """What a guided network's coordinator lets through, refuses or wants to see; the first that fits counts."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="coordinator_rules")
    direction = models.CharField(max_length=4, choices=Way.choices, default=Way.OUT)
    conditions = models.JSONField(default=dict, blank=True)  # fixed keys, see loans.routing.guided
    effect = models.CharField(max_length=8, choices=CoordinatorEffect.choices, default=CoordinatorEffect.HOLD)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["network", "direction", "position", "id"]
        constraints = [
            one_of("direction", Way.values, name="coordinator_rule_direction_known"),
            one_of("effect", CoordinatorEffect.values, name="coordinator_rule_effect_known"),
        ]

    def __str__(self) -> str:
        return f"{self.network_id}/{self.position}: {self.effect}"


class SavedView(models.Model):
    """A queue with its filters, under a name; of one person, or shared with the library."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, null=True, related_name="+")
    queue = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "library", "queue", "name"], name="saved_view_once"),
            models.CheckConstraint(
                name="saved_view_shared_with_library", condition=Q(shared=False) | Q(library__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MessageTemplate(models.Model):
    """A library's own words for what it writes often, per language; fills in for the portal's where it stands."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="message_templates")
    language = models.CharField(max_length=8)
    event = models.CharField(max_length=40)  # an action of the workflow, or a name the library gives
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()

    class Meta:
        ordering = ["library", "event", "language"]
        constraints = [
            models.UniqueConstraint(fields=["library", "language", "event"], name="message_template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.event} ({self.language})"
