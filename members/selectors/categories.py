"""Kinds of readers of a library."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from members.choices import HistoryPrivacy, MembershipStatus
from members.models import Library, Membership, PatronCategory, User


def categories_of(library: Library) -> QuerySet[PatronCategory]:
    """By name, each with the number of its memberships."""
    return PatronCategory.objects.filter(library=library).annotate(readers=Count("memberships"))


def history_privacy_of(user: User) -> str:
    """What the person chose; one choice holds for all of their libraries."""
    rows = Membership.objects.filter(user=user, status=MembershipStatus.CONFIRMED).order_by("-pk")
    return rows.values_list("history_privacy", flat=True).first() or HistoryPrivacy.AFTER_PERIOD.value
