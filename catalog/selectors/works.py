"""What else there is of the work that an edition belongs to: other editions, formats and translations."""

from __future__ import annotations

from django.db.models import QuerySet

from catalog.models import Edition


def others_of_work(edition: Edition) -> QuerySet[Edition]:
    """Held by somebody, the newest first. For readers to choose from: nothing may be sent to anybody after it."""
    if edition.work_key is None:
        return Edition.objects.none()
    others = Edition.objects.filter(work_key=edition.work_key, merged_into=None, library_count__gt=0)
    return others.exclude(pk=edition.pk).order_by("-year", "-id")
