"""Networks of libraries and how requests travel in them. Written by members.services, read by loans.routing.

Values that loans understand (states of timers, weights of ranking) are JSON here, so that nothing points upward;
loans checks them.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.choices import Centre, ClaimMode, Direction, HubMode, ServiceKind, Topology
from members.models.library import Library
from network_portal.core.constraints import one_of


class Network(models.Model):
    """A group of libraries that lend to each other, with its rules. `version` is raised at each change."""

    code = models.CharField(_("short code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=200)
    topology = models.CharField(max_length=8, choices=Topology.choices, default=Topology.BUS)
    centre = models.CharField(max_length=16, choices=Centre.choices, default=Centre.NONE)
    # In a guided network a coordinator looks at each request, and members speak only through it.
    guided = models.BooleanField(default=False)
    centre_library = models.ForeignKey(
        Library, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hub = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    coordinator_library = models.ForeignKey(
        Library, on_delete=models.PROTECT, null=True, blank=True, related_name="coordinated_networks"
    )
    deputy_library = models.ForeignKey(
        Library, on_delete=models.PROTECT, null=True, blank=True, related_name="deputised_networks"
    )
    claim_mode = models.CharField(max_length=8, choices=ClaimMode.choices, default=ClaimMode.FIRST)
    offer_hours = models.PositiveSmallIntegerField(default=4)
    parallel = models.PositiveSmallIntegerField(default=1)  # copies only: how many are asked at once
    retain_holders = models.PositiveSmallIntegerField(default=3)  # a region with so many holders is not left
    climb_hours = models.PositiveSmallIntegerField(default=8)
    hub_mode = models.CharField(max_length=12, choices=HubMode.choices, default=HubMode.OPAQUE)
    auto_renew = models.BooleanField(default=True)
    undo_minutes = models.PositiveSmallIntegerField(default=10)
    transit_days = models.PositiveSmallIntegerField(default=3)  # where a pair has no time of its own
    timers = models.JSONField(default=dict, blank=True)  # {state: {level: hours}}, instead of the table's own
    # {reciprocity, load, speed, fill, freshness, distance}
    weights = models.JSONField(default=dict, blank=True)
    decay_days = models.PositiveSmallIntegerField(default=365)  # after so long a supply counts for half
    copy_unit = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("0.25"))  # of a loan
    currency = models.CharField(max_length=3, default="IDR")
    jurisdiction = models.CharField(max_length=8, default="ID")  # whose copyright law
    last_resort = models.ForeignKey(
        Library, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ring_turns = models.BooleanField(default=False)  # each request enters the ring one library further on
    version = models.PositiveIntegerField(default=1)  # a plan says by which rules it was made
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("topology", Topology.values, name="network_topology_known"),
            one_of("centre", Centre.values, name="network_centre_known"),
            one_of("claim_mode", ClaimMode.values, name="network_claim_mode_known"),
            one_of("hub_mode", HubMode.values, name="network_hub_mode_known"),
            models.CheckConstraint(
                name="network_parallel_one_or_two", condition=Q(parallel__gte=1, parallel__lte=2)
            ),
            models.CheckConstraint(
                name="network_guided_has_coordinator",
                condition=Q(guided=False) | Q(coordinator_library__isnull=False),
            ),
            models.CheckConstraint(
                name="network_has_its_hub",
                condition=~Q(topology__in=("star", "ring")) | Q(hub__isnull=False),
            ),
            models.CheckConstraint(
                name="network_has_its_centre",
                condition=~Q(centre__in=("supplies_first", "supplies_last"))
                | Q(centre_library__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NetworkMember(models.Model):
    """A library's place in a network. One of its networks is its home: there its own requests begin."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="members")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="networks")
    is_home = models.BooleanField(default=True)
    ring_position = models.PositiveSmallIntegerField(null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    cell = models.CharField(max_length=40, blank=True)  # the group of a mesh
    is_active = models.BooleanField(default=True)
    paused_until = models.DateField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["network", "ring_position", "library__name"]
        constraints = [
            models.UniqueConstraint(fields=["network", "library"], name="member_once_per_network"),
            models.UniqueConstraint(
                fields=["library"], condition=Q(is_home=True), name="member_one_home_network"
            ),
            # Deferrable, so that two places can be exchanged in one transaction; empty places don't clash.
            models.UniqueConstraint(
                fields=["network", "ring_position"], name="member_ring_position", deferrable=models.Deferrable.DEFERRED
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.library_id} in {self.network_id}"


class NetworkLink(models.Model):
    """Two networks whose coordinators may send each other requests. Kept once, the smaller id on the left."""

    left = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="link_left_before_right", condition=Q(left_id__lt=F("right_id"))),
            models.UniqueConstraint(fields=["left", "right"], name="link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} – {self.right_id}"


class DoNotRoute(models.Model):
    """A library leaves another one out. A row for a service, or for both where `service` is empty."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="do_not_route")
    other = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")  # Django indexes it
    direction = models.CharField(max_length=12, choices=Direction.choices, default=Direction.BOTH)
    service = models.CharField(max_length=8, choices=ServiceKind.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["library", "other__name"]
        constraints = [
            models.UniqueConstraint(fields=["library", "other", "service"], name="do_not_route_once"),
            one_of("direction", Direction.values, name="do_not_route_direction_known"),
            one_of("service", ServiceKind.values, name="do_not_route_service_known", blank=True),
            models.CheckConstraint(name="do_not_route_another", condition=~Q(library_id=F("other_id"))),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} – {self.other_id}: {self.direction}"


class TransitTime(models.Model):
    """Days a parcel travels from one library to another."""

    from_library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    to_library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["from_library", "to_library"], name="transit_once")]

    def __str__(self) -> str:
        return f"{self.from_library_id} → {self.to_library_id}: {self.days}"


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the network's own, from a day on."""

    currency = models.CharField(max_length=3)
    per_unit = models.DecimalField(max_digits=18, decimal_places=6)
    valid_from = models.DateField()

    class Meta:
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="rate_once_per_day"),
            models.CheckConstraint(name="rate_above_zero", condition=Q(per_unit__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.per_unit} ({self.valid_from})"
