"""A library's rules of what goes out without a look."""

from __future__ import annotations

from django.db.models import QuerySet

from loans.models import MediationRule
from members.models import PatronCategory


def rules_of(library_id: int | None) -> QuerySet[MediationRule]:
    """In the order in which they are tried."""
    return MediationRule.objects.filter(library_id=library_id or 0).select_related("category", "library")


def trusted_of(library_id: int | None) -> QuerySet[PatronCategory]:
    """Kinds of readers whose usual requests go out where no rule fits."""
    return PatronCategory.objects.filter(library_id=library_id or 0, unmediated=True)
