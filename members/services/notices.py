"""News for a library's desk that no single person asked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from members.choices import MembershipStatus
from members.models import Membership, User
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue


@dataclass(frozen=True)
class Desk:
    """A library's contact address as a recipient; the desk reads the portal's own language."""

    email: str
    name: str
    language: str = settings.LANGUAGE_CODE


def libraries_tell_waiting(*, user: User) -> None:
    """Tell the desk of each library for which this person waits; at most one such mail a day and library."""
    waiting = Membership.objects.filter(user=user, status=MembershipStatus.PENDING).select_related("library")
    for membership in waiting:
        library = membership.library
        if library.email:
            mail_queue(
                template="members_patron_waiting", to=Desk(email=library.email, name=library.name),
                actor=Actor.system(channel="web"), library_id=library.pk, target=library,
                context={"library": library, "url": settings.PORTAL_URL + reverse("members:people")},
                dedupe_key=f"patron-waiting-{library.pk}-{timezone.localdate():%Y%m%d}",
            )  # fmt: skip
