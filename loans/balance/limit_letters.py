"""Telling a library's managers that a limit they set is near, is reached, or lets requests through again.

Hourly (loans.tasks_balance). What a library was told is kept, so that each crossing is told once. How many requests
lie open at a time changes all day and asks nothing of anybody: it is not written about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.balance.limits import Limit, limits_of_many
from loans.balance.words import limit_words
from loans.choices.balance import LimitLevel
from loans.models import LimitNotice
from members.choices import LibraryStatus
from members.letters import Letter, letter_queue
from members.models import Library, LibraryPolicy
from members.selectors.agreements import managers_of
from network_portal.core import audit
from network_portal.core.actor import Actor

TOLD = ("deficit", "week", "month")
OVER = "over"
Key = tuple[int, str, str]  # library, service, code


def limits_tell(now: datetime | None = None) -> int:
    """Write to the managers of each library where a limit was crossed since the last time. How many crossings."""
    now = now or timezone.now()
    kept = {(row.library_id, row.service, row.code): row for row in LimitNotice.objects.all()}
    ids = set(LibraryPolicy.objects.values_list("library_id", flat=True)) | {key[0] for key in kept}
    libraries = {row.pk: row for row in Library.objects.filter(pk__in=ids, status=LibraryStatus.ACTIVE)}
    limits: dict[Key, Limit] = {
        (pk, limit.kind, limit.code): limit
        for pk, found in limits_of_many(libraries.keys(), now).items()
        for limit in found
        if limit.code in TOLD
    }
    LimitNotice.objects.filter(pk__in=[row.pk for key, row in kept.items() if key not in limits]).delete()
    crossed = [
        (key, limit)
        for key, limit in limits.items()
        if _level(limit) != (kept[key].level if key in kept else "")
    ]
    return sum(_cross(libraries[key[0]], limit, now) for key, limit in crossed)


def _level(limit: Limit) -> str:
    return LimitLevel.REACHED.value if limit.reached else LimitLevel.NEAR.value if limit.near else ""


@transaction.atomic
def _cross(library: Library, limit: Limit, now: datetime) -> bool:
    """Keep what holds now, and tell it. False where another worker has, and where nothing changed for anybody."""
    Library.objects.select_for_update().get(pk=library.pk)
    kept = LimitNotice.objects.filter(library=library, service=limit.kind, code=limit.code).first()
    was, level = kept.level if kept else "", _level(limit)
    if level:
        LimitNotice.objects.update_or_create(
            library=library, service=limit.kind, code=limit.code, defaults={"level": level, "told_at": now}
        )
    elif kept:
        kept.delete()
    news = OVER if was == LimitLevel.REACHED and not limit.reached else level
    if level == was or not news:
        return False
    data = {"service": limit.kind, "limit": limit.code, "count": limit.count, "most": limit.most}
    audit.record(f"loans.limit.{news}", actor=Actor.system(), target=library, data=data)
    for person in managers_of([library.pk]):
        letter_queue(
            _letter(library, limit, news),
            to=person,
            actor=Actor.system(),
            target=library,
            library_id=library.pk,
        )
    return True


def _letter(library: Library, limit: Limit, news: str) -> Callable[[], Letter]:
    def write() -> Letter:
        subjects = {
            LimitLevel.NEAR.value: _("%(library)s comes near a limit of what it lends"),
            LimitLevel.REACHED.value: _("%(library)s has reached a limit of what it lends"),
            OVER: _("%(library)s is asked again: below its limit"),
        }
        what_follows = {
            LimitLevel.NEAR.value: _("Once it is reached, no further requests of this kind come until it is lower."),
            LimitLevel.REACHED.value: _(
                "Other libraries are asked instead. You need not do anything; to be asked at once, raise the limit."
            ),
            OVER: _("Requests of this kind come to you again."),
        }  # fmt: skip
        return Letter(
            subject=subjects[news] % {"library": library.name},
            paragraphs=(limit_words(limit), what_follows[news]),
            path=reverse("members:policies", args=[library.short_code]), button=_("See the limits"),
        )  # fmt: skip

    return write
