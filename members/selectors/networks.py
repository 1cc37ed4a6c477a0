"""Networks as pages and forms read them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from members.models import Network, NetworkLink, NetworkMember


def network_by_code(code: str) -> Network | None:
    return Network.objects.filter(code=code).first()


def network_members(network: Network) -> QuerySet[NetworkMember]:
    """Its libraries with their places."""
    return network.members.select_related("library").order_by("ring_position", "library__name")


def networks_with_members() -> QuerySet[Network]:
    """All networks, each with `size`, the number of its members."""
    rows = Network.objects.select_related("hub", "coordinator_library", "centre_library")
    return rows.annotate(size=Count("members")).order_by("name")


def networks_beside(network: Network | None) -> QuerySet[Network]:
    """The other networks, which requests may be sent on to."""
    rows = Network.objects.filter(is_active=True).order_by("name")
    return rows.exclude(pk=network.pk) if network is not None and network.pk else rows


def networks_linked_with(network: Network) -> QuerySet[Network]:
    """Those to which the way is open."""
    right = NetworkLink.objects.filter(left=network, is_open=True).values("right")
    left = NetworkLink.objects.filter(right=network, is_open=True).values("left")
    return Network.objects.filter(Q(pk__in=right) | Q(pk__in=left)).order_by("name")


def networks_led_by(library_id: int | None) -> QuerySet[Network]:
    """The guided networks whose coordinator or deputy this library is."""
    leads = Q(coordinator_library_id=library_id) | Q(deputy_library_id=library_id)
    found = Network.objects.filter(leads, guided=True, is_active=True)
    return found if library_id is not None else found.none()
