"""Networks as pages and forms read them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from members.models import Network


def network_by_code(code: str) -> Network | None:
    return Network.objects.filter(code=code).first()


def networks_with_members() -> QuerySet[Network]:
    """All networks, each with `size`, the number of its members."""
    return Network.objects.annotate(size=Count("members")).order_by("name")


def networks_led_by(library_id: int | None) -> QuerySet[Network]:
    """The guided networks whose coordinator or deputy this library is."""
    leads = Q(coordinator_library_id=library_id) | Q(deputy_library_id=library_id)
    found = Network.objects.filter(leads, guided=True, is_active=True)
    return found if library_id is not None else found.none()
