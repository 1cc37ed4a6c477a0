"""Mails about a model that was put live: to the managers of its members, when the coordinator wants them told."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from members.choices import MembershipStatus, Role
from members.models import Membership, Network, NetworkMember
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue


def model_announce(*, network: Network, note: str, number: int, actor: Actor) -> int:
    """One mail for each manager of a member that takes part; how many. In the caller's transaction."""
    members = NetworkMember.objects.filter(network=network, is_active=True).values("library_id")
    rows = Membership.objects.filter(
        library_id__in=members, role=Role.MANAGER, status=MembershipStatus.CONFIRMED, user__is_active=True
    ).select_related("user")  # fmt: skip
    url = settings.PORTAL_URL + reverse("loans:network_model", args=[network.code])
    told: set[int] = set()
    for row in rows.order_by("pk"):
        if row.user_id in told:
            continue
        told.add(row.user_id)
        mail_queue(
            template="network_model", to=row.user, actor=actor, library_id=row.library_id, target=network,
            context={"network": network.name, "note": note, "by": actor.user_name, "number": number, "url": url},
            dedupe_key=f"network-model:{network.pk}:{number}:{row.user_id}",
        )  # fmt: skip
    return len(told)
