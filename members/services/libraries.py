"""Admitting, changing, suspending member libraries."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.choices import LibraryStatus
from members.choices_standing import StandingKind
from members.models import Library, StandingChange
from members.services.calendars import CALENDAR_CHANGED
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict

# The short code stands in request numbers and addresses for ever; status has its own services.
FIXED_FIELDS = frozenset({"short_code", "status", "id", "is_demo", "created_at"})


@transaction.atomic
def library_create(*, actor: Actor, **fields: Any) -> Library:
    """Admit a library. Raises django's ValidationError for values that the model refuses."""
    library = Library(**fields)
    library.full_clean()
    library.save()
    audit.record("members.library.created", actor=actor, target=library, data={"code": library.short_code})
    return library


@transaction.atomic
def library_update(*, library: Library, actor: Actor, **fields: Any) -> Library:
    """Change what the library says about itself; code and status stay. Raises ValidationError as above."""
    changed = [
        name for name, value in fields.items() if name not in FIXED_FIELDS and getattr(library, name) != value
    ]
    if not changed:
        return library
    for name in changed:
        setattr(library, name, fields[name])
    library.full_clean()
    library.save(update_fields=changed)
    audit.record("members.library.updated", actor=actor, target=library, data={"fields": sorted(changed)})
    if "time_zone" in changed:
        events.publish(CALENDAR_CHANGED, library_id=library.pk)
    return library


@transaction.atomic
def library_suspend(*, library: Library, actor: Actor) -> Library:
    """No new requests to or from the library; running loans go on. Raises Conflict `not_active`."""
    return _status_change(
        library, LibraryStatus.ACTIVE, LibraryStatus.SUSPENDED, "members.library.suspended", actor
    )


@transaction.atomic
def library_reactivate(*, library: Library, actor: Actor) -> Library:
    """The library takes part again. Raises Conflict `not_suspended`."""
    return _status_change(
        library, LibraryStatus.SUSPENDED, LibraryStatus.ACTIVE, "members.library.reactivated", actor
    )


def _status_change(
    library: Library, old: LibraryStatus, new: LibraryStatus, code: str, actor: Actor
) -> Library:
    row = Library.objects.select_for_update().get(pk=library.pk)
    if row.status != old:
        raise Conflict(
            f"not_{old.value}",
            _("The library's state was changed meanwhile. Look again; nothing was changed."),
        )
    row.status = new
    row.save(update_fields=["status"])
    kind = StandingKind.SUSPENDED if new == LibraryStatus.SUSPENDED else StandingKind.RETURNED
    StandingChange.objects.create(library=row, kind=kind, by_name=actor.user_name[:200])
    audit.record(code, actor=actor, target=row)
    return row
