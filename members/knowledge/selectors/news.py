"""Reading announcements: what is told to whom, now; and a network's own page."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from members.choices import MembershipStatus
from members.choices_knowledge import NewsState
from members.knowledge.access import moderates
from members.models import (
    Announcement,
    Library,
    Membership,
    Network,
    NetworkMember,
    NetworkPage,
    NewsRead,
    User,
)
from network_portal.core.actor import Actor

SHOWN = 3


def _now() -> QuerySet[Announcement]:
    now = timezone.now()
    return Announcement.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), state=NewsState.PUBLISHED, starts_at__lte=now
    ).select_related("network")


def news_public() -> QuerySet[Announcement]:
    return _now().filter(is_public=True)


def news_visible_to(actor: Actor) -> QuerySet[Announcement]:
    """What is told now: to guests the public ones, to others what their role, library and its networks are told."""
    if moderates(actor):
        return _now()
    if not actor.is_authenticated:
        return news_public()
    place = Network.objects.filter(
        pk=OuterRef("network_id"), members__library_id=actor.library_id or 0, members__is_active=True
    )
    group = place.filter(members__cell=OuterRef("cell"))
    return _now().filter(
        Q(is_public=True)
        | (Q(role="") | Q(role=actor.role))
        & (Q(network=None) | Q(cell="") & Exists(place) | ~Q(cell="") & Exists(group))
    )


def news_unread(actor: Actor) -> list[Announcement]:
    """The few for the head of the home pages; what was put away is left out."""
    if not actor.is_authenticated:
        return list(news_public()[:SHOWN])
    read = NewsRead.objects.filter(news=OuterRef("pk"), user_id=actor.user_id or 0)
    return list(news_visible_to(actor).exclude(Exists(read))[:SHOWN])


def news_all() -> QuerySet[Announcement]:
    """Drafts, running and past: for who writes them."""
    return Announcement.objects.select_related("network").order_by("-pk")


def news_to_mail() -> QuerySet[Announcement]:
    return _now().filter(by_mail=True, mailed_at=None).order_by("pk")


def news_audience(news: Announcement, after: int, limit: int) -> list[User]:
    """A portion of those who get it by mail: confirmed, of the role, of the network's or group's libraries."""
    belongs = Membership.objects.filter(user=OuterRef("pk"), status=MembershipStatus.CONFIRMED)
    if news.role:
        belongs = belongs.filter(role=news.role)
    if news.network_id:
        places = NetworkMember.objects.filter(network_id=news.network_id, is_active=True)
        places = places.filter(cell=news.cell) if news.cell else places
        belongs = belongs.filter(library_id__in=places.values("library_id"))
    people = User.objects.filter(Exists(belongs), is_active=True, news_stop=None, pk__gt=after)
    return list(people.order_by("pk")[:limit])


def networks_active() -> QuerySet[Network]:
    return Network.objects.filter(is_active=True)


def network_libraries(network: Network) -> QuerySet[Library]:
    """Those that take part, by city."""
    return Library.objects.filter(
        networks__network=network, networks__is_active=True, status="active"
    ).order_by("city", "name")


def page_of(network: Network) -> NetworkPage | None:
    return NetworkPage.objects.filter(network=network).order_by("-number").first()


def pages_of(network: Network) -> QuerySet[NetworkPage]:
    return NetworkPage.objects.filter(network=network).order_by("-number")
