"""Reading lists: somebody's own, and what stands on one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from catalog.models import Edition, ListEntry, ReadingList
from catalog.services.lists import Keeper


def lists_of(keeper: Keeper) -> QuerySet[ReadingList]:
    """With the number of titles on each as `titles`. None for a guest who has kept nothing yet."""
    if not keeper.user_id and not keeper.guest:
        return ReadingList.objects.none()
    return ReadingList.objects.filter(**keeper.values).annotate(titles=Count("entries"))


def lists_shared() -> QuerySet[ReadingList]:
    """Those that can be read by whoever has their link."""
    return ReadingList.objects.filter(share_token__isnull=False)


def entries_of(row: ReadingList) -> list[ListEntry]:
    """In the list's order, each with the edition that stands for it today; one that two lead to comes once."""
    shown: dict[int, ListEntry] = {}
    for entry in row.entries.select_related("edition__merged_into"):
        current = entry.edition.merged_into or entry.edition
        entry.edition_now = current  # type: ignore[attr-defined]
        shown.setdefault(current.pk, entry)
    return list(shown.values())


def editions_named(numbers: Sequence[int]) -> list[Edition]:
    """Those that there are, in this order, as what they lead to today."""
    found = Edition.objects.select_related("merged_into").in_bulk(list(numbers))
    current = [found[pk].merged_into or found[pk] for pk in numbers if pk in found]
    return list({edition.pk: edition for edition in current}.values())
