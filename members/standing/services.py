"""Suspending, leaving, coming back: the coordinator decides. Loans under way always go on to their end."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices import LibraryStatus
from members.choices_standing import StandingKind
from members.models import Library, NetworkMember, StandingChange
from members.selectors.standing import standing_last
from members.services.memberships import waiting_dismiss
from members.standing import letters
from members.standing.open_business import open_items
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

# Whether readers see the library's copies has changed: payload library_id. The search index listens.
LIBRARY_SHOWN = "members.library.shown"


@transaction.atomic
def standing_suspend(*, library: Library, reason: str, actor: Actor, back_on: date | None = None) -> Library:
    """No new requests to or from it; its titles stay, marked. It takes part again by itself on `back_on`.

    Twice does no harm, another day for a suspended library is kept as the new one. RuleViolation `day_is_over` (the
    day must be after today); Conflict `not_active` otherwise.
    """
    if back_on is not None and back_on <= timezone.localdate():
        raise RuleViolation("day_is_over", _("Choose a day that is still to come."))
    row = _locked(library)
    if row.status == LibraryStatus.SUSPENDED and not is_leaving(row):
        last = standing_last(row)
        if last is not None and last.back_on == back_on:
            return row
    else:
        _be(row, LibraryStatus.ACTIVE)
    return _change(row, LibraryStatus.SUSPENDED, StandingKind.SUSPENDED, actor, reason, back_on=back_on)


@transaction.atomic
def leaving_announce(*, library: Library, reason: str, last_day: date, actor: Actor) -> Library:
    """It will leave: nothing new begins, what is out comes back until `last_day`. Everybody concerned is told.

    RuleViolation `day_is_over`; Conflict `not_active` for a library that has left or is joining.
    """
    if last_day < timezone.localdate():
        raise RuleViolation("day_is_over", _("Choose a day that is still to come."))
    row = _locked(library)
    if is_leaving(row):
        return row
    _be(row, LibraryStatus.ACTIVE, LibraryStatus.SUSPENDED)
    return _change(row, LibraryStatus.SUSPENDED, StandingKind.LEAVING, actor, reason, last_day=last_day)


@transaction.atomic
def leaving_call_off(*, library: Library, actor: Actor) -> Library:
    """It stays after all, as it was before it was announced: active, or still suspended with the same day.

    Only until it has left; afterwards it can take part again. Pressed again: nothing happens; Conflict `not_leaving`.
    """
    row = _locked(library)
    last = standing_last(row)
    if row.status != LibraryStatus.LEFT and last is not None and last.kind == StandingKind.STAYS:
        return row
    _need_leaving(row)
    before = _before_leaving(row)
    suspended = before is not None and before.kind == StandingKind.SUSPENDED
    status = LibraryStatus.SUSPENDED if suspended else LibraryStatus.ACTIVE
    back_on = before.back_on if before is not None and suspended else None
    return _change(row, status, StandingKind.STAYS, actor, "", back_on=back_on)


@transaction.atomic
def leaving_finish(*, library: Library, actor: Actor) -> Library:
    """It has left: its copies vanish from the catalogue at once, its history stays; who waits to read there is told.

    RuleViolation `still_open` while a request is under way; Conflict `not_leaving`.
    """
    row = _locked(library)
    if row.status == LibraryStatus.LEFT:
        return row
    _need_leaving(row)
    count = len(open_items(row.pk))
    if count:
        raise RuleViolation(
            "still_open", _("%(count)s requests are still under way. They must end first.") % {"count": count}
        )
    NetworkMember.objects.filter(library=row).update(is_active=False)
    waiting_dismiss(library=row, actor=actor)
    return _change(row, LibraryStatus.LEFT, StandingKind.LEFT, actor, "")


@transaction.atomic
def standing_return(*, library: Library, actor: Actor) -> Library:
    """It takes part again, in its old places. Twice does no harm; Conflict `not_away` for a library that is joining."""
    row = _locked(library)
    if row.status == LibraryStatus.ACTIVE:
        return row
    _be(row, LibraryStatus.SUSPENDED, LibraryStatus.LEFT)
    if row.status == LibraryStatus.LEFT:
        NetworkMember.objects.filter(library=row).update(is_active=True)
    return _change(row, LibraryStatus.ACTIVE, StandingKind.RETURNED, actor, "")


def is_leaving(library: Library) -> bool:
    """Announced, and neither gone nor back."""
    last = standing_last(library)
    return (
        library.status == LibraryStatus.SUSPENDED and last is not None and last.kind == StandingKind.LEAVING
    )


def _before_leaving(row: Library) -> StandingChange | None:
    """What was the case when the leaving was announced."""
    between = (StandingKind.LEAVING, StandingKind.STAYS)
    return StandingChange.objects.filter(library=row).exclude(kind__in=between).order_by("-pk").first()


def _change(
    row: Library,
    status: LibraryStatus,
    kind: StandingKind,
    actor: Actor,
    reason: str,
    *,
    last_day: date | None = None,
    back_on: date | None = None,
) -> Library:
    left = {row.status, status} & {LibraryStatus.LEFT}
    row.status = status
    row.save(update_fields=["status"])
    change = StandingChange.objects.create(
        library=row, kind=kind, reason=reason.strip()[:500], last_day=last_day, back_on=back_on,
        by_name=actor.user_name[:200],
    )  # fmt: skip
    audit.record(f"members.standing.{kind.value}", actor=actor, target=row, data={"reason": change.reason})
    letters.standing_told(change, actor)
    if left:
        events.publish(LIBRARY_SHOWN, library_id=row.pk)
    return row


def _locked(library: Library) -> Library:
    return Library.objects.select_for_update().get(pk=library.pk)


def _need_leaving(row: Library) -> None:
    if not is_leaving(row):
        raise Conflict("not_leaving", _("This library is not leaving. Nothing was changed."))


def _be(row: Library, *allowed: LibraryStatus) -> None:
    if row.status not in allowed:
        raise Conflict(
            "not_in_state", _("The library's state was changed meanwhile. Look again; nothing was changed.")
        )
